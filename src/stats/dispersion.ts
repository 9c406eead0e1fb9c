/** Returns φ = 1 + ω·m·θ·(1 − θ) ≥ 1, by which the log likelihood ratio of a window is divided. With ω = 0 it is 1. */
export function dispersion(omega: number, { m, theta }: { readonly m: number; readonly theta: number }): number {
  return 1 + omega * m * theta * (1 - theta);
}
