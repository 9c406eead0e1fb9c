import { domainError } from './domain-error.js';
import { logExcess } from './log-excess.js';
import { stirlingRemainder } from './log-gamma.js';

/** One interval; both arrays have one number per version, in the same order. */
export interface SplitRow {
  /** Requests that arrived. */
  readonly counts: readonly number[];
  /** What was declared, in any unit: percents or parts. */
  readonly shares: readonly number[];
}

/** How much less a request says than an independent one. */
export interface SplitOptions {
  /**
   * φ ≥ 1: how many requests are routed together, as those of one connection or session are.
   *
   * @default 1
   */
  readonly dispersion?: number;
}

/**
 * Returns ln E after every row: the evidence that requests are not split between the versions as declared. 100 (4.6 in
 * logarithms) is strong; large negative values say that the split is as declared.
 *
 * Formula: rows of equal shares ρ are added up; each sum has the Bayes factor of a Dirichlet-multinomial mixture with
 * α = ρ/min ρ against ρ, ln[Γ(Σα)/Γ(Σα + Σn)] + Σ ln[Γ(α_i + n_i)/Γ(α_i)] − Σ n_i·ln ρ_i with n = counts/φ, computed
 * as the log density of the prior at ρ less that of the posterior. Different shares multiply. So the order of rows
 * of one declaration does not matter, nor that of the versions.
 *
 * Assumptions: given the shares, requests fall independently in groups of φ; dividing counts by φ keeps E ≤ 1 in the mean
 * (Jensen). A version with share 0 is left out, its requests too: pinned sessions reach it by other ways, and
 * they would be infinite evidence. Range: finite; no rows give no values, fewer than two shares above 0 give 0.
 * Throws for negative or infinite numbers, different lengths and φ < 1. Accuracy: 1e-10 absolute up to 1e9 requests.
 * Source: Lindon and Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022, arXiv 2011.03567.
 */
export function splitEValue(rows: readonly SplitRow[], { dispersion = 1 }: SplitOptions = {}): Float64Array {
  if (!(dispersion >= 1 && dispersion < Number.POSITIVE_INFINITY)) {
    throw domainError('a split e-value', { required: '1 ≤ dispersion < ∞', current: dispersion });
  }
  const groups = new Map<string, Group>();
  const result = new Float64Array(rows.length);
  rows.forEach((row, at) => {
    const { counts, shares } = checked(row);
    const key = shares.join(' ');
    const group = groups.get(key) ?? groupOf(shares);
    groups.set(key, group);
    group.live.forEach((version, i) => {
      group.shapes[i] = (group.shapes[i] as number) + (counts[version] as number) / dispersion;
    });
    group.logE = group.prior - logDirichletKernel(group.shares, group.shapes);
    for (const { logE } of groups.values()) result[at] = (result[at] as number) + logE;
  });
  return result;
}

/** What arrived under one declaration. */
interface Group {
  /** The places of the versions with a share. */
  readonly live: readonly number[];
  /** Theirs; they add up to 1. */
  readonly shares: readonly number[];
  /** α + n. */
  readonly shapes: number[];
  /** The log kernel of α. */
  readonly prior: number;
  logE: number;
}

function groupOf(declared: readonly number[]): Group {
  const live = declared.flatMap((share, i) => (share > 0 ? [i] : []));
  const parts = declared.filter((share) => share > 0);
  const sum = parts.reduce((a, b) => a + b, 0);
  const least = parts.reduce((a, b) => Math.min(a, b), sum);
  const shares = parts.map((share) => share / sum);
  const shapes = parts.map((share) => share / least);
  return { live, shares, shapes, prior: logDirichletKernel(shares, shapes), logE: 0 };
}

/**
 * ln[Γ(Σa)/ΠΓ(a_i)·Πρ_i^a_i] without −½·ln 2π per free share: by Stirling's formula around the mean, where
 * the linear parts cancel as in log-beta-kernel.ts.
 */
function logDirichletKernel(shares: readonly number[], shapes: readonly number[]): number {
  if (shares.length < 2) return 0;
  let total = 0;
  for (const shape of shapes) total += shape;
  let sum = stirlingRemainder(total) - 0.5 * Math.log(total);
  shapes.forEach((shape, i) => {
    const ratio = (total * (shares[i] as number)) / shape;
    const excess = ratio < 0.5 ? ratio - 1 - Math.log(ratio) : logExcess(ratio - 1);
    sum += 0.5 * Math.log(shape) - stirlingRemainder(shape) - shape * excess;
  });
  return sum;
}

function checked(row: SplitRow): SplitRow {
  const { counts, shares } = row;
  const sound = (value: number) => value >= 0 && value < Number.POSITIVE_INFINITY;
  if (counts.length === shares.length && counts.every(sound) && shares.every(sound)) return row;
  throw domainError('a split e-value', { required: 'a count and a share per version', current: JSON.stringify(row) });
}
