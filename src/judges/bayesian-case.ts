import type { Objective } from '../release/evaluation.js';
import type { CaseAnswer, CheckCase, Outcome } from '../release/judge.js';
import { regionProbability } from '../stats/region-probability.js';
import { BayesianCase, type BayesianCase as Case } from './bayesian/case-schema.js';
import { brokenBy, unmeasuredIn } from './bayesian/case-words.js';
import type { Evidence } from './bayesian/evidence.js';
import { evidenceFrom, posteriorOf } from './bayesian/evidence.js';
import { isMoving, limitsOf, reachOf, regionOf } from './bayesian/limits.js';
import { kindOf, type Observation, type Observed } from './bayesian/observations.js';
import { type Contest, ranksOf } from './bayesian/ranks.js';
import { percent } from './bayesian/words.js';
import { count } from './words.js';

/** The answer to a case. */
interface BayesianAnswer {
  readonly versions: readonly VersionAnswer[];
  /** The version whose win probability is above `winner`; it may be the baseline. */
  readonly winner: string | null;
  /**
   * `too little data`: a version has not had `minRequests`, or a metric cannot be told. `nothing to judge by`: neither
   * limit nor reward. `none feasible`: every version breaks a criterion.
   */
  readonly answer: 'winner' | 'undecided' | 'none feasible' | 'too little data' | 'nothing to judge by';
}

/** One version in an answer. */
interface VersionAnswer {
  readonly name: string;
  /** Null where it cannot be told. */
  readonly winProbability: number | null;
  /** In the order of the criteria. */
  readonly criteria: readonly CriterionAnswer[];
  /** What is still missing of `minRequests`. */
  readonly missingRequests: number;
}

/** How a version keeps a criterion. */
interface CriterionAnswer {
  readonly metric: string;
  /** That the limits are kept; null without data or without a limit. The baseline keeps limits relative to itself. */
  readonly probability: number | null;
  /** The 95 % credible interval of the metric. */
  readonly interval: readonly [number, number] | null;
}

/**
 * Answers a case by what it holds, as one look: without the correction for many looks that the judge `bayesian` makes,
 * and without its overdispersion unless the case gives one. Counts are added up, means compared by the windows that all
 * versions have. Where nobody keeps the criteria the baseline has the win probability, and there is no winner.
 */
export function answerBayesianCase(check: CheckCase): CaseAnswer {
  const { id, ...given } = check(BayesianCase);
  const { versions, winner, answer } = judgeCase(given);
  return {
    json: { id, versions, winner, answer },
    sentence: sentenceOf({ versions, winner, answer }, given),
    table: [
      ['version', 'best', ...given.criteria.map(({ metric }) => metric)],
      ...versions.map(({ name, winProbability, criteria }) => {
        return [name, show(winProbability), ...criteria.map(({ probability }) => show(probability))];
      }),
    ],
    outcome: outcomeOf({ winner, answer }, versions[0]?.name),
  };
}

function show(probability: number | null): string {
  return probability === null ? '-' : percent(probability);
}

/** As for a release: the baseline as the winner means that no candidate is promoted. */
function outcomeOf(
  { winner, answer }: Pick<BayesianAnswer, 'winner' | 'answer'>,
  baseline: string | undefined,
): Outcome {
  if (answer === 'none feasible' || (winner !== null && winner === baseline)) return 'fail';
  return winner === null ? 'inconclusive' : 'pass';
}

function sentenceOf(found: BayesianAnswer, given: Omit<Case, 'id' | 'expected'>): string {
  const { versions, answer } = found;
  if (answer === 'nothing to judge by') return 'there is neither a limit nor a reward to judge by';
  if (answer === 'too little data') return missingOf(versions, given);
  const broken = brokenBy(versions, given);
  if (answer === 'none feasible') return `no version keeps every criterion: ${broken}`;
  const told = versions.map(({ name, winProbability }) => `${name} ${show(winProbability)}`).join(', ');
  return `${winnerOf(found, given)}: ${told}${broken && `; ${broken}`}`;
}

function winnerOf({ versions, winner }: BayesianAnswer, { rewards }: Pick<Case, 'rewards'>): string {
  if (winner === null) return 'no version is known to be the best';
  // Without a reward a candidate wins by being newer; but the baseline because nobody else keeps everything.
  const newest = rewards.length === 0 && winner !== versions[0]?.name;
  return `${winner} is ${newest ? 'the newest that keeps everything' : 'the best'}`;
}

function missingOf(versions: readonly VersionAnswer[], given: Omit<Case, 'id' | 'expected'>): string {
  const unmeasured = unmeasuredIn(given, (metric) => observed(given, metric).byVersion);
  if (unmeasured !== '') return unmeasured;
  const short = versions.filter(({ missingRequests }) => missingRequests > 0);
  const needs = short.map(({ name, missingRequests }) => `${name} needs ${count(missingRequests)} more requests`);
  return needs.join(', ') || 'the data do not tell how exact every metric is';
}

function judgeCase(given: Omit<Case, 'id' | 'expected'>): BayesianAnswer {
  const evidence = evidenceFrom((metric) => observed(given, metric), {
    overdispersion: { 'error-rate': given.overdispersion },
  });
  const names = given.versions.map(({ name }) => name);
  const ranks = ranksFor(given, evidence, names);
  const versions = given.versions.map((version): VersionAnswer => {
    const criteria = given.criteria.map((criterion) =>
      answerOne(criterion, { evidence, names, version: version.name }),
    );
    const missingRequests = Math.max(0, given.minRequests - requestsOf(version));
    return { name: version.name, winProbability: ranks?.get(version.name)?.[0] ?? null, criteria, missingRequests };
  });
  return { versions, ...conclude(given, versions) };
}

function conclude(
  given: Omit<Case, 'id' | 'expected'>,
  versions: readonly VersionAnswer[],
): Pick<BayesianAnswer, 'winner' | 'answer'> {
  const limits = given.criteria.flatMap((criterion) => limitsOf(criterion));
  if (limits.length === 0 && given.rewards.length === 0) return { winner: null, answer: 'nothing to judge by' };
  const untold = versions.some(({ winProbability, missingRequests }) => winProbability === null || missingRequests > 0);
  if (untold) return { winner: null, answer: 'too little data' };
  const breaks = ({ criteria }: VersionAnswer) => {
    return criteria.some(({ probability }) => probability !== null && probability < given.feasible);
  };
  if (versions.every(breaks)) return { winner: null, answer: 'none feasible' };
  const winner = versions.find((version) => (version.winProbability ?? 0) > given.winner && !breaks(version))?.name;
  return winner === undefined ? { winner: null, answer: 'undecided' } : { winner, answer: 'winner' };
}

interface Asked {
  readonly evidence: Evidence;
  /** The baseline first. */
  readonly names: readonly string[];
  readonly version: string;
}

function answerOne(criterion: Objective, { evidence, names, version }: Asked): CriterionAnswer {
  const { metric } = criterion;
  const [baseline] = names as readonly [string, ...string[]];
  const limits = limitsOf(criterion);
  const moving = limits.some(isMoving) && version !== baseline;
  const versions = moving ? names : [version];
  const own = posteriorOf(evidence, version, { metric, versions });
  const reference = posteriorOf(evidence, baseline, { metric, versions });
  if (own === undefined) return { metric, probability: null, interval: null };
  const interval = [own.quantile(0.025), own.quantile(0.975)] as const;
  if (limits.length === 0) return { metric, probability: null, interval };
  const [from, to] = reachOf(limits);
  const region = moving ? regionOf(limits) : { uppers: [fixed(to)], lowers: [fixed(from)] };
  return { metric, probability: regionProbability(own, moving ? reference : undefined, region), interval };
}

function fixed(constant: number) {
  return { constant, ratio: 0 };
}

/** Undefined where a version cannot be told in a metric. */
function ranksFor(given: Omit<Case, 'id' | 'expected'>, evidence: Evidence, names: readonly string[]) {
  const [reward] = given.rewards;
  const metrics = new Set([...given.criteria, ...(reward ? [reward] : [])].map(({ metric }) => metric));
  const contests = [...metrics].map((metric): Contest => {
    const limits = given.criteria.filter((each) => each.metric === metric).flatMap((each) => limitsOf(each));
    const together = reward?.metric === metric || limits.some(isMoving);
    const known = names.flatMap((name) => {
      const posterior = posteriorOf(evidence, name, { metric, versions: together ? names : [name] });
      return posterior === undefined ? [] : [[name, posterior] as const];
    });
    return {
      posteriors: new Map(known),
      limits,
      reward: reward?.metric === metric ? reward.preferredDirection : undefined,
    };
  });
  const told = contests.length > 0 && contests.every(({ posteriors }) => posteriors.size === names.length);
  return told ? ranksOf({ versions: names, contests }) : undefined;
}

function observed({ versions }: Pick<Case, 'versions'>, metric: string): Observed {
  const kind = kindOf(metric);
  const columns = versions.map(({ name, counts, means }) => {
    const share = [observation(counts?.requests, counts?.errors)];
    const windows = (means?.[metric] ?? []).map((window) => {
      const requests = kind === 'gauge' && window ? 1 : window?.requests;
      return observation(requests, times(requests, window?.mean));
    });
    return [name, kind === 'share' ? share : windows] as const;
  });
  return { kind, byVersion: new Map(columns) };
}

function observation(requests: number | null | undefined, total: number | null | undefined): Observation | undefined {
  return requests && total !== null && total !== undefined ? { requests, total } : undefined;
}

function times(requests: number | null | undefined, mean: number | null | undefined): number | undefined {
  return requests === null || requests === undefined || mean === null || mean === undefined
    ? undefined
    : requests * mean;
}

/** Counts and means may be of the same requests: the larger number is what there was. */
function requestsOf({ counts, means }: Case['versions'][number]): number {
  const sums = Object.values(means ?? {}).map((windows) => {
    return windows.reduce((sum, window) => sum + (window?.requests ?? 0), 0);
  });
  return Math.max(counts?.requests ?? 0, ...sums);
}
