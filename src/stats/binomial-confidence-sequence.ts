import { domainError } from './domain-error.js';
import { logBeta } from './log-beta.js';
import { logBetaKernel } from './log-beta-kernel.js';

/** Successes among trials, such as errors among requests. */
export interface BinomialCount {
  /** At most n; divided by a dispersion it need not be whole. */
  readonly k: number;
  readonly n: number;
}

export interface ConfidenceOptions {
  /** Of missing the true probability at any look, ever. @default 0.05 */
  readonly alpha?: number;
  /** Shapes of the beta mixture. @default 0.5 */
  readonly a?: number;
  /** @default 0.5 */
  readonly b?: number;
}

/**
 * Returns [low, high], this look's interval of a confidence sequence for a probability: all intervals, however many
 * looks there are, contain it at once with probability 1 − α or more.
 *
 * Formula: {p: B(a + k, b + n − k)/B(a, b) / (p^k·(1 − p)^(n − k)) < 1/α}, whose logarithm is convex in the log odds of p; its
 * two zeros by Newton's method from outside. Assumptions: independent trials of one probability.
 * Range: k = 0 gives low = 0, k = n gives high = 1, n = 0 gives [0, 1]. Throws unless 0 ≤ k ≤ n < ∞, 0 < α < 1, a, b > 0.
 * Accuracy: 1e-12 relative; 1e-10 at n = 1e9.
 * Source: Robbins, "Statistical Methods Related to the Law of the Iterated Logarithm", 1970; Howard et al., Ann. Stat.
 * 2021, arXiv 1810.08240, beta-binomial mixture.
 *
 * @example binomialConfidenceSequence({ k: 12, n: 1000 }) // [0.003357734…, 0.029197800…]
 */
export function binomialConfidenceSequence(count: BinomialCount, options: ConfidenceOptions = {}): [number, number] {
  const { k, n } = count;
  const { alpha = 0.05, a = 0.5, b = 0.5 } = options;
  if (!(k >= 0 && k <= n && n < Number.POSITIVE_INFINITY)) {
    throw domainError('a confidence sequence', { required: '0 ≤ k ≤ n < ∞', current: `${k}, ${n}` });
  }
  if (!(alpha > 0 && alpha < 1)) {
    throw domainError('a confidence sequence', { required: '0 < α < 1', current: alpha });
  }
  const limit = { a, b, least: logBeta(a, b) - Math.log(alpha) };
  const low = k === 0 ? 0 : probabilityAt(zeroBeyond(count, { ...limit, direction: -1 }));
  const high = k === n ? 1 : probabilityAt(zeroBeyond(count, { ...limit, direction: 1 }));
  return [low, high];
}

interface Search {
  readonly a: number;
  readonly b: number;
  readonly least: number;
  readonly direction: 1 | -1;
}

/** The log odds where the log Bayes factor reaches ln(1/α), on one side of the estimate. */
function zeroBeyond({ k, n }: BinomialCount, { a, b, least, direction }: Search): number {
  const gap = (t: number) => {
    if (Math.abs(t) > 700) return Number.POSITIVE_INFINITY;
    const p = probabilityAt(t);
    const complement = probabilityAt(-t);
    const posterior = logBetaKernel(p, { a: a + k, b: b + n - k, complement });
    return a * Math.log(p) + b * Math.log(complement) - posterior - least;
  };
  const estimate = Math.log((k + 0.5) / (n - k + 0.5));
  let width = 2 * Math.sqrt(1 / (k + 0.5) + 1 / (n - k + 0.5));
  while (gap(estimate + direction * width) < 0) width *= 2;
  let t = estimate + direction * width;
  // Only a fraction of one success: the limit is nearer to 0 or 1 than a double can say.
  if (Math.abs(t) > 700) return direction * Number.POSITIVE_INFINITY;
  for (let i = 0; i < 100; i++) {
    const p = probabilityAt(t);
    const step = gap(t) / ((n - k) * p - k * probabilityAt(-t));
    t -= step;
    // From outside every step leads inwards; the first that does not is rounding.
    if (step * direction <= 1e-15 * Math.abs(t)) break;
  }
  return t;
}

function probabilityAt(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
