import type { Verdict } from '../release/judge.js';
import type { VersionModel } from '../release/model.js';
import type { Allocation } from '../release/strategy.js';
import type { LoadedValues } from '../values/load.js';
import type { Decision, Evidence } from './decision.js';
import { identityOf } from './identity.js';
import { movesOf } from './moves-of.js';
import { ownedEdits } from './owned-edits.js';
import type { Situation } from './situation.js';
import type { Settled, Status } from './status.js';

/** A release, and the version of it that something is decided on. */
export interface Target {
  readonly id: string;
  readonly loaded: LoadedValues;
  readonly status: Status;
  readonly situation: {
    readonly candidate: VersionModel;
    readonly share?: number;
    /** Further ones that are taken out with it, by name. @default none */
    readonly others?: readonly string[];
  };
}

/** A release that something may be decided on. */
export interface Pending extends Target {
  readonly situation: Exclude<Situation, { kind: 'idle' }>;
  /** Why nothing may advance or be promoted; undefined where it may. */
  readonly held?: string | undefined;
}

/** When it is, in Unix seconds, and how long a window takes to become complete. */
export interface Clock {
  readonly now: number;
  /** Seconds. */
  readonly delay: number;
}

/** Why something is decided. */
export interface Because {
  /** One sentence. */
  readonly reason: string;
  readonly evidence?: Evidence;
  readonly clock: Clock;
}

/** The candidate gets `share`, and the windows start anew. */
export function expose(pending: Pending, share: number, because: Because & { readonly traffic?: number }): Decision {
  const { loaded, situation } = pending;
  const { model, strategy } = loaded.release;
  const name = situation.candidate.name;
  const allocation = strategy.expose(model, name, share);
  const losers = model.versions.filter((version) => {
    const after = allocation.versions[version.name]?.weight;
    return version.name !== model.primary && version.name !== name && version.weight > 0 && after === 0;
  });
  const also =
    losers.length === 0 ? '' : `; ${losers.map((version) => version.name).join(', ')} had traffic and loses it`;
  return advance(pending, allocation, { ...because, reason: because.reason + also, to: share });
}

/** The candidate keeps the share that a person gave it, and the windows start anew. */
export function adopt(pending: Pending, share: number, because: Because): Decision {
  return advance(pending, unchanged(pending), { ...because, to: share });
}

/** The candidate becomes the primary; it and the primary before it are settled, while others go on waiting. */
export function promote(pending: Target, because: Because): Decision {
  const { loaded, situation, status } = pending;
  const { model, strategy } = loaded.release;
  const name = situation.candidate.name;
  const former = model.versions.find(
    (version) => version.name === (model.primary === name ? status.primary : model.primary),
  );
  const settled = [
    ...status.settled.filter((entry) => entry.name !== name && entry.name !== former?.name),
    ...(former === undefined ? [] : [settle(pending, former.name, { outcome: 'replaced', because })]),
    settle(pending, name, { outcome: 'promoted', because }),
  ];
  return decision(pending, strategy.promote(model, name), {
    ...because,
    kind: 'promote',
    to: 100,
    status: { phase: 'Completed', settled },
  });
}

/** The candidate loses its traffic and is settled. */
export function rollBack(pending: Target, because: Because): Decision {
  const settled = settledAlso(pending, 'rolled back', because);
  return takeOut(pending, because, { phase: 'RolledBack', settled });
}

/** The candidate loses its traffic, and nothing was found about it; it is not let in again as it is. */
export function terminate(pending: Target, because: Because): Decision {
  const settled = settledAlso(pending, 'terminated', because);
  return takeOut(pending, because, { phase: 'Terminated', settled });
}

/** The analysis is over, and the candidate keeps its share unwatched. */
export function keep(pending: Target, because: Because): Decision {
  const { share = 0 } = pending.situation;
  const settled = settledAlso(pending, 'terminated', because);
  const status = { phase: 'Terminated', share, settled } as const;
  return decision(pending, unchanged(pending), { ...because, kind: 'hold', to: share, status });
}

/** Whoever is the primary loses its traffic to the one before it; both are settled. */
export function goBack(pending: Target, former: string, because: Because): Decision {
  const { name } = pending.situation.candidate;
  const { model, strategy } = pending.loaded.release;
  const settled = [
    ...pending.status.settled.filter((entry) => entry.name !== name && entry.name !== former),
    settle(pending, former, { outcome: 'promoted', because }),
    settle(pending, name, { outcome: 'rolled back', because }),
  ];
  const status = { phase: 'RolledBack', settled } as const;
  return decision(pending, strategy.promote(model, former), { ...because, kind: 'roll back', to: 0, status });
}

/** The candidate loses its traffic, and its analysis starts again. */
export function unroute(pending: Pending, because: Because): Decision {
  return takeOut(pending, because, { phase: 'Initializing', settled: pending.status.settled });
}

/** Nothing changes but what is remembered: a person took the candidate out. */
export function pause(pending: Pending, because: Because): Decision {
  const status = { phase: 'Paused', settled: pending.status.settled } as const;
  return decision(pending, unchanged(pending), { ...because, kind: 'hold', to: 0, status });
}

/** The candidate keeps its share; what is remembered is that the analysis ended with that. */
export function end(pending: Pending, phase: 'Inconclusive' | 'Completed', because: Because): Decision {
  const { situation, status } = pending;
  const { share, startedAt, since, traffic, settled } = status;
  const to = 'share' in situation ? situation.share : 0;
  const remembered = { phase, share, startedAt, since, traffic, settled };
  return decision(pending, unchanged(pending), { ...because, kind: 'hold', to, status: remembered });
}

function unchanged({ loaded }: Target): Allocation {
  return { primary: loaded.release.model.primary, versions: {} };
}

interface Advance extends Because {
  readonly to: number;
  readonly traffic?: number;
}

function advance(pending: Pending, allocation: Allocation, because: Advance): Decision {
  const { situation, status } = pending;
  const { interval } = situation.analysis;
  const { now } = because.clock;
  return decision(pending, allocation, {
    ...because,
    kind: 'advance',
    status: {
      phase: 'Progressing',
      share: because.to,
      startedAt: situation.kind === 'progressing' ? (status.startedAt ?? iso(now)) : iso(now),
      since: iso(Math.ceil(now / interval) * interval),
      traffic: because.traffic ?? (situation.kind === 'progressing' ? status.traffic : undefined),
      settled: status.settled.filter(({ name }) => name !== situation.candidate.name),
    },
  });
}

function takeOut(pending: Target, because: Because, status: Change['status']): Decision {
  const { loaded, situation } = pending;
  const { model, strategy } = loaded.release;
  const exposed = [situation.candidate.name, ...(situation.others ?? [])].filter(
    (name) => strategy.exposureOf(model, name) > 0,
  );
  const allocations = exposed.map((name) => strategy.expose(model, name, 0).versions);
  const versions = Object.assign({}, ...allocations) as Allocation['versions'];
  return decision(pending, { primary: model.primary, versions }, { ...because, kind: 'roll back', to: 0, status });
}

function settledAlso(pending: Target, outcome: Settled['outcome'], because: Because): Settled[] {
  const { candidate, others = [] } = pending.situation;
  const names = [candidate.name, ...others];
  const before = pending.status.settled.filter(({ name }) => !names.includes(name));
  return [...before, ...names.map((name) => settle(pending, name, { outcome, because }))];
}

function settle(
  { loaded }: Target,
  name: string,
  { outcome, because }: { readonly outcome: Settled['outcome']; readonly because: Because },
): Settled {
  return { name, identity: identityOf(loaded, name), outcome, at: iso(because.clock.now) };
}

interface Change extends Because {
  readonly kind: Decision['kind'];
  readonly to: number;
  readonly status: Pick<Status, 'phase' | 'share' | 'startedAt' | 'since' | 'traffic' | 'settled'>;
}

function decision(pending: Target, allocation: Allocation, change: Change): Decision {
  const { id, loaded, situation, status } = pending;
  const { model, strategy } = loaded.release;
  const candidate = situation.candidate.name;
  const verdict = change.evidence?.verdict;
  return {
    release: id,
    kind: change.kind,
    candidate,
    moves: movesOf(strategy),
    from: situation.share ?? 0,
    to: change.to,
    reason: change.reason,
    evidence: change.evidence,
    change: {
      edits: ownedEdits(loaded.values, model, allocation),
      status: {
        ...change.status,
        // What is no longer in the values may come back as something new.
        settled: change.status.settled.filter(({ name }) => model.versions.some((version) => version.name === name)),
        iteration: status.iteration + 1,
        primary: allocation.primary,
        candidate,
        identity: identityOf(loaded, candidate),
        message: change.reason,
        ...(verdict && { verdict: verdict.outcome, assessments: assessmentsOf(verdict, candidate) }),
      },
    },
  };
}

/** What is remembered of every metric; the evidence has the rest. */
function assessmentsOf({ standings }: Verdict, candidate: string): Status['assessments'] {
  const standing = standings.find(({ version }) => version === candidate);
  return standing?.assessments.map(({ metric, classification, value, baseline, limit }) => {
    return { metric, classification, value, baseline, limit };
  });
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
