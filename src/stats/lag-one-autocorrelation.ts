import { domainError } from './domain-error.js';
import { mean } from './mean.js';

/** Fewer values tell nothing of how they follow each other. */
const ENOUGH = 30;

/** Beyond it nothing would be left of a value once the one before it is taken off. */
const MOST = 0.99;

/**
 * Returns the lag-1 autocorrelation of values plus one standard error, from 0 to 0.99: what a gauge's differences are
 * prewhitened with, on the safe side. 0 for values that do not vary; undefined for fewer than 30.
 *
 * Formula: r = Σ(x_t − x̄)(x_(t−1) − x̄) / Σ(x_t − x̄)², its standard error √((1 − r²)/n).
 * Assumptions: equally spaced values of one stationary series. Throws for a NaN or an infinity.
 * Source: Bartlett, "On the theoretical specification and sampling properties of autocorrelated time-series", 1946.
 */
export function lagOneAutocorrelation(values: readonly number[]): number | undefined {
  if (values.length < ENOUGH) return undefined;
  const center = mean(values);
  let together = 0;
  let squares = 0;
  let before = 0;
  values.forEach((value, t) => {
    const deviation = value - center;
    if (!Number.isFinite(deviation)) {
      throw domainError('an autocorrelation', { required: 'finite values', current: value });
    }
    if (t > 0) together += deviation * before;
    squares += deviation * deviation;
    before = deviation;
  });
  if (squares === 0) return 0;
  const r = together / squares;
  return Math.min(MOST, Math.max(0, r + Math.sqrt((1 - r * r) / values.length)));
}
