import type { JudgeInput } from '../../release/judge.js';
import { lookLevel, lookQuantile } from '../../stats/look-level.js';
import { type Evidence, posteriorOf } from './evidence.js';
import { probability, type Trial, tells } from './finding.js';
import { betterThan, isMoving, limitsOf, reachOf } from './limits.js';
import type { Contest } from './ranks.js';
import { rewardOf } from './standing.js';

/**
 * Returns the metrics that the versions compete in; undefined where one of them cannot be told of a version. Only the
 * windows that all of them have count where something is compared, else all windows of each.
 */
export function contestsOf(input: JudgeInput, evidence: Evidence, versions: readonly string[]): Contest[] | undefined {
  const reward = rewardOf(input);
  const objectives = input.objectives.filter(({ metric }) => evidence.kindOf(metric) !== undefined);
  const metrics = new Set([...objectives.map(({ metric }) => metric), ...(reward ? [reward.metric] : [])]);
  const contests = [...metrics].map((metric): Contest | undefined => {
    const limits = objectives
      .filter((objective) => objective.metric === metric)
      .flatMap((objective) => limitsOf(objective, input.comparable));
    const rewarded = reward?.metric === metric;
    const together = rewarded || limits.some(isMoving);
    const known = versions.flatMap((name) => {
      const posterior = posteriorOf(evidence, name, { metric, versions: together ? versions : [name] });
      return posterior === undefined ? [] : [[name, posterior] as const];
    });
    const told = versions.every((name) => known.some(([each]) => each === name) || isSpared(input, name));
    if (!told) return undefined;
    return { posteriors: new Map(known), limits, reward: rewarded ? reward.preferredDirection : undefined };
  });
  return contests.every((contest) => contest !== undefined) ? contests : undefined;
}

/** Where nothing is compared with the baseline it need not be known. */
function isSpared({ comparable, baseline }: JudgeInput, version: string): boolean {
  return !comparable && version === baseline;
}

/** How the reward of a candidate compares with a rival's. */
export interface Rivalry {
  readonly rival: string;
  /** The probability that the candidate's reward is the better one. */
  readonly better: number;
  readonly state: 'better' | 'worse' | 'open';
  /** Standard errors that a conclusion takes. */
  readonly needed: number;
}

/** Returns how the rewards of two versions compare; a conclusion holds also when looked at every window. */
export function rivalryOf(trial: Trial, rival: string, input: JudgeInput): Rivalry | undefined {
  const reward = rewardOf(input);
  if (reward === undefined) return undefined;
  const { metric } = reward;
  const against: Trial = { ...trial, baseline: rival };
  const versions = [rival, trial.candidate];
  const limit = betterThan(reward);
  const chance = (favor?: 'candidate' | 'limit') => probability(against, { metric, limits: [limit], favor });
  if (!tells(against, metric, [limit])) return undefined;
  const windows = trial.evidence.estimates(metric, versions)?.get(rival)?.count ?? 1;
  const better = chance();
  const { broken, kept } = trial.alpha;
  const won = better > trial.winner && 1 - chance('limit') < lookLevel(kept, windows);
  const lost = better < trial.feasible && chance('candidate') < lookLevel(broken, windows);
  return { rival, better, state: won ? 'better' : lost ? 'worse' : 'open', needed: lookQuantile(kept, windows) };
}

/** Returns the probability that the baseline keeps the limits that bind it, by its own windows; 1 without any. */
export function baselineKeeps(input: JudgeInput, evidence: Evidence): number {
  const { baseline } = input;
  return input.objectives.reduce((product, objective) => {
    const limits = limitsOf(objective).filter((limit) => !isMoving(limit));
    const posterior = posteriorOf(evidence, baseline, { metric: objective.metric, versions: [baseline] });
    if (limits.length === 0 || posterior === undefined) return product;
    const [from, to] = reachOf(limits);
    return product * (posterior.cdf(to) - posterior.cdf(from));
  }, 1);
}
