import { isSample, type LedgerRow } from '../release/evaluation.js';
import { isoTime } from '../release/iso-time.js';
import type { Resolved } from '../release/judge.js';

/** Says for each version that has no sample in the newest row why it has none. */
export function missingIn(newest: LedgerRow | undefined, versions: readonly string[]): string {
  if (newest === undefined) return 'no window has ended yet';
  const reasons = versions.flatMap((name) => {
    const entry = newest.versions[name];
    if (isSample(entry)) return [];
    return [`${name} has ${entry === undefined ? 'no data' : entry.missing}`];
  });
  const until = isoTime(newest.end);
  return `no data to judge in the window until ${until}: ${reasons.join(', ')}`;
}

/** Says how many more requests it takes. */
export function shortOf(version: string, had: number, needed: number): string {
  return `${version} needs ${count(needed - had)} more requests: ${count(had)} of ${count(needed)}`;
}

/** Returns a value in the unit of its metric, such as `0.53 %` or `12.3 ms`; `-` where there is none. */
export function show(metric: string, value: number | undefined): string {
  return showAll(metric, [value]).join('');
}

/**
 * Returns values that stand side by side, with as many digits as it takes to tell them apart: 7.001 % is not at most 7 %,
 * and neither is shown as the other. Values that agree in twelve digits are the same.
 */
export function showAll(metric: string, values: readonly (number | undefined)[]): string[] {
  const different = distinct(values.map((value) => value?.toPrecision(SAME)));
  const briefly = values.map((value) => showWith(metric, value, 0));
  let texts = briefly;
  for (let more = 1; distinct(texts) < different; more += 1) {
    if (more === SAME) return briefly;
    texts = values.map((value) => showWith(metric, value, more));
  }
  return texts;
}

/** Digits in which two values agree that differ only by how they were computed. */
const SAME = 12;

function distinct(texts: readonly (string | undefined)[]): number {
  return new Set(texts).size;
}

function showWith(metric: string, value: number | undefined, more: number): string {
  if (value === undefined) return '-';
  if (metric === 'request-count') return count(value);
  if (metric === 'error-rate' || metric === 'request-share') return `${rounded(100 * value, 2, more)} %`;
  if (metric.startsWith('latency-')) return `${rounded(value, 1, more)} ms`;
  return String(Number(value.toPrecision(4 + more)));
}

/** To so many decimals, but never fewer than two digits, since a small share is not none; and `more` than that. */
function rounded(value: number, decimals: number, more: number): number {
  const before = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return Number(value.toPrecision(Math.min(MOST, Math.max(2, before + decimals) + more)));
}

/** Digits beyond which a double says no more. */
const MOST = 17;

/** Returns the limit that the buckets of a percentile can tell, such as `the buckets tell 500 ms`. */
export function bucketsTell(metric: string, { limit, ratio }: Resolved): string {
  if (limit === undefined) return 'no bucket tells';
  const times = ratio === undefined ? '' : `, ${Number(ratio.toPrecision(3))} times the baseline's bound`;
  return `the buckets tell ${show(metric, limit)}${times}`;
}

/** Returns a number with its noun, such as `1 window` or `2 windows`. */
export function several(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Returns a whole number as people read it, such as `1,900`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}
