import type { Posterior } from './posterior.js';
import { logGammaDraw, normalDraw } from './random-draws.js';
import { studentTLogCdf } from './student-t.js';
import { studentTLogPdf, studentTQuantile } from './student-t-quantile.js';

/** A mean as it was measured. */
export interface MeanEstimate {
  readonly center: number;
  /** Of the mean, not of single values; above 0, in the same unit. */
  readonly standardError: number;
  /** Degrees of freedom that the standard error was estimated with, above 0. */
  readonly df: number;
}

/**
 * Returns what is known of a mean: a normal distribution around the measured one whose variance is itself estimated, so
 * that it is Student's t with the degrees of freedom of that estimate; normal in the limit.
 *
 * Formula: center + standardError·t_df, the posterior under the prior p(μ, σ²) ∝ 1/σ².
 * Assumes normal window means, which many requests a window make nearly true.
 * Source: Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.2.
 */
export function meanPosterior({ center, standardError, df }: MeanEstimate): Posterior {
  return {
    cdf: (x) => Math.exp(studentTLogCdf((x - center) / standardError, df)),
    quantile: (p) => center + standardError * studentTQuantile(p, df),
    scale: {
      center: 0,
      width: 1,
      density: (place) => Math.exp(studentTLogPdf(Math.sinh(place), df)) * Math.cosh(place),
      valueAt: (place) => center + standardError * Math.sinh(place),
      placeOf: (x) => Math.asinh((x - center) / standardError),
    },
    draw: (random) => {
      const spread = Math.exp((Math.log(df / 2) - logGammaDraw(df / 2, random)) / 2);
      return center + standardError * normalDraw(random) * spread;
    },
  };
}
