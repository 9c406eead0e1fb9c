import { domainError } from './domain-error.js';
import { studentTLogCdf } from './student-t.js';

/** What the test is for: that the treatment is worse than the margin allows, or that it is not. */
export type Side = 'harm' | 'non-inferiority';

/** How much the same differences varied before the release, from halves of the baseline compared with each other. */
export interface History {
  /** Σ h·d². */
  readonly squares: number;
  /** How many intervals the sum is over. */
  readonly intervals: number;
}

/** Differences in the order they were seen; arrays of one length. */
export interface Differences {
  /** Positive where the treatment is worse. */
  readonly values: Float64Array;
  /** h, in proportion to 1/variance. */
  readonly weights: Float64Array;
  /** The size of what was subtracted, in the same unit: tells variation from rounding. */
  readonly sizes: Float64Array;
  /**
   * What has to vary for the variance to count.
   *
   * @default values
   */
  readonly raw?: Float64Array;
}

/** Variation below this part of the values themselves is rounding, not variance. */
const rounding = 1e-9;

/**
 * Returns ln E_t after every difference: the one-sided t e-process for a mean above 0 with unknown variance.
 *
 * Formula: g = h_1, H = Σh, A = Σhd, R = Σhd², Q = R − A²/(g + H), (S0, ν0) the history, N = t + ν0,
 * ln BF = ½·ln(g/(g + H)) + (N/2)·ln[(R + S0)/(Q + S0)], τ = A/√((g + H)·(Q + S0)/N),
 * ln E = ln BF + ln 2 + ln F_t(τ; N): the effect over σ has a half-normal prior of variance 1/g, σ the prior 1/σ.
 * Q is computed as Σh(d − mean)² + A²·g/(H·(g + H)), which does not cancel.
 *
 * Assumptions: independent normal differences of variance σ²/h with one σ, in the history too; mean ≤ 0 under the null.
 * Scale invariant: a unit of time changes nothing but rounding. Always finite, since (R + S0)/(Q + S0) ≤ (g + H)/g.
 *
 * Zero variance is no evidence. While the raw differences vary by less than 1e-9 of their sizes, and the history too,
 * ln E is at most 0, whatever the formula says of a constant d > 0 (it says (t + 1)^((t − 1)/2)); with R + S0 = 0 it
 * is 0. So identical streams never alarm, and a smaller E stays an e-process. A history without variance
 * is not used at all, because with S0 = 0 its ν0 would square the first difference into an alarm.
 *
 * Source: Wang and Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance",
 * arXiv 2310.03722; right-Haar prior on σ. E ≤ 1 in the mean is checked by integration.
 */
export function tEProcess({ values, weights, sizes, raw = values }: Differences, history?: History): Float64Array {
  const result = new Float64Array(values.length);
  const g = weights[0] ?? 1;
  const { squares: S0, intervals: nu0 } = usableHistory(history, { weight: g, size: sizes[0] ?? 0 });
  const spread = { total: 0, mean: 0, residual: 0 };
  const rawSpread = { total: 0, mean: 0, residual: 0 };
  let scale = 0;
  for (let i = 0; i < values.length; i++) {
    const h = weights[i] as number;
    addTo(spread, { d: values[i] as number, h });
    addTo(rawSpread, { d: raw[i] as number, h });
    scale += h * (sizes[i] as number) ** 2;
    const N = i + 1 + nu0;
    const value = logE(spread, { g, S0, N });
    const varies = (rawSpread.residual + S0) / N > (rounding * rounding * scale) / (i + 1);
    result[i] = varies ? value : Math.min(0, value);
  }
  return result;
}

/** Weighted sums of the differences so far: Σh, their mean, and Σh(d − mean)². */
interface Spread {
  total: number;
  mean: number;
  residual: number;
}

/** West's update (CACM 1979), exact where all differences are equal. */
function addTo(spread: Spread, { d, h }: { readonly d: number; readonly h: number }): void {
  const offset = d - spread.mean;
  const before = spread.total;
  spread.total += h;
  spread.residual += h * (before / spread.total) * offset * offset;
  spread.mean += before === 0 ? offset : (h / spread.total) * offset;
}

function logE({ total: H, mean, residual }: Spread, { g, S0, N }: { g: number; S0: number; N: number }): number {
  const explained = ((mean * H) / (g + H)) * mean;
  const rest = residual + explained * g + S0;
  if (rest === 0) return 0;
  const logBf = 0.5 * Math.log(g / (g + H)) + 0.5 * N * Math.log1p((explained * H) / rest);
  const tau = (mean * H) / Math.sqrt(((g + H) * rest) / N);
  return logBf + Math.LN2 + studentTLogCdf(tau, N);
}

function usableHistory(history: History | undefined, first: { weight: number; size: number }): History {
  if (history === undefined || history.intervals === 0) return { squares: 0, intervals: 0 };
  const { squares, intervals } = history;
  if (!(squares >= 0 && intervals > 0 && squares + intervals < Number.POSITIVE_INFINITY)) {
    throw domainError('a t e-process', { required: 'finite history ≥ 0', current: `${squares}, ${intervals}` });
  }
  const varies = squares / intervals > rounding * rounding * first.weight * first.size ** 2;
  return varies ? history : { squares: 0, intervals: 0 };
}
