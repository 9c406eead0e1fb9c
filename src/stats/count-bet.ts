import { dispersion } from './dispersion.js';

/** Requests and the bad ones among them: errors, or those over a bound. */
export interface Count {
  readonly n: number;
  readonly e: number;
}

/** One window. Without a control only tests against a limit (ratio 0) find evidence in it. */
export interface CountRow {
  readonly control: Count | undefined;
  readonly treatment: Count;
}

/** The bound of a null hypothesis on shares of bad events: `ratio · p_control + difference`. */
export interface Bound {
  readonly ratio: number;
  readonly difference: number;
}

/** What a row says of a bound, as far as it does not depend on the bet; tempered already. */
export interface CountTerms {
  /** e_T / φ */
  readonly bad: number;
  /** (e_C + e_T) / φ */
  readonly all: number;
  /** ρk */
  readonly odds: number;
  /** log1p(ρk) */
  readonly logOdds: number;
  /** n_T·δ / φ */
  readonly allowed: number;
}

/** Several bets at once, and how much is put on each; the weights sum to 1. */
export interface Bets {
  readonly size: number;
  readonly values: Float64Array;
  readonly logs: Float64Array;
  readonly weights: Float64Array;
  readonly logWeights: Float64Array;
}

/** Bets that the treatment is worse: 1.15 to 128, weights ∝ g^(−1/2). */
export const harmBets = bets(
  Array.from({ length: 16 }, (_, j) => 1.15 * (128 / 1.15) ** (j / 15)),
  (g) => g ** -0.5,
);

/** Bets that it is no worse, with equal weights. */
export const nonInferiorityBets = bets([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.02], () => 1);

function bets(values: readonly number[], weight: (g: number) => number): Bets {
  const sum = values.reduce((total, g) => total + weight(g), 0);
  const weights = Float64Array.from(values, (g) => weight(g) / sum);
  return {
    size: values.length,
    values: Float64Array.from(values),
    logs: Float64Array.from(values, Math.log),
    weights,
    logWeights: weights.map(Math.log),
  };
}

/**
 * Returns what a row says of a bound; undefined where it carries no evidence.
 *
 * Counts that spread wider than independent requests are tempered by φ = 1 + ω·v, with v = m·θ·(1−θ), m = e_C + e_T and
 * θ = n_T/(n_C + n_T); without a control v is what the limit allows, n_T·δ.
 */
export function termsOf(
  { control, treatment }: CountRow,
  bound: Bound,
  overdispersion: number,
): CountTerms | undefined {
  const { ratio, difference } = bound;
  if (treatment.n === 0 || control?.n === 0 || (control === undefined && ratio !== 0)) return undefined;
  const n = control?.n ?? 0;
  const all = treatment.e + (control?.e ?? 0);
  const share = treatment.n / (n + treatment.n);
  const tempering =
    control === undefined
      ? 1 + overdispersion * treatment.n * Math.abs(difference)
      : dispersion(overdispersion, { m: all, theta: share });
  const odds = ratio === 0 ? 0 : (ratio * treatment.n) / n;
  return {
    bad: treatment.e / tempering,
    all: all / tempering,
    odds,
    logOdds: Math.log1p(odds),
    allowed: (treatment.n * difference) / tempering,
  };
}

/**
 * Returns what a bet g wins on a row, as a natural logarithm:
 *
 *     ln L(g) = e_T·ln g + (e_C + e_T)·[log1p(ρk) − log1p(gρk)] − n_T·δ·(g − 1)/(1 + gρk),  k = n_T/n_C
 *
 * For independent binomial or Poisson counts E[L] ≤ 1 where p_T ≤ ρ·p_C + δ (g > 1), or ≥ (g < 1), p_C arbitrary: with
 * x = (g − 1)/(1 + gρk), L = (1 + x)^e_T · (1 − ρkx)^e_C · exp(−n_T·δ·x). δ = 0 is the conditional binomial of Lindon and
 * Malek, ρ = 0 the test of one sample against δ.
 *
 * @see Lindon, Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022, arXiv 2011.03567
 */
export function logGain({ bad, all, odds, logOdds, allowed }: CountTerms, g: number, logG: number): number {
  const scaled = g * odds;
  const gain = bad * logG + (all === 0 || odds === 0 ? 0 : all * (logOdds - Math.log1p(scaled)));
  return allowed === 0 ? gain : gain - (allowed * (g - 1)) / (1 + scaled);
}
