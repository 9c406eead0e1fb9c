import { logGamma } from './log-gamma.js';

/** From this mean on rejection takes fewer steps than counting up. */
const LARGE = 10;

/** Where a table of the hat decides without the density, of both generators. */
const SURE = 0.07;

/**
 * Returns a Poisson number with a mean from 0. Its time does not grow with the mean; it takes as many numbers of
 * `random` as it happens to need.
 *
 * Source: PTRS of Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance:
 * Mathematics and Economics 12 (1993); below 10 Knuth's product of uniforms.
 */
export function poissonDraw(mean: number, random: () => number): number {
  if (mean < LARGE) return knuth(mean, random);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const sure = 0.9277 - 3.6224 / (b - 2);
  const logScale = Math.log(1.1239 + 1.1328 / (b - 3.4));
  const logMean = Math.log(mean);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= SURE && v <= sure) return k;
    if (k < 0 || (edge < 0.013 && v > edge)) continue;
    const height = Math.log(v) + logScale - Math.log(a / (edge * edge) + b);
    if (height <= k * logMean - mean - logGamma(k + 1)) return k;
  }
}

function knuth(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/**
 * Returns how many of `n` independent trials succeed, each with the chance `p`. Its time does not grow with `n`.
 *
 * Source: BTRS of Hörmann, "The generation of binomial random variates", Journal of Statistical Computation and
 * Simulation 46 (1993); below a mean of 10 the gaps between successes are drawn.
 */
export function binomialDraw(n: number, p: number, random: () => number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomialDraw(n, 1 - p, random);
  return n * p < LARGE ? byGaps(n, p, random) : byRejection(n, p, random);
}

function byGaps(n: number, p: number, random: () => number): number {
  const logMiss = Math.log1p(-p);
  let count = 0;
  for (let trial = gap(); trial <= n; trial += gap()) count += 1;
  return count;

  function gap(): number {
    return Math.floor(Math.log(random()) / logMiss) + 1;
  }
}

function byRejection(n: number, p: number, random: () => number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const sure = 0.92 - 4.2 / b;
  const scale = (2.83 + 5.1 / b) * deviation;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  const top = logGamma(mode + 1) + logGamma(n - mode + 1);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + n * p + 0.5);
    if (edge >= SURE && v <= sure) return k;
    if (k < 0 || k > n) continue;
    const height = Math.log((v * scale) / (a / (edge * edge) + b));
    if (height <= top - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds) return k;
  }
}
