import { percentile } from '../stats/percentile.js';
import { wilsonInterval } from '../stats/wilson-interval.js';
import type { Run } from './run-release.js';

/** How many of the runs. */
export interface Part {
  readonly count: number;
  readonly share: number;
  /** Where the true share lies at 95 %, by Wilson's interval. */
  readonly from: number;
  readonly to: number;
}

/** What was found of all runs. */
export interface Summary {
  readonly runs: number;
  readonly promoted: Part;
  readonly rolledBack: Part;
  readonly inconclusive: Part;
  /** From the entry of the candidate to the decision; undefined where none was made. */
  readonly minutes: { readonly median: number; readonly p90: number } | undefined;
  /** Means of a release: errors, and requests over the primary's 95th percentile, that it would not have had. */
  readonly excess: { readonly failures: number; readonly slow: number };
  /** Promoted before what is wrong with it began: nobody could have known. */
  readonly promotedBeforeOnset: Part;
}

/** Returns what was found of all runs. */
export function summaryOf(runs: readonly Run[]): Summary {
  const part = (counts: (run: Run) => boolean) => partOf(runs.filter(counts).length, runs.length);
  const mean = (of: (run: Run) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    runs: runs.length,
    promoted: part(({ outcome }) => outcome === 'promoted'),
    rolledBack: part(({ outcome }) => outcome === 'rolled back'),
    inconclusive: part(({ outcome }) => outcome === 'inconclusive'),
    minutes: spreadOf(runs.flatMap((run) => run.minutes ?? [])),
    excess: { failures: mean(({ failures }) => failures), slow: mean(({ slow }) => slow) },
    promotedBeforeOnset: part(({ early }) => early),
  };
}

/** Returns where half of the numbers and nine tenths of them end; undefined where there are none. */
export function spreadOf(numbers: readonly number[]): Summary['minutes'] {
  const sorted = Float64Array.from(numbers).sort();
  return sorted.length === 0 ? undefined : { median: at(sorted, 50), p90: at(sorted, 90) };
}

/** Without the last digits of what lies between two runs. */
function at(sorted: Float64Array, percent: number): number {
  return Number(percentile(sorted, percent).toPrecision(12));
}

/** Returns a count as a part of all, with Wilson's interval. */
export function partOf(count: number, runs: number): Part {
  const [from, to] = wilsonInterval(count, runs);
  return { count, share: runs === 0 ? 0 : count / runs, from, to };
}
