/** Returns the next number of a sequence, from 0 up to but not 1. */
export type Random = () => number;

/** Returns the sequence that belongs to a seed (any integer): Mulberry32, by Tommy Ettinger, public domain. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `exp(-mean)` must stay well above the smallest double. */
const maxChunk = 500;

/**
 * Returns a Poisson-distributed count, by Knuth's product of uniforms.
 * It is exact, and takes about `mean` steps. Large means are drawn in parts, whose sum has the same distribution.
 */
export function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let rest = mean; rest > 0; rest -= maxChunk) {
    const limit = Math.exp(-Math.min(rest, maxChunk));
    for (let product = random(); product > limit; product *= random()) count += 1;
  }
  return count;
}

/**
 * Returns a Gamma-distributed value with scale 1; its mean and its variance are `shape`.
 * By the cube of a normal (Wilson and Hilferty, 1931), close for shapes of 1 and more, and 0 for shape 0.
 */
export function gamma(random: Random, shape: number): number {
  if (shape === 0) return 0;
  const root = 1 - 1 / (9 * shape) + normal(random) / (3 * Math.sqrt(shape));
  return shape * Math.max(0, root) ** 3;
}

/** Returns the chance that a Gamma-distributed value with scale 1 is below `value`; `shape` is a whole number from 1. */
export function gammaBelow(value: number, shape: number): number {
  let term = Math.exp(-value);
  let above = term;
  for (let n = 1; n < shape; n += 1) {
    term *= value / n;
    above += term;
  }
  return 1 - above;
}

/** By Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
