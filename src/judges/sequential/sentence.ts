import type { Assessment } from '../../release/judge.js';
import { count, show } from '../words.js';

/** What a sentence is about. */
export interface Subject {
  readonly baseline: string;
  readonly candidate: string;
  /** Requests in the windows that were compared; 0 where the baseline is no comparison. */
  readonly requests: { readonly baseline: number; readonly candidate: number };
  /** Whether nobody has measured how much pods differ. */
  readonly assumed: boolean;
}

/** Returns such as `error-rate 4.64 % against 0.53 % (2.1 to 19 times)` or `error-rate 4.64 % (at most 1 %)`. */
export function found({ metric, value, baseline, limit, ratio, classification }: Assessment): string {
  const shown = `${metric} ${show(metric, value)}${against(metric, baseline)}`;
  if (ratio === undefined) {
    const least = classification === 'low' || metric === 'request-count';
    return limit === undefined ? shown : `${shown} (${least ? 'at least' : 'at most'} ${show(metric, limit)})`;
  }
  const [low = 0, high = 0] = ratio.map((end) => Number(end.toPrecision(2)));
  if (high < Number.POSITIVE_INFINITY) return `${shown} (${low} to ${high} times)`;
  return low === 0 ? shown : `${shown} (at least ${low} times)`;
}

function against(metric: string, baseline: number | undefined): string {
  return baseline === undefined ? '' : ` against ${show(metric, baseline)}`;
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

/** Returns on how many requests something rests. */
export function ground({ baseline, requests, assumed }: Subject): string {
  const beside = requests.baseline === 0 ? '' : ` against ${count(requests.baseline)} of ${baseline}`;
  const note = assumed ? '; how much pods differ is assumed' : '';
  return `${count(requests.candidate)} requests${beside}${note}`;
}
