import { normalQuantile } from '../../stats/normal.js';
import { count, show } from '../words.js';
import type { Finding } from './finding.js';

/** Returns a probability in percent, never rounded to certainty. */
export function percent(probability: number): string {
  if (probability > 0.9999) return 'over 99.99 %';
  if (probability < 0.0001) return 'under 0.01 %';
  return `${Number((100 * probability).toFixed(2))} %`;
}

/** Returns what was found, such as `error-rate 0.8 % (at most 1 %: 83 % sure)`. */
export function describe({ assessment, limit }: Finding): string {
  const { metric, value, baseline, probability = 0 } = assessment;
  if (limit === undefined) return `${metric} cannot be told`;
  const bound = limit.side === 'upper' ? 'at most' : 'at least';
  const to = limit.ratio === 0 ? show(metric, limit.constant) : `${limit.ratio} × ${show(metric, baseline)}`;
  const sure = metric === 'request-count' ? '' : `: ${percent(probability)} sure`;
  return `${metric} ${show(metric, value)} (${bound} ${to}${sure})`;
}

/** Returns several findings in a row. */
export function listOf(findings: readonly Finding[]): string {
  return findings.map(describe).join(' and ');
}

/**
 * Returns about how many more requests it takes until a probability is as far from one half as it must be, if nothing
 * else changes: the distance in standard errors grows with the square root of the requests. Undefined where it is too
 * near one half to tell.
 *
 * @param needed standard errors
 */
export function moreRequests(probability: number, { requests, needed }: { requests: number; needed: number }): string {
  const now = Math.abs(normalQuantile(Math.min(1 - 1e-16, Math.max(1e-300, probability))));
  const more = requests * ((needed / now) ** 2 - 1);
  if (!(more < 100 * requests)) return 'it is too near to tell with 100 times the requests';
  return `about ${count(Number(Math.ceil(Math.max(more, requests / 10)).toPrecision(2)))} more requests would tell`;
}
