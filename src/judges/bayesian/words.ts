import { normalQuantile } from '../../stats/normal.js';
import { count, several, show, showAll } from '../words.js';
import type { Finding } from './finding.js';

/** Returns a probability in percent, never rounded to certainty. */
export function percent(probability: number): string {
  if (probability > 0.9999) return 'over 99.99 %';
  if (probability < 0.0001) return 'under 0.01 %';
  return `${Number((100 * probability).toFixed(2))} %`;
}

/**
 * Returns what was found, such as `error-rate 0.8 % (at most 1 %: 83 % sure)`, or where a limit is broken
 * `error-rate 20 % (above 1 %: over 99.99 % sure)`: always how sure it is what is said.
 */
export function describe({ assessment, limit, state }: Finding): string {
  const { metric, value, baseline, probability = 0 } = assessment;
  if (limit === undefined) return `${metric} cannot be told`;
  const broken = state === 'broken';
  const { constant, ratio, side } = limit;
  const [found, allowed] = showAll(metric, [value, ratio === 0 ? constant : assessment.limit]);
  const bound = side === 'upper' ? (broken ? 'above' : 'at most') : broken ? 'below' : 'at least';
  const to = ratio === 0 ? allowed : `${ratio} × ${show(metric, baseline)}`;
  const sure = metric === 'request-count' ? '' : `: ${percent(broken ? 1 - probability : probability)} sure`;
  return `${metric} ${found} (${bound} ${to}${sure})`;
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

/** Who has how many requests. */
export interface Ground {
  /** By candidate. */
  readonly requests: ReadonlyMap<string, number>;
  /** Undefined where it is no comparison. */
  readonly baseline: { readonly name: string; readonly requests: number } | undefined;
  /** Whether it must be said whose requests they are. */
  readonly named: boolean;
}

/** Returns what conclusions rest on, such as `300 requests against 2,700 of v1` or `300 requests of v2, 330 of v3`. */
export function describeGround({ requests, baseline, named }: Ground): string {
  const own = [...requests].map(([name, had], i) => {
    return `${i === 0 ? several(had, 'request') : count(had)}${named ? ` of ${name}` : ''}`;
  });
  return `${own.join(', ')}${baseline === undefined ? '' : ` against ${count(baseline.requests)} of ${baseline.name}`}`;
}
