import { isSample, type LedgerRow } from '../release/evaluation.js';

/** Says for each version that has no sample in the newest row why it has none. */
export function missingIn(newest: LedgerRow | undefined, versions: readonly string[]): string {
  if (newest === undefined) return 'no window has ended yet';
  const reasons = versions.flatMap((name) => {
    const entry = newest.versions[name];
    if (isSample(entry)) return [];
    return [`${name} has ${entry === undefined ? 'no data' : entry.missing}`];
  });
  return `no data to judge in the window until ${new Date(newest.end * 1000).toISOString()}: ${reasons.join(', ')}`;
}

/** Says how many more requests it takes. */
export function shortOf(version: string, had: number, needed: number): string {
  return `${version} needs ${count(needed - had)} more requests: ${count(had)} of ${count(needed)}`;
}

/** Returns a value in the unit of its metric. */
export function show(metric: string, value: number | undefined): string {
  if (value === undefined) return '-';
  if (metric === 'error-rate' || metric === 'request-share') return `${Number((100 * value).toFixed(2))} %`;
  if (metric.startsWith('latency-')) return `${Number(value.toFixed(1))} ms`;
  return metric === 'request-count' ? count(value) : String(Number(value.toPrecision(4)));
}

/** Returns a number with its noun, such as `1 window` or `2 windows`. */
export function several(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Returns a whole number as people read it, such as `1,900`. */
export function count(value: number): string {
  return value.toLocaleString('en');
}
