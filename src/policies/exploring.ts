import type { Policy, PolicyInput, PolicySetting, Rollout } from '../release/policy.js';
import { apportion } from '../release/shares.js';
import { conclude, takingPart, type Wish, winnerOf } from './conclude.js';

/** The part of the requests that is divided evenly, so that every version goes on being measured. */
const EXPLORATION = 0.1;

const DEFAULT_INCREMENT = 2;

/** The most that the arithmetic gives to one candidate: all but its baseline's part of the exploration. */
const MOST = 95;

/** What two versions have of which nothing is known. */
const EVEN = 50;

/** `apportion` takes integers. */
const SCALE = 1_000_000;

/**
 * Returns all but the id of a policy of Iter8's v1alpha2: a version gets the share of the draws in which it is one of
 * the `depth` best, 0.9 of it, and 0.1/n of n versions. Percents by largest remainder, where Iter8 leaves it to chance.
 * A candidate grows by at most `maxIncrement` up to `maxCandidateWeight`, and the baseline gets what that leaves.
 *
 * @param depth how many of the best versions share the requests; Infinity for all
 */
export function exploring(depth: number) {
  return {
    reads: ['entryShare', 'maxIncrement', 'maxCandidateWeight'] satisfies PolicySetting[],
    entryShare: entryOf,
    reaches: (rollout) => Array.from({ length: highestOf(rollout) }, (_, i) => i + 1),
    decide: (input) => conclude(input, (asked) => split(asked, depth)),
  } satisfies Omit<Policy, 'id'>;
}

function incrementOf({ maxIncrement = DEFAULT_INCREMENT }: Rollout): number {
  return maxIncrement;
}

function mostOf({ maxCandidateWeight = 100 }: Rollout): number {
  return maxCandidateWeight;
}

/** A large increment is no wish to let somebody unknown have more than the baseline. */
function entryOf(rollout: Rollout): number {
  return Math.min(rollout.entryShare ?? Math.min(incrementOf(rollout), EVEN), mostOf(rollout));
}

function highestOf(rollout: Rollout): number {
  return Math.max(entryOf(rollout), Math.min(MOST, mostOf(rollout)));
}

function split(input: PolicyInput, depth: number): Wish | undefined {
  const { baseline, candidates, shares, rollout, most: room = 100 } = input;
  const versions = [baseline, ...takingPart(input)];
  const exploit = exploitOf(input, versions, depth);
  if (exploit === undefined) return undefined;
  // Times n, so that the 0.1/n of everybody is a whole number and breaks no tie.
  const weights = exploit.map((part) => Math.round(SCALE * ((1 - EXPLORATION) * part * versions.length + EXPLORATION)));
  const targets = apportion(weights, 100);
  const next = candidates.map((candidate) => {
    const target = targets[versions.indexOf(candidate)] ?? 0;
    const most = Math.min((shares[candidate] ?? 0) + incrementOf(rollout), mostOf(rollout), room);
    return [candidate, Math.min(target, most)] as const;
  });
  return { shares: Object.fromEntries(next) };
}

/**
 * Returns the part of every version in what is not explored; they sum to 1. Without ranks the best versions divide it
 * evenly, or the baseline has it all. Undefined while nothing is known: too little data is no reason to move anybody.
 */
function exploitOf(input: PolicyInput, versions: readonly string[], depth: number): readonly number[] | undefined {
  const { ranks, outcome } = input.verdict;
  if (ranks === undefined && outcome === 'inconclusive') return undefined;
  if (depth >= versions.length) return evenly(versions, versions);
  if (ranks === undefined) return evenly(versions, bestOf(input));
  const among = versions.map((version) => ranks[version]?.[depth - 1] ?? 0);
  const sum = among.reduce((total, part) => total + part, 0);
  return sum > 0 ? among.map((part) => part / sum) : evenly(versions, [input.baseline]);
}

function evenly(versions: readonly string[], best: readonly string[]): readonly number[] {
  return versions.map((version) => (best.includes(version) ? 1 / best.length : 0));
}

/** The winner, else whoever passes, else the baseline. */
function bestOf(input: PolicyInput): readonly string[] {
  const { verdict, baseline } = input;
  const winner = winnerOf(input);
  if (winner !== undefined) return [winner];
  const passing = verdict.standings.filter(({ outcome }) => outcome === 'pass').map(({ version }) => version);
  const best = takingPart(input).filter((candidate) => passing.includes(candidate));
  return best.length > 0 ? best : [baseline];
}
