import type { Reward } from '../../release/evaluation.js';
import type { Posterior } from '../../stats/posterior.js';
import { seededRandom } from '../../stats/random-draws.js';
import { regionProbability } from '../../stats/region-probability.js';
import { betterThan, isMoving, keeps, type Limit, reachOf, regionOf } from './limits.js';

/** One metric that the versions compete in. */
export interface Contest {
  /** By version name; the baseline's may be missing where nothing is compared with it. */
  readonly posteriors: ReadonlyMap<string, Posterior>;
  /** Of all objectives with this metric. */
  readonly limits: readonly Limit[];
  /** Which value is the better one, where this metric is the reward. */
  readonly reward?: Reward['preferredDirection'] | undefined;
}

/** Who competes, and in what. */
export interface Competition {
  /** The baseline first. */
  readonly versions: readonly string[];
  readonly contests: readonly Contest[];
}

/** The seed is fixed: the same evidence gives the same verdict. */
const seed = 1;
const draws = 10_000;

/**
 * Returns by version how probable it is that it is the best, one of the two best, and so on up to all of them.
 *
 * Versions that keep every limit come first: the one with the better reward or, without a reward, later candidates
 * before earlier ones and the baseline last (Iter8). Then the baseline if it breaks a limit itself: where nobody keeps
 * them, nothing is better than to stay. Limits that move with the baseline do not bind it. Metrics count as
 * independent. One candidate by integration, to 1e-9; several by 10,000 seeded draws, to about 0.01.
 */
export function ranksOf(competition: Competition): Map<string, number[]> {
  const [baseline, candidate, ...more] = competition.versions as readonly [string, string, ...string[]];
  if (more.length > 0) return drawRanks(competition);
  const win = winProbability({ baseline, candidate, contests: competition.contests });
  return new Map([
    [baseline, [1 - win, 1]],
    [candidate, [win, 1]],
  ]);
}

interface Duel {
  readonly baseline: string;
  readonly candidate: string;
  readonly contests: readonly Contest[];
}

/** P(the candidate keeps its limits) − P(it does, the baseline does too and has the better reward). */
function winProbability({ baseline, candidate, contests }: Duel): number {
  const chance = (contest: Contest, more: readonly Limit[], reference?: readonly [number, number]): number => {
    const region = regionOf([...contest.limits, ...more]);
    const value = contest.posteriors.get(candidate) as Posterior;
    return regionProbability(value, contest.posteriors.get(baseline), { ...region, ...(reference && { reference }) });
  };
  const kept = contests.reduce((product, contest) => product * chance(contest, []), 1);
  if (contests.every(({ reward }) => reward === undefined)) return kept;
  const beaten = contests.reduce((product, contest) => {
    const worse = contest.reward === undefined ? [] : [worseThan(contest.reward)];
    const binding = contest.limits.some((limit) => !isMoving(limit));
    return product * chance(contest, worse, binding ? reachOf(contest.limits) : undefined);
  }, 1);
  return Math.min(1, Math.max(0, kept - beaten));
}

function worseThan(preferred: Reward['preferredDirection']): Limit {
  return betterThan({ preferredDirection: preferred === 'high' ? 'low' : 'high' });
}

function drawRanks({ versions, contests }: Competition): Map<string, number[]> {
  const random = seededRandom(seed);
  const counts = versions.map(() => versions.map(() => 0));
  for (let i = 0; i < draws; i += 1) {
    orderOf(drawOne(versions, contests, random)).forEach((version, rank) => {
      (counts[version] as number[])[rank] = (counts[version]?.[rank] as number) + 1;
    });
  }
  return new Map(versions.map((name, i) => [name, accumulate(counts[i] as number[])]));
}

interface Draw {
  readonly feasible: boolean;
  /** The higher the better. */
  readonly utility: number;
}

function drawOne(versions: readonly string[], contests: readonly Contest[], random: () => number): Draw[] {
  const drawn = versions.map((_, i) => ({ feasible: true, utility: i }));
  for (const { posteriors, limits, reward } of contests) {
    const values = versions.map((name) => posteriors.get(name)?.draw(random));
    const reference = values[0] ?? 0;
    const binding = limits.filter((limit) => !isMoving(limit));
    values.forEach((value, i) => {
      const one = drawn[i];
      if (value === undefined || one === undefined) return;
      if (!keeps(value, i === 0 ? binding : limits, reference)) one.feasible = false;
      if (reward !== undefined) one.utility = reward === 'high' ? value : -value;
    });
  }
  return drawn;
}

/** The positions of the versions, best first. */
function orderOf(drawn: readonly Draw[]): number[] {
  const group = (i: number): number => (drawn[i]?.feasible ? 0 : i === 0 ? 1 : 2);
  const utility = (i: number): number => drawn[i]?.utility ?? 0;
  return drawn.map((_, i) => i).sort((i, j) => group(i) - group(j) || utility(j) - utility(i));
}

function accumulate(counts: readonly number[]): number[] {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum / draws;
  });
}
