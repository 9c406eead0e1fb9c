import { domainError } from './domain-error.js';
import { type BetaShape, logBetaKernel } from './log-beta-kernel.js';
import { logIncompleteBeta } from './log-incomplete-beta.js';
import { normalQuantile } from './normal.js';

/**
 * Returns the x with I_x(a, b) = p, a quantile of the beta distribution with shapes a and b, for 0 ≤ p ≤ 1.
 *
 * Formula: Newton's method on the logarithm of the tail on p's side of the mean, as a function of the log odds of x; that
 * function is concave, so the steps cannot run away. Range: p = 0 gives 0, p = 1 gives 1, and an x below 1e-307
 * is given as 0; throws for other p and unless 0 < a, b < ∞.
 * Accuracy: 1e-11 relative in x, and in 1 − x as far as doubles have it. Checked for shapes from 0.01 to 1e9.
 *
 * @example betaQuantile(0.5, { a: 2, b: 3 }) // 0.38572756813238945
 */
export function betaQuantile(p: number, { a, b }: Omit<BetaShape, 'complement'>): number {
  if (!(p >= 0 && p <= 1)) throw domainError('a beta quantile', { required: '0 ≤ p ≤ 1', current: p });
  const atMean = logIncompleteBeta(a / (a + b), { a, b, complement: b / (a + b) });
  if (p === 0 || p === 1) return p;
  if (Math.log(p) <= atMean) return 1 / (1 + Math.exp(-lowerLogOdds(p, { a, b })));
  return 1 / (1 + Math.exp(lowerLogOdds(1 - p, { a: b, b: a })));
}

/** Below it 1/x overflows. */
const leastLogOdds = -709;

function lowerLogOdds(p: number, { a, b }: BetaShape): number {
  const target = Math.log(p);
  const mean = Math.log(a / b);
  let t = Math.min(mean, mean + normalQuantile(p) * Math.sqrt(1 / a + 1 / b));
  let last = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i++) {
    t = Math.max(t, leastLogOdds);
    const x = 1 / (1 + Math.exp(-t));
    const complement = 1 / (1 + Math.exp(t));
    const value = logIncompleteBeta(x, { a, b, complement });
    const gap = value - target;
    if (t === leastLogOdds && gap > 0) return Number.NEGATIVE_INFINITY;
    const step = gap / Math.exp(logBetaKernel(x, { a, b, complement }) - value);
    t -= step;
    // Once the steps no longer shrink they are rounding.
    if (Math.abs(step) < 1e-15 * Math.abs(t) || (Math.abs(gap) < 1e-9 && Math.abs(step) > 0.5 * last)) break;
    last = Math.abs(step);
  }
  return t;
}
