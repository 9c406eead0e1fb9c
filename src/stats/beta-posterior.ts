import { betaQuantile } from './beta-quantile.js';
import { logBetaKernel } from './log-beta-kernel.js';
import { logIncompleteBeta } from './log-incomplete-beta.js';
import type { Posterior } from './posterior.js';
import { logGammaDraw } from './random-draws.js';

/**
 * Returns the beta distribution with these shapes: what is known of a share after a − a₀ bad and b − b₀ good requests,
 * if a beta distribution with shapes a₀ and b₀ was believed before. Both need not be whole numbers.
 *
 * Assumes that requests fail independently, each with the same probability. Integrated over the log odds, where the
 * density is smooth even for shapes below 1. What is nearer to 1 than doubles tell counts as 1, which matters where b
 * is far below 1. Throws unless 0 < a, b < ∞.
 */
export function betaPosterior(a: number, b: number): Posterior {
  return {
    cdf: (x) => (x <= 0 ? 0 : x >= 1 ? 1 : Math.exp(logIncompleteBeta(x, { a, b }))),
    quantile: (p) => betaQuantile(p, { a, b }),
    scale: {
      center: Math.log(a / b),
      width: Math.sqrt(1 / a + 1 / b),
      density: (place) => {
        const x = logistic(place);
        const complement = logistic(-place);
        return x === 0 || complement === 0 ? 0 : Math.exp(logBetaKernel(x, { a, b, complement }));
      },
      valueAt: logistic,
      placeOf: (x) => (x <= 0 ? Number.NEGATIVE_INFINITY : x >= 1 ? Number.POSITIVE_INFINITY : Math.log(x / (1 - x))),
    },
    draw: (random) => logistic(logGammaDraw(a, random) - logGammaDraw(b, random)),
  };
}

function logistic(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
