import { measure } from '../judges/measure.js';
import { isSample, type Ledger, type Objective } from '../release/evaluation.js';
import type { Assessment } from '../release/judge.js';
import type { Evidence } from './decision.js';
import { ownLimits } from './own-limits.js';
import type { Evidence as Seen } from './phases/scene.js';
import { type Cast, isLive, type Settled, type State, type Step } from './phases/state.js';
import { isSameAnalysis } from './same-analysis.js';
import type { Condition, Report, Status, VersionReport } from './status.js';

/** What a decision was made on, as far as it is told in a status. */
export interface Told {
  /** Unix seconds. */
  readonly now: number;
  /** Undefined where a person decided, or nothing had to be measured. */
  readonly seen?: Seen | undefined;
  readonly found?: Evidence | undefined;
  /** Why the metrics cannot be read. */
  readonly down?: string | undefined;
  readonly objectives: readonly Objective[];
  /** Metrics that are shown. @default none */
  readonly indicators?: readonly string[] | undefined;
  /** Whether a reward is measured. */
  readonly rewarded: boolean;
}

/** Returns what a look tells people, whether or not anything is decided by it. */
export function reportOf(
  before: Status,
  cast: Cast,
  { state, route }: Pick<Step, 'route'> & { state: State },
  told: Told,
): Report {
  const { now, found, objectives, indicators = [], rewarded } = told;
  const at = new Date(now * 1000).toISOString();
  const candidates = found?.verdict.standings.length ?? state.trials.length;
  const same = isSameAnalysis(before, state);
  const stays = before.phase === state.phase;
  return {
    type: typeOf(candidates, rewarded),
    ...(found
      ? {
          winner: winnerIn(found, state, { cast, objectives }),
          versions: versionsOf(cast, found, { route, objectives, indicators }),
        }
      : same && foundBefore(before, { cast, state, route })),
    conditions: conditionsOf(before.conditions ?? [], factsOf(state, told), at),
    updatedAt: at,
    ...(isOver(state) && { endedAt: (same && stays ? before.endedAt : undefined) ?? at }),
    ...(state.phase === 'Paused' && { pausedAt: (stays ? before.pausedAt : undefined) ?? at }),
  };
}

/**
 * What was found last, where nothing is measured now; the weights are those of now. Of a version that was changed since,
 * nothing is known, and neither it nor one that was rolled back has won.
 */
function foundBefore(
  before: Status,
  { cast, state, route }: Pick<Step, 'route'> & { cast: Cast; state: State },
): Pick<Report, 'winner' | 'versions'> {
  const { winner, versions } = before;
  const weights = weightsAfter(cast, route);
  const changed = changedSince(before, cast);
  const isOut = ({ name, outcome }: Settled) => name === winner?.currentBest && outcome === 'rolled back';
  const hasWon = winner && !changed.includes(winner.currentBest) && !state.settled.some(isOut);
  const left = versions?.filter(({ name }) => !changed.includes(name));
  return {
    ...(winner && { winner: hasWon ? winner : { currentBest: state.primary ?? cast.primary.name, found: false } }),
    ...(left && { versions: left.map((each) => ({ ...each, weight: weights[each.name] ?? 0 })) }),
  };
}

/** Returns the versions that are not what they were when a status was written, by name. */
function changedSince(
  { primary, primaryIdentity, candidate, identity, others = [], settled }: Status,
  cast: Cast,
): string[] {
  const known = [
    { name: primary, identity: primaryIdentity },
    { name: candidate, identity },
    ...others,
    ...settled,
  ].filter((each) => each.identity !== undefined);
  return [cast.primary, ...cast.others].flatMap((now) => {
    const then = known.filter(({ name }) => name === now.name);
    return then.length > 0 && then.every((each) => each.identity !== now.identity) ? [now.name] : [];
  });
}

function isOver(state: State): boolean {
  return !isLive(state) && state.phase !== 'Promoting' && state.phase !== 'Initializing';
}

function typeOf(candidates: number, rewarded: boolean): Status['type'] {
  if (candidates > 1) return 'A/B/N';
  return rewarded ? 'A/B' : 'Canary';
}

interface Limited {
  readonly cast: Cast;
  readonly objectives: Told['objectives'];
}

/**
 * The best version so far: the winner, else whoever is most probably it, else the primary; a fresh baseline stands for it.
 * Where every candidate fails, the primary has won if it keeps what limits by itself; else nobody has.
 */
function winnerIn(
  { ledger, verdict: { winner, ranks, outcome } }: Evidence,
  { primary = '' }: State,
  { cast: { baseline }, objectives }: Limited,
): Status['winner'] {
  const [likeliest] = Object.entries(ranks ?? {}).toSorted(([, [a = 0]], [, [b = 0]]) => b - a);
  const best = winner ?? likeliest?.[0] ?? primary;
  const currentBest = best === baseline?.name ? primary : best;
  if (winner !== undefined) return { currentBest, found: outcome === 'pass' || currentBest === primary };
  if (outcome !== 'fail') return { currentBest, found: false };
  const keeps = ownLimits(objectives, ledger, primary).every(({ classification }) => classification === 'pass');
  return { currentBest: primary, found: keeps };
}

function versionsOf(
  cast: Cast,
  { ledger, verdict }: Evidence,
  { route, objectives, indicators }: Pick<Step, 'route'> & Required<Pick<Told, 'objectives' | 'indicators'>>,
): VersionReport[] {
  const weights = weightsAfter(cast, route);
  const names = new Set(ledger.rows.flatMap(({ versions }) => Object.keys(versions)));
  return [cast.primary, ...(cast.baseline === undefined ? [] : [cast.baseline]), ...cast.others]
    .filter(({ name }) => names.has(name))
    .map(({ name }): VersionReport => {
      const standing = verdict.standings.find(({ version }) => version === name);
      const winProbability = verdict.ranks?.[name]?.[0];
      const assessments = standing?.assessments ?? ownLimits(objectives, ledger, name);
      return {
        name,
        weight: weights[name] ?? 0,
        requests: requestsOf(ledger, name),
        ...(standing && { outcome: standing.outcome, message: standing.sentence }),
        ...(winProbability !== undefined && { winProbability }),
        ...(indicators.length > 0 && { indicators: indicatorsOf(indicators, ledger, name) }),
        assessments: assessments.map(assessmentTold),
      };
    });
}

function assessmentTold({ metric, classification, value, baseline, limit, harm, nonInferiority }: Assessment) {
  const sure = { harm: finite(harm), nonInferiority: finite(nonInferiority) };
  return { metric, classification, value, baseline, limit, ...sure };
}

/** What nobody measured has no value. */
function indicatorsOf(metrics: readonly string[], { rows }: Ledger, name: string): VersionReport['indicators'] {
  const samples = rows.map(({ versions }) => versions[name]).filter(isSample);
  return metrics.map((metric) => ({ metric, value: finite(measure(metric, samples)?.value) }));
}

/** Copies, and requests that match, take nothing from the primary that is a percent. */
function weightsAfter({ primary, others, baseline, moves }: Cast, route: Step['route']): { [name: string]: number } {
  if (route?.kind === 'promote') {
    const beside = Object.values(route.beside ?? {}).reduce((sum, share) => sum + share, 0);
    return { ...route.beside, [route.version]: moves === 'shares' ? 100 - beside : 100 };
  }
  const given = route?.kind === 'shares' ? route.shares : {};
  const shares = [...others, ...(baseline === undefined ? [] : [baseline])].map(
    ({ name, share }) => [name, given[name] ?? share] as const,
  );
  const sum = shares.reduce((total, [, share]) => total + share, 0);
  return { ...Object.fromEntries(shares), [primary.name]: moves === 'shares' ? Math.max(0, 100 - sum) : 100 };
}

function requestsOf({ rows }: Ledger, name: string): number {
  return rows.reduce((sum, { versions }) => {
    const entry = versions[name];
    return sum + (isSample(entry) ? entry.requests : 0);
  }, 0);
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

type Fact = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function factsOf(state: State, { seen, found, down }: Told): Fact[] {
  const last = found?.ledger.rows.at(-1)?.versions ?? {};
  const silent = Object.entries(last).flatMap(([name, entry]) =>
    isSample(entry) ? [] : [`${name} has ${entry.missing}`],
  );
  const isMeasured = found !== undefined;
  const unsynced = seen?.unsynced?.found;
  return [
    down === undefined
      ? fact('MetricsSynced', seen === undefined ? undefined : true, ['Read', 'NotAsked', ''], '')
      : fact('MetricsSynced', false, ['', '', 'CannotBeRead'], down),
    fact(
      'TargetsProvided',
      isMeasured ? silent.length === 0 : undefined,
      ['SamplesOfAll', 'NotMeasured', 'NoSamples'],
      silent.join('; '),
    ),
    fact(
      'RoutingRulesReady',
      isMeasured ? unsynced === undefined : undefined,
      ['SplitIsLive', 'NotMeasured', 'OtherSplit'],
      unsynced ?? '',
    ),
    fact('Completed', isOver(state), [state.phase, '', state.phase], state.message),
  ];
}

function fact(
  type: Condition['type'],
  is: boolean | undefined,
  [yes, unknown, no]: readonly [yes: string, unknown: string, no: string],
  message: string,
): Fact {
  if (is === undefined) return { type, status: 'Unknown', reason: unknown, message: '' };
  return is ? { type, status: 'True', reason: yes, message } : { type, status: 'False', reason: no, message };
}

/** A condition has changed when its status has; what is unknown now stays what it was. */
function conditionsOf(before: readonly Condition[], facts: readonly Fact[], at: string): Condition[] {
  return facts.map((each): Condition => {
    const was = before.find(({ type }) => type === each.type);
    if (each.status === 'Unknown' && was !== undefined) return was;
    return { ...each, lastTransitionTime: was?.status === each.status ? was.lastTransitionTime : at };
  });
}
