/**
 * Returns a generator of numbers above 0 and below 1: the same seed gives the same numbers on every machine.
 *
 * A counter that steps by 2³² over the golden ratio, mixed by the last step of MurmurHash3 (A. Appleby), so that it has
 * period 2³² and each number once. For simulations, not for secrets.
 */
export function seededRandom(seed: number): () => number {
  let counter = seed >>> 0;
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let bits = Math.imul(counter ^ (counter >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

/** Returns a standard normal number, by Box and Muller (1958). */
export function normalDraw(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Returns the logarithm of a gamma number with a shape above 0 and scale 1; logarithms because shapes such as 0.1 give
 * numbers too small for a double. Source: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
 */
export function logGammaDraw(shape: number, random: () => number): number {
  if (shape < 1) return logGammaDraw(shape + 1, random) + Math.log(random()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normalDraw(random);
    const root = 1 + c * z;
    if (root <= 0) continue;
    const v = root ** 3;
    if (Math.log(random()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
