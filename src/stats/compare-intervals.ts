import type { Posterior } from './posterior.js';

/** From and to; either end may be infinite. */
export type Ends = readonly [number, number];

/** How two values compare. */
export interface Comparison {
  readonly ratio: Ends;
  readonly difference: Ends;
}

/**
 * Returns 95 % credible intervals of value / reference and value − reference.
 *
 * Formula: the distances from the median of each one's own interval, squared and added (of the logarithms for the
 * ratio): m ± √(d₁² + d₂²), each end with the distances that lead there. Exact for two normal values, close for others.
 * Assumes independence, and values from 0 for the ratio: a lower end at or below 0 counts as 0.
 * Source: Zou and Donner, "Construction of confidence limits about effect measures", Stat. in Medicine 27 (2008).
 */
export function compareIntervals(value: Posterior, reference: Posterior): Comparison {
  const one = spanOf(value);
  const other = spanOf(reference);
  const ends = distance(logs(one), logs(other));
  return { difference: distance(one, other), ratio: [Math.exp(ends[0]), Math.exp(ends[1])] };
}

/** Lower end, median, upper end. */
type Span = readonly [number, number, number];

function spanOf(posterior: Posterior): Span {
  return [posterior.quantile(0.025), posterior.quantile(0.5), posterior.quantile(0.975)];
}

function logs([low, middle, high]: Span): Span {
  return [Math.log(Math.max(0, low)), Math.log(Math.max(0, middle)), Math.log(Math.max(0, high))];
}

function distance([low, middle, high]: Span, [otherLow, otherMiddle, otherHigh]: Span): [number, number] {
  const shift = middle - otherMiddle;
  const down = Math.hypot(middle - low, otherHigh - otherMiddle);
  const up = Math.hypot(high - middle, otherMiddle - otherLow);
  if (Number.isNaN(shift)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [shift - down, shift + up];
}
