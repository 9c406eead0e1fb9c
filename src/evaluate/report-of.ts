import { isSample, type Ledger } from '../release/evaluation.js';
import type { Verdict } from '../release/judge.js';
import type { Evidence } from './decision.js';
import type { Evidence as Seen } from './phases/scene.js';
import { type Cast, isLive, type State, type Step } from './phases/state.js';
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
  const { now, found, rewarded } = told;
  const at = new Date(now * 1000).toISOString();
  const candidates = found?.verdict.standings.length ?? state.trials.length;
  const isOver = !isLive(state) && state.phase !== 'Promoting' && state.phase !== 'Initializing';
  return {
    type: typeOf(candidates, rewarded),
    ...(found && { winner: winnerIn(found.verdict, state, cast) }),
    ...(found && { versions: versionsOf(cast, found, route) }),
    conditions: conditionsOf(before.conditions ?? [], factsOf(state, told), at),
    updatedAt: at,
    ...(isOver && { endedAt: at }),
  };
}

function typeOf(candidates: number, rewarded: boolean): Status['type'] {
  if (candidates > 1) return 'A/B/N';
  return rewarded ? 'A/B' : 'Canary';
}

/** The best version so far: the winner, else whoever is most probably it, else the primary; a fresh baseline stands for it. */
function winnerIn({ winner, ranks, outcome }: Verdict, { primary = '' }: State, { baseline }: Cast): Status['winner'] {
  const [likeliest] = Object.entries(ranks ?? {}).toSorted(([, [a = 0]], [, [b = 0]]) => b - a);
  const best = winner ?? likeliest?.[0] ?? primary;
  const currentBest = best === baseline?.name ? primary : best;
  return { currentBest, found: outcome === 'pass' && winner !== undefined };
}

function versionsOf(cast: Cast, { ledger, verdict }: Evidence, route: Step['route']): VersionReport[] {
  const weights = weightsAfter(cast, route);
  const names = new Set(ledger.rows.flatMap(({ versions }) => Object.keys(versions)));
  return [cast.primary, ...(cast.baseline === undefined ? [] : [cast.baseline]), ...cast.others]
    .filter(({ name }) => names.has(name))
    .map(({ name }): VersionReport => {
      const standing = verdict.standings.find(({ version }) => version === name);
      const winProbability = verdict.ranks?.[name]?.[0];
      return {
        name,
        weight: weights[name] ?? 0,
        requests: requestsOf(ledger, name),
        ...(standing && { outcome: standing.outcome, message: standing.sentence }),
        ...(winProbability !== undefined && { winProbability }),
        ...(standing && {
          assessments: standing.assessments.map(
            ({ metric, classification, value, baseline, limit, harm, nonInferiority }) => {
              return {
                metric,
                classification,
                value,
                baseline,
                limit,
                harm: finite(harm),
                nonInferiority: finite(nonInferiority),
              };
            },
          ),
        }),
      };
    });
}

/** Copies, and requests that match, take nothing from the primary that is a percent. */
function weightsAfter({ primary, others, baseline, moves }: Cast, route: Step['route']): { [name: string]: number } {
  if (route?.kind === 'promote') return { [route.version]: 100 };
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
  const isOver = !isLive(state) && state.phase !== 'Promoting' && state.phase !== 'Initializing';
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
    fact('Completed', isOver, [state.phase, '', state.phase], state.message),
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
