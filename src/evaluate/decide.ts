import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { isSample, type Judge, type Policy, type SampleAnswer, type Subject } from '../release/evaluation.js';
import type { Allocation } from '../release/strategy.js';
import type { LoadedValues } from '../values/load.js';
import type { Decision, Evidence } from './decision.js';
import { hash, identityOf } from './identity.js';
import { lastWindowEnd, ledgerOf, subjectsOf, type Windows, windowsSince } from './ledger.js';
import { ownedEdits } from './owned-edits.js';
import type { Situation, Underway } from './situation.js';
import type { Settled, Status } from './status.js';

/** A release that something may be decided on. */
export interface Pending {
  readonly id: string;
  readonly loaded: LoadedValues;
  readonly status: Status;
  readonly situation: Exclude<Situation, { kind: 'idle' }>;
}

/** When it is, in Unix seconds, and how long a window takes to become complete. */
export interface Clock {
  readonly now: number;
  /** Seconds. */
  readonly delay: number;
}

/** Returns the windows that the next decision on a release rests on; undefined when it needs none, or none has ended. */
export function windowsFor({ situation }: Pending, { now, delay }: Clock): Windows | undefined {
  const { interval } = situation.analysis;
  if (situation.kind === 'progressing') return windowsSince(situation.since, { interval, now, delay });
  if (situation.kind !== 'entering') return undefined;
  const newest = lastWindowEnd(interval, now - delay);
  return { interval, firstEnd: newest, lastEnd: newest };
}

/** Returns whose traffic the next decision on a release rests on, by version name. */
export function subjectsFor({ loaded, situation }: Pending): Record<string, Subject> {
  const { model, strategy } = loaded.release;
  const versions = situation.kind === 'progressing' ? [model.primary, situation.candidate.name] : [model.primary];
  return subjectsOf(model, strategy, versions);
}

/** Decides on one release; pure. `answer` covers `windowsFor` it, and is undefined where that is. */
export function decide(pending: Pending, answer: SampleAnswer | undefined, clock: Clock): Decision {
  const { situation } = pending;
  switch (situation.kind) {
    case 'entering':
      return enter(pending, answer, clock);
    case 'adopting': {
      const reason = `a person gave ${situation.candidate.name} ${situation.share} %: its analysis goes on from there`;
      return exposed(pending, situation.share, { kind: 'advance', reason, clock });
    }
    case 'changed': {
      const reason = `${situation.candidate.name} was changed while it was routed: its analysis starts again`;
      return withdraw(pending, { reason, settle: false, clock });
    }
    case 'progressing':
      return judged(pending, situation, answer, clock);
  }
}

function hold({ id, situation }: Pending, reason: string, evidence?: Evidence): Decision {
  const share = 'share' in situation ? situation.share : 0;
  const candidate = situation.candidate.name;
  return { release: id, kind: 'hold', candidate, from: share, to: share, reason, change: undefined, evidence };
}

/** Lets a candidate in at the smallest share, once the primary can be measured: nothing is exposed in the dark. */
function enter(pending: Pending, answer: SampleAnswer | undefined, clock: Clock): Decision {
  const { loaded, situation } = pending;
  const { model, strategy } = loaded.release;
  const windows = windowsFor(pending, clock);
  const baseline = subjectsFor(pending)[model.primary];
  const sample = answer && windows && baseline && answer.sample(baseline, windows.lastEnd);
  if (!isSample(sample)) {
    return hold(
      pending,
      `${model.primary} has ${sample?.missing ?? 'no data'}, so ${situation.candidate.name} is not let in`,
    );
  }
  const share = strategy.grant(policyOf(situation).entryShare(situation.rollout));
  const reason = `${situation.candidate.name} enters at ${share} %; ${model.primary} answers ${sample.requests.toLocaleString('en')} requests a window`;
  return exposed(pending, share, { kind: 'advance', reason, clock });
}

function judged(
  pending: Pending,
  situation: Extract<Situation, { kind: 'progressing' }>,
  answer: SampleAnswer | undefined,
  clock: Clock,
): Decision {
  const { interval, maxDuration, objectives, minRequests, judge } = situation.analysis;
  const windows = windowsFor(pending, clock);
  if (answer === undefined || windows === undefined) {
    const first = new Date((situation.since + interval + clock.delay) * 1000).toISOString();
    return hold(pending, `the first window is complete at ${first}`);
  }
  const baseline = pending.loaded.release.model.primary;
  const candidate = situation.candidate.name;
  const ledger = ledgerOf(subjectsFor(pending), windows, answer);
  const verdict = judgeNamed(judge).judge({ ledger, baseline, candidate, objectives, minRequests });
  const evidence = { ledger, verdict, queries: hash(answer.queries.join('\n')) };
  const overdue = clock.now - situation.startedAt > maxDuration;
  const move = policyOf(situation).decide({ verdict, share: situation.share, rollout: situation.rollout, overdue });
  const { reason } = move;
  if (move.kind === 'hold') return hold(pending, reason, evidence);
  if (move.kind === 'promote') return promote(pending, { reason, evidence, clock });
  if (move.kind === 'roll back') return withdraw(pending, { reason, evidence, settle: true, clock });
  return exposed(pending, move.share, { kind: 'advance', reason, evidence, clock });
}

interface Because {
  readonly reason: string;
  readonly evidence?: Evidence;
  readonly clock: Clock;
}

/** The candidate gets `share`, and the windows start anew. */
function exposed(pending: Pending, share: number, because: Because & { readonly kind: 'advance' }): Decision {
  const { loaded, situation, status } = pending;
  const { model, strategy } = loaded.release;
  const { interval } = situation.analysis;
  const { now } = because.clock;
  const allocation = strategy.expose(model, situation.candidate.name, share) ?? {
    primary: model.primary,
    versions: {},
  };
  const adopted = situation.kind === 'adopting';
  return changed(pending, adopted ? { primary: model.primary, versions: {} } : allocation, {
    ...because,
    to: share,
    status: {
      phase: 'Progressing',
      share,
      startedAt: situation.kind === 'progressing' ? (status.startedAt ?? iso(now)) : iso(now),
      since: iso(Math.ceil(now / interval) * interval),
      settled: status.settled,
    },
  });
}

function promote(pending: Pending, because: Because): Decision {
  const { loaded, situation, status } = pending;
  const { model, strategy } = loaded.release;
  const at = iso(because.clock.now);
  const settled: Settled[] = model.versions.map((version) => ({
    name: version.name,
    identity: identityOf(version),
    outcome: version.name === situation.candidate.name ? 'promoted' : 'replaced',
    at,
  }));
  const others = status.settled.filter(({ name }) => model.versions.every((version) => version.name !== name));
  return changed(pending, strategy.promote(model, situation.candidate.name), {
    ...because,
    kind: 'promote',
    to: 100,
    status: { phase: 'Completed', settled: [...others, ...settled] },
  });
}

function withdraw(pending: Pending, because: Because & { readonly settle: boolean }): Decision {
  const { loaded, situation, status } = pending;
  const { candidate } = situation;
  const { model, strategy } = loaded.release;
  const rolledBack: Settled = {
    name: candidate.name,
    identity: identityOf(candidate),
    outcome: 'rolled back',
    at: iso(because.clock.now),
  };
  const others = status.settled.filter(({ name }) => name !== candidate.name);
  return changed(pending, strategy.expose(model, candidate.name, 0) ?? { primary: model.primary, versions: {} }, {
    ...because,
    kind: 'roll back',
    to: 0,
    status: because.settle
      ? { phase: 'RolledBack', settled: [...others, rolledBack] }
      : { phase: 'Initializing', settled: status.settled },
  });
}

interface Change extends Because {
  readonly kind: Exclude<Decision['kind'], 'hold'>;
  readonly to: number;
  readonly status: Pick<Status, 'phase' | 'share' | 'startedAt' | 'since' | 'settled'>;
}

function changed(pending: Pending, allocation: Allocation, change: Change): Decision {
  const { id, loaded, situation, status } = pending;
  const { candidate } = situation;
  const verdict = change.evidence?.verdict;
  return {
    release: id,
    kind: change.kind,
    candidate: candidate.name,
    from: 'share' in situation ? situation.share : 0,
    to: change.to,
    reason: change.reason,
    evidence: change.evidence,
    change: {
      edits: ownedEdits(loaded.values, loaded.release.model, allocation),
      status: {
        ...change.status,
        iteration: status.iteration + 1,
        candidate: candidate.name,
        identity: identityOf(candidate),
        message: change.reason,
        ...(verdict && { verdict: verdict.outcome, assessments: [...verdict.assessments] }),
      },
    },
  };
}

function judgeNamed(id: string): Judge {
  return judges[id as JudgeId];
}

function policyOf({ rollout }: Underway): Policy {
  return policies[rollout.policy as PolicyId];
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
