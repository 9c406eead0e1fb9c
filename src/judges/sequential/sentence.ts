import type { Assessment } from '../../release/judge.js';
import { bucketsTell, count, showAll } from '../words.js';

/** What a sentence is about. */
export interface Subject {
  readonly baseline: string;
  readonly candidate: string;
  /** Requests in the windows that were compared; 0 where the baseline is no comparison. */
  readonly requests: { readonly baseline: number; readonly candidate: number };
  /** Where it is known from how much pods differ; undefined where nothing depends on it. */
  readonly spread: 'measured' | 'assumed' | undefined;
}

/** Returns such as `error-rate 4.64 % against 0.53 % (2.1 to 19 times; at most 0.61 %)`. */
export function found({ metric, value, baseline, limit, resolved, ratio, classification }: Assessment): string {
  const [shown, beside, bound] = showAll(metric, [value, baseline, limit]);
  const least = classification === 'low' || metric === 'request-count';
  const known = [
    ...timesOf(ratio),
    ...(limit === undefined ? [] : [`${least ? 'at least' : 'at most'} ${bound}`]),
    ...(resolved === undefined ? [] : [bucketsTell(metric, resolved)]),
  ].join('; ');
  return `${metric} ${shown}${baseline === undefined ? '' : ` against ${beside}`}${known && ` (${known})`}`;
}

/** What the windows do not exclude of the ratio to the baseline; nothing where that is everything. */
function timesOf(ratio: Assessment['ratio']): string[] {
  const [low, high] = (ratio ?? [0, Number.POSITIVE_INFINITY]).map((end) => Number(end.toPrecision(2)));
  if (high !== Number.POSITIVE_INFINITY) return [`${low} to ${high} times`];
  return low === 0 ? [] : [`at least ${low} times`];
}

/** Returns how strong evidence is, such as `1,240 where 100 is enough`. */
export function strength(logE: number, needed: number): string {
  return `evidence ${odds(logE)} where ${odds(needed)} is enough`;
}

function odds(logE: number): string {
  if (logE > Math.log(1e6)) return 'above 1,000,000';
  const value = Math.exp(logE);
  // Down, so that nothing is shown as enough before it is; but not for a last bit of the exponential.
  return count(value < 10 ? Number(value.toPrecision(1)) : Math.floor(value * (1 + 1e-12)));
}

const notes = { measured: '; pods differ as measured', assumed: '; pods are assumed to differ little' };

/** Returns on how many requests something rests. */
export function ground({ baseline, requests, spread }: Subject): string {
  const beside = requests.baseline === 0 ? '' : ` against ${count(requests.baseline)} of ${baseline}`;
  return `${count(requests.candidate)} requests${beside}${spread === undefined ? '' : notes[spread]}`;
}
