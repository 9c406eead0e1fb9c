/**
 * Returns ln(1 − e^v) for v ≤ 0: the logarithm of a probability's complement from its own logarithm.
 *
 * Range: v = 0 gives −∞, v = −∞ gives 0. Accuracy: 1e-15 relative.
 * Source: Mächler, "Accurately computing log(1 − exp(−|a|))", 2012: two formulas that meet at −ln 2.
 */
export function logOneMinusExp(v: number): number {
  return v > -Math.LN2 ? Math.log(-Math.expm1(v)) : Math.log1p(-Math.exp(v));
}
