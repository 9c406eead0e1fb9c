import { isSample, type Ledger, type Missing, type Sample } from '../release/evaluation.js';
import type { History } from '../release/judge.js';
import { type Count, harmBets } from '../stats/count-bet.js';
import { onsetEvidence } from '../stats/count-e-process.js';
import { assumedOverdispersion } from '../stats/overdispersion.js';

/** Pods that started just now may fail a little more than long-lived ones do; 5 percentage points are another thing. */
const LIKE_FRESH = { ratio: 1.05, difference: 0.05 };

/** ln E that is enough: of a hundred sound baselines at most one is ever taken for a broken one, however often one looks. */
const ENOUGH = Math.log(100);

/** So many requests do not all fail by chance. */
const MANY = 5;

const nothing: Count = { n: 0, e: 0 };

/** Returns how a fresh baseline fails where the primary that it is a copy of does not; undefined where it does not. */
export function brokenIn(
  { rows }: Ledger,
  { baseline, primary }: { readonly baseline: string; readonly primary: string },
  history: History | undefined,
): string | undefined {
  const pairs = rows.map(({ versions }) => {
    return { control: countOf(versions[primary]), treatment: countOf(versions[baseline]) };
  });
  const noise = {
    overdispersion: history?.overdispersion?.['error-rate'] ?? assumedOverdispersion,
    autocorrelation: history?.autocorrelation?.['error-rate'],
  };
  const evidence = onsetEvidence(pairs, LIKE_FRESH, { bets: harmBets, ...noise });
  if (evidence.every((logE) => logE < ENOUGH)) return undefined;
  const [own, other] = [percentOf(pairs.map((each) => each.treatment)), percentOf(pairs.map((each) => each.control))];
  return `${baseline} is broken: ${own} % of its requests fail, and ${other} % of those of ${primary}, of which it is a copy`;
}

/** Returns a ledger without the windows in which a version answers nothing but errors: they are no comparison. */
export function withoutOutages({ interval, rows }: Ledger, version: string): Ledger {
  const none = { missing: 'nothing but errors' };
  const kept = rows.map((row) => {
    const { n, e } = countOf(row.versions[version]);
    return n < MANY || e < n ? row : { ...row, versions: { ...row.versions, [version]: none } };
  });
  return { interval, rows: kept };
}

function countOf(entry: Sample | Missing | undefined): Count {
  return isSample(entry) ? { n: entry.requests, e: entry.errors } : nothing;
}

function percentOf(counts: readonly Count[]): number {
  const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0);
  return Number(((100 * sum('e')) / Math.max(1, sum('n'))).toPrecision(2));
}
