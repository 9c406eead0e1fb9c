import { normalQuantile } from './normal.js';

/**
 * Returns where the share of all is likely to lie when `successes` of `trials` were seen, from and to; 0 to 1 of none.
 *
 * Formula: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), which covers about `confidence` also near 0 and 1.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 *
 * @example wilsonInterval(0, 20) // [0, 0.161…]
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / trials;
  const spread = (z * z) / trials;
  const middle = (share + spread / 2) / (1 + spread);
  const half = (z * Math.sqrt((share * (1 - share)) / trials + spread / (4 * trials))) / (1 + spread);
  return [successes === 0 ? 0 : middle - half, successes === trials ? 1 : middle + half];
}
