import type { Exposure } from '../../release/judge.js';
import { leastExcludedDifference } from '../../stats/count-intervals.js';
import { type CountPair, rowsOf } from './count-test.js';

/** The evidence from which on a difference counts as excluded: ten to one, as the price is only a smaller step. */
const EXCLUDED = Math.log(10);

/** Returns what a candidate has cost in errors, and what it may cost yet beside the baseline. */
export function exposureOf(pairs: readonly CountPair[], overdispersion: number): Exposure | undefined {
  const rows = rowsOf(pairs, 1).filter(
    ({ control, treatment }) => control !== undefined && control.n * treatment.n > 0,
  );
  if (rows.length === 0) return undefined;
  const sums = { n: 0, e: 0, controlN: 0, controlE: 0 };
  for (const { control, treatment } of rows) {
    sums.n += treatment.n;
    sums.e += treatment.e;
    sums.controlN += control?.n ?? 0;
    sums.controlE += control?.e ?? 0;
  }
  const excess = Math.max(0, sums.e - (sums.n * sums.controlE) / sums.controlN);
  return { excess, atMost: leastExcludedDifference(rows, { overdispersion, needed: EXCLUDED }) };
}
