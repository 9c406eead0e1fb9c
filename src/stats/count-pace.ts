import { type Bets, type Bound, type Count, logGain, termsOf } from './count-bet.js';

/** What a test is expected to come to. */
export interface PaceOptions {
  readonly bets: Bets;
  /** ω, from 0. */
  readonly overdispersion: number;
  /** The evidence that is enough, as a natural logarithm. */
  readonly needed: number;
}

/** Windows as they are now, and what is known of the control. */
export interface Windows {
  /** Requests of a window. */
  readonly control: number;
  readonly treatment: number;
  /** The control's share of bad events. */
  readonly share: number;
}

/**
 * Returns after how many windows a treatment that is as good as the control is expected to be shown so, from none: what is
 * needed, and what the best of the bets has for a part of the whole, over what that bet wins in a window. Infinite where
 * no bet wins.
 */
export function windowsUntil(bound: Bound, { control, treatment, share }: Windows, options: PaceOptions): number {
  const { bets, overdispersion, needed } = options;
  const of = (n: number): Count => ({ n, e: n * share });
  const row = { control: bound.ratio === 0 ? undefined : of(control), treatment: of(treatment) };
  const terms = termsOf(row, bound, overdispersion);
  if (terms === undefined) return Number.POSITIVE_INFINITY;
  let windows = Number.POSITIVE_INFINITY;
  for (let j = 0; j < bets.size; j += 1) {
    const gain = logGain(terms, bets.values[j] as number, bets.logs[j] as number);
    if (gain > 0) windows = Math.min(windows, (needed - (bets.logWeights[j] as number)) / gain);
  }
  return windows;
}
