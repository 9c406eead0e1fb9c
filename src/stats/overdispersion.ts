import { domainError } from './domain-error.js';

/** One interval before the release, the baseline's pods in two halves. */
export interface HalvesRow {
  /** Bad events of both halves. */
  readonly m: number;
  /** Those of the first half, at most m. */
  readonly e1: number;
  /** The first half's share of the requests, in [0, 1]. */
  readonly theta: number;
}

/** ω, and where it is from. */
export interface Overdispersion {
  /** Per unit of binomial variance; at least 0.02. */
  readonly omega: number;
  /**
   * `estimated` from 240 or more intervals; `provisional` from 30 to 239, when it is never below the assumed 0.1;
   * `assumed` below 30, when omega is 0.1 and the verdict has to say so.
   */
  readonly basis: 'estimated' | 'provisional' | 'assumed';
  /** How many intervals said anything: those with a bad event and requests in both halves. */
  readonly intervals: number;
}

const assumed = 0.1;

/**
 * Returns ω, by how much more than chance bad events differ between halves of the baseline's pods.
 *
 * Formula: v = m·θ·(1 − θ), R = e_1 − m·θ, ω = max(0.02, 1.25·Σ(R² − v)/Σv²); see `Overdispersion.basis` for
 * short histories. An interval with v = 0 says nothing and is not counted.
 * Assumptions: halves drawn without regard to their errors; Var(R) = v·(1 + ω·v), 1.25 being a margin for the error of the
 * estimate. Range: ω ≥ 0.02. Throws unless 0 ≤ e1 ≤ m < ∞ and 0 ≤ θ ≤ 1. With one pod pass no rows.
 * Source: STATISTICS.md (a) of this project, a moment estimate as Williams, "Extra-binomial variation in logistic linear
 * models", Applied Statistics 1982.
 */
export function overdispersion(rows: readonly HalvesRow[]): Overdispersion {
  let excess = 0;
  let squares = 0;
  let intervals = 0;
  for (const { m, e1, theta } of rows) {
    if (!(e1 >= 0 && e1 <= m && m < Number.POSITIVE_INFINITY && theta >= 0 && theta <= 1)) {
      const current = `${e1}, ${m}, ${theta}`;
      throw domainError('the overdispersion', { required: '0 ≤ e1 ≤ m < ∞ and 0 ≤ θ ≤ 1', current });
    }
    const v = m * theta * (1 - theta);
    if (v === 0) continue;
    excess += (e1 - m * theta) ** 2 - v;
    squares += v * v;
    intervals += 1;
  }
  if (intervals < 30) return { omega: assumed, basis: 'assumed', intervals };
  const omega = Math.max(0.02, (1.25 * excess) / squares);
  if (intervals < 240) return { omega: Math.max(assumed, omega), basis: 'provisional', intervals };
  return { omega, basis: 'estimated', intervals };
}

/**
 * Returns φ = 1 + ω·m·θ·(1 − θ) ≥ 1, by which the log likelihood ratio of an interval is divided.
 *
 * `m` are the interval's bad events, `theta` is the treatment's share of its requests; with ω = 0 it is 1.
 */
export function dispersion(omega: number, { m, theta }: Pick<HalvesRow, 'm' | 'theta'>): number {
  return 1 + omega * m * theta * (1 - theta);
}
