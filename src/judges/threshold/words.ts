import type { Assessment } from '../../release/judge.js';
import { count, several, showAll } from '../words.js';
import type { Finding } from './assess.js';
import { type Look, type OneInput, requestsIn } from './look.js';

/** Returns the objectives as they were found, such as `error-rate 5 % (at most 1 %) and …`. */
export function listOf(findings: readonly Finding[]): string {
  return findings.map(({ assessment }) => describe(assessment)).join(' and ');
}

/** Returns how much the windows hold, such as `100 requests against 1,900 of v1`. */
export function evidence(look: Look, { baseline: name }: OneInput): string {
  const { baseline, candidate } = requestsIn(look);
  return `${several(candidate, 'request')}${baseline === 0 ? '' : ` against ${count(baseline)} of ${name}`}`;
}

function describe({ metric, classification, value, limit }: Assessment): string {
  const [found, allowed] = showAll(metric, [value, limit]);
  const shown = `${metric} ${found}`;
  if (classification === 'high') return `${shown} (at most ${allowed})`;
  if (classification === 'low') return `${shown} (at least ${allowed})`;
  return `${shown} (limit ${allowed})`;
}
