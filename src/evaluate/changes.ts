import type { Verdict } from '../release/judge.js';
import type { VersionModel } from '../release/model.js';
import { promotedBeside } from '../release/promoted-beside.js';
import type { Allocation } from '../release/strategy.js';
import type { LoadedValues } from '../values/load.js';
import type { Decision } from './decision.js';
import { identityOf } from './identity.js';
import { movesOf } from './moves-of.js';
import { ownedEdits } from './owned-edits.js';
import { withBaseline } from './phases/baseline.js';
import { goneBack, kept, promoted } from './phases/endings.js';
import { isLive, type RouteChange, type State, type Step, type Version } from './phases/state.js';
import type { Ground } from './phases/step-parts.js';
import { noted, takeOut } from './phases/steps.js';
import { reportOf, type Told } from './report-of.js';
import { beginTold, isSameAnalysis } from './same-analysis.js';
import { castOf } from './scene-of.js';
import { rememberedOf, stateOf } from './state-of.js';
import type { Status } from './status.js';

/** A release as it lies there, with what is remembered of it. */
export interface Remembering {
  readonly id: string;
  readonly loaded: LoadedValues;
  readonly status: Status;
}

/** A release, and the version of it that a person decides on. */
export interface Target extends Remembering {
  readonly situation: {
    readonly candidate: VersionModel;
    readonly share?: number;
    /** Further ones that are taken out with it, by name. @default none */
    readonly others?: readonly string[];
  };
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
  readonly clock: Clock;
}

/** The candidate becomes the primary; it and the primary before it are settled, while others go on waiting. */
export function promote(target: Target, { reason, clock }: Because): Decision {
  const [winner] = meantBy(target);
  return decidedOn(target, clock, (ground) => promoted(ground, winner, reason));
}

/** The candidate loses its traffic and is settled. */
export function rollBack(target: Target, { reason, clock }: Because): Decision {
  return decidedOn(target, clock, (ground) => takeOut(ground, meantBy(target), { reason, outcome: 'rolled back' }));
}

/** The analysis that the evaluator paused goes on, with new windows. */
export function goOn(target: Target, { reason, clock }: Because): Decision {
  const { interval = 1 } = target.loaded.release.analysis ?? {};
  const since = Math.ceil(clock.now / interval) * interval;
  return decidedOn(target, clock, (ground) => {
    const exposed = ground.cast.others.filter(({ share }) => share > 0);
    return noted(ground, exposed, { phase: 'Progressing', since, reason });
  });
}

/** The candidate loses its traffic, and nothing was found about it; it is not let in again as it is. */
export function terminate(target: Target, { reason, clock }: Because): Decision {
  return decidedOn(target, clock, (ground) => takeOut(ground, meantBy(target), { reason, outcome: 'terminated' }));
}

/** The analysis is over, and the candidate keeps its share unwatched. */
export function keep(target: Target, { reason, clock }: Because): Decision {
  const names = meantBy(target).map(({ name }) => name);
  return decidedOn(target, clock, (ground) => {
    const these = ground.cast.others.filter(({ name }) => names.includes(name));
    return kept(ground, these, reason);
  });
}

/** Whoever is the primary loses its traffic to the one before it; both are settled. */
export function goBack(target: Target, former: string, { reason, clock }: Because): Decision {
  const version = { name: former, identity: identityOf(target.loaded, former) };
  return decidedOn(target, clock, (ground) => goneBack(ground, version, reason));
}

/** What a person decides is a step as any other: a fresh baseline follows it. */
function decidedOn(target: Target, { now }: Clock, stepOn: (ground: Ground) => Step): Decision {
  const ground: Ground = { cast: castOf(target.loaded), state: stateOf(target.status), now };
  return decisionOf(target, withBaseline(ground, stepOn(ground)), { now });
}

function meantBy({ loaded, situation }: Target): [Version, ...Version[]] {
  const { candidate, others = [] } = situation;
  const version = (name: string) => ({ name, identity: identityOf(loaded, name) });
  return [version(candidate.name), ...others.map(version)];
}

/** Returns a step as what it writes. */
export function decisionOf(
  { id, loaded, status }: Remembering,
  step: Step,
  told: Omit<Told, 'objectives' | 'indicators' | 'rewarded'>,
): Decision {
  const evidence = told.found && { ...told.found, verdict: verdictFor(step, told.found.verdict) };
  const { objectives = [], rewards = [], indicators } = loaded.release.analysis ?? {};
  const { model, strategy } = loaded.release;
  const { kind, moved, reason, route, state } = step;
  const [first, ...others] = moved;
  const now = { state: state ?? stateOf(status), route };
  const report = reportOf(status, castOf(loaded), now, {
    ...told,
    objectives,
    indicators,
    rewarded: rewards.length > 0,
  });
  return {
    release: id,
    kind,
    candidate: first?.name,
    moves: first && movesOf(strategy),
    from: first?.from,
    to: first?.to,
    ...(others.some(({ from, to }) => from !== to) && { others: others.filter(({ from, to }) => from !== to) }),
    reason,
    evidence,
    report,
    change: state && {
      edits: ownedEdits(loaded.values, model, allocationOf(loaded, route)),
      ...(route?.kind === 'add' && { adds: { version: route.version, beside: route.beside } }),
      ...(route?.kind === 'remove' && { removes: route.version }),
      status: { ...statusOf(status, state, evidence?.verdict), history: historyAfter(status, state), ...report },
    },
  };
}

/** What was seen before an analysis counts until its end, and as long as its promotion is watched. */
function historyAfter({ history }: Status, state: State): Status['history'] {
  return isLive(state) || state.phase === 'Promoting' ? history : undefined;
}

/** Of several candidates, one that failed goes by what was found of itself, whatever was found of the others. */
function verdictFor({ kind, moved: [first] }: Step, verdict: Verdict): Verdict {
  if (kind !== 'roll back' || verdict.outcome === 'fail') return verdict;
  const failed = verdict.standings.find(({ version, outcome }) => version === first?.name && outcome === 'fail');
  return failed === undefined ? verdict : { ...verdict, outcome: 'fail', sentence: failed.sentence };
}

/** Returns the scalars that a route change comes to. */
export function allocationOf(
  { release: { model, strategy } }: LoadedValues,
  route: RouteChange | undefined,
): Allocation {
  if (route === undefined || route.kind === 'add' || route.kind === 'remove')
    return { primary: model.primary, versions: {} };
  if (route.kind === 'shares') return strategy.expose(model, route.shares);
  return promotedBeside({ model, strategy }, route.version, route.beside);
}

function statusOf(before: Status, state: State, verdict: Verdict | undefined): Status {
  const { startedAt = beginTold(before, state), ...rest } = rememberedOf(state);
  const remembered = { ...rest, startedAt };
  if (verdict === undefined) return isSameAnalysis(before, state) ? withFindings(remembered, before) : remembered;
  return {
    ...remembered,
    verdict: verdict.outcome,
    assessments: assessmentsOf(verdict, remembered.candidate),
    ...(remembered.others && {
      others: remembered.others.map((other) => ({ ...other, assessments: assessmentsOf(verdict, other.name) })),
    }),
  };
}

/** Where nothing is measured, what was found last is what is known. */
function withFindings(remembered: Status, { verdict, candidate, assessments, others = [] }: Status): Status {
  const before = [{ name: candidate, assessments }, ...others];
  const of = (name: string | undefined) => before.find((each) => each.name === name)?.assessments;
  return {
    ...remembered,
    verdict,
    assessments: of(remembered.candidate),
    ...(remembered.others && {
      others: remembered.others.map((other) => ({ ...other, assessments: of(other.name) })),
    }),
  };
}

/** What is remembered of every metric; the evidence has the rest. */
function assessmentsOf({ standings }: Verdict, candidate: string | undefined): Status['assessments'] {
  const standing = standings.find(({ version }) => version === candidate);
  return standing?.assessments.map(({ metric, classification, value, baseline, limit }) => {
    return { metric, classification, value, baseline, limit };
  });
}
