import type { History } from '../../release/judge.js';
import { betaPosterior } from '../../stats/beta-posterior.js';
import { meanPosterior } from '../../stats/mean-posterior.js';
import { assumedOverdispersion } from '../../stats/overdispersion.js';
import type { Posterior } from '../../stats/posterior.js';
import type { Estimate } from './estimate.js';
import type { Kind } from './observations.js';

/** What is believed of a share before any data; Iter8's. */
const prior = 0.1;

/** Windows that a gauge needs: with fewer its spread is a guess. */
const leastGauges = 3;

/** Towards which side a doubt is decided; `none` is Iter8's prior. */
export type Doubt = 'none' | 'low' | 'high';

/** How a posterior is made. */
export interface BeliefOptions {
  readonly metric: string;
  readonly kind: Kind | undefined;
  readonly history?: History | undefined;
  /** @default none */
  readonly doubt?: Doubt;
}

/**
 * Returns what is known of a metric; undefined where the windows do not tell how exact it is.
 *
 * Shares: Beta(0.1 + e, 0.1 + n − e) of e bad requests among n. Errors come in bursts, and pods differ, so both are
 * divided by 1 + ½·ω·v, v = e·(1 − e/n) in a window of mean size; ω is the overdispersion. A doubt adds one bad request
 * (high) or one good one (low) in place of the prior: with opposite doubts for two shares the probability that one is
 * larger is the p-value of Fisher's exact test, and against a fixed limit that of Clopper and Pearson, so that a
 * decision is no artefact of the prior (Altham, "Exact Bayesian analysis of a 2×2 contingency table", JRSS B 1969).
 *
 * Mean latencies: Student's t around the mean, variance s²/n with s² = (Σ n_i·(x_i − x̄)² + x̄²)/max(1, k − 1) over k
 * windows, the squares without what the versions have in common (see estimates). The x̄² says beforehand that latencies
 * spread about as much as they last; it keeps windows that happen to be equal from making certain, has the unit of a
 * variance, and no weight after some windows.
 *
 * Gauges: the same with n_i = 1 and no x̄², since a gauge may be about 0; the variance times (1 + r)/(1 − r), r being
 * their autocorrelation. At least three windows that are not all equal.
 */
export function belief(
  estimate: Estimate,
  { metric, kind, history = {}, doubt = 'none' }: BeliefOptions,
): Posterior | undefined {
  if (kind === 'share') return shareBelief(estimate, history.overdispersion?.[metric] ?? assumedOverdispersion, doubt);
  const { value, squares, count, requests } = estimate;
  if (kind === 'mean') {
    const df = Math.max(1, count - 1);
    return meanBelief(value, { variance: (squares + value ** 2) / df / requests, df });
  }
  if (kind === undefined || count < leastGauges) return undefined;
  const correlation = history.autocorrelation?.[metric] ?? 0;
  const df = count - 1;
  return meanBelief(value, { variance: ((squares / df / count) * (1 + correlation)) / (1 - correlation), df });
}

function shareBelief({ value, requests, windows }: Estimate, overdispersion: number, doubt: Doubt): Posterior {
  const perWindow = (requests / windows) * value * (1 - value);
  const tempered = requests / (1 + (overdispersion / 2) * Math.max(0, perWindow));
  const bad = tempered * Math.min(1, value);
  const good = tempered - bad;
  if (doubt === 'none') return betaPosterior(prior + bad, prior + good);
  const [moreBad, moreGood] = doubt === 'high' ? [1, 0] : [0, 1];
  return betaPosterior(Math.max(prior, bad + moreBad), Math.max(prior, good + moreGood));
}

function meanBelief(center: number, { variance, df }: { variance: number; df: number }): Posterior | undefined {
  const standardError = Math.sqrt(variance);
  // Equal values that are not binary fractions differ by rounding.
  return standardError > 1e-13 * Math.abs(center) && standardError < Number.POSITIVE_INFINITY
    ? meanPosterior({ center, standardError, df })
    : undefined;
}
