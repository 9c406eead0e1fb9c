/** What buckets make of a ratio to a percentile of the baseline. */
export interface ResolvedRatio {
  /** Where the bucket ends in which the percentile of the baseline lies. */
  readonly bound: number;
  /** Above which harm is counted: where the next bucket ends; undefined where none does. */
  readonly limit: number | undefined;
  /** Of the two; undefined without a limit. */
  readonly ratio: number | undefined;
}

/**
 * Returns what the buckets make of a `maxRatio`, as `sequential` counts it: of 1.2 from 250 ms on, where the next ones end at
 * 500 ms, it is 2.
 *
 * @param bounds where buckets end, rising
 */
export function resolvedRatio(
  maxRatio: number,
  { bound, bounds }: { readonly bound: number; readonly bounds: readonly number[] },
): ResolvedRatio {
  const limit = bounds.find((upTo) => Number.isFinite(upTo) && upTo >= maxRatio * bound * (1 - ROUNDING));
  return { bound, limit, ratio: limit && limit / bound };
}

/** Whether a ratio is told as it was asked for. */
export function isToldAsAsked(maxRatio: number, { ratio }: ResolvedRatio): boolean {
  return ratio !== undefined && Math.abs(ratio - maxRatio) <= ROUNDING * maxRatio;
}

/** 1.2 × 250 is 300. */
const ROUNDING = 1e-6;
