import type { Assessment } from '../../release/judge.js';
import { bucketsTell, count, several, showAll } from '../words.js';
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

function describe({ metric, classification, value, limit, resolved }: Assessment): string {
  const [found, allowed] = showAll(metric, [value, limit]);
  const shown = `${metric} ${found}`;
  const told = resolved === undefined ? '' : `; ${bucketsTell(metric, resolved)}`;
  if (classification === 'high') return `${shown} (at most ${allowed}${told})`;
  if (classification === 'low') return `${shown} (at least ${allowed}${told})`;
  return `${shown} (limit ${allowed}${told})`;
}
