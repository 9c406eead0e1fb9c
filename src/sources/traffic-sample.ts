import type { Missing, Sample } from '../release/evaluation.js';
import { redact } from '../secret.js';

/** The values of one window as the source wrote them; undefined where it has no series. */
export interface TrafficValues {
  readonly requests: string | undefined;
  readonly errors: string | undefined;
  /** A sum, in milliseconds. */
  readonly latency: string | undefined;
  /**
   * The requests whose latencies that sum holds.
   *
   * @default - all of them
   */
  readonly timed?: string | undefined;
}

/** What to say of a value that is not there. */
export type Absence = { readonly [Name in 'requests' | 'errors' | 'latency']: string };

/**
 * Returns the sample that the values amount to, or why they are none.
 * Counts are rounded, since a source may extrapolate to the bounds of the window.
 *
 * @example
 *   trafficSample({ requests: '60.2', errors: '0', latency: '1204.5' }, absence)
 *   // { requests: 60, errors: 0, latencySum: 1204.5 }
 */
export function trafficSample(values: TrafficValues, absence: Absence): Sample | Missing {
  const requests = quantity('requests', values, absence);
  if (typeof requests !== 'number') return requests;
  const rounded = Math.round(requests);
  if (rounded === 0) return { missing: 'no requests', idle: true };

  const errors = quantity('errors', values, absence);
  if (typeof errors !== 'number') return errors;
  // The same series summed in another order may differ in the last bits; anything beyond is no rounding.
  if (errors > requests * (1 + 1e-9)) return { missing: `more errors than requests: ${errors} of ${requests}` };
  const counts = { requests: rounded, errors: Math.min(Math.round(errors), rounded) };

  const latency = 'timed' in values ? scaledLatency(counts, values) : quantity('latency', values, absence);
  return typeof latency === 'number' ? { ...counts, latencySum: latency } : latency;
}

/**
 * Returns the sum of the latencies as if every request had been timed. Where none was since all of them failed before a
 * version answered, it is 0: they are counted as errors, and a window without them would show a dead version as idle.
 */
function scaledLatency(
  { requests, errors }: Pick<Sample, 'requests' | 'errors'>,
  { latency = '0', timed = '0' }: TrafficValues,
): number | Missing {
  const [sum, count] = [parseQuantity(latency), parseQuantity(timed)];
  if (typeof sum !== 'number') return { missing: `${sum.unreadable} for latency` };
  if (typeof count !== 'number') return { missing: `${count.unreadable} for timed requests` };
  if (count > 0) return (sum / count) * requests;
  return errors === requests ? 0 : { missing: 'no latencies of its requests' };
}

function quantity(name: keyof Absence, values: TrafficValues, absence: Absence): number | Missing {
  const text = values[name];
  if (text === undefined) return { missing: absence[name], ...(name === 'requests' && { idle: true }) };
  const value = parseQuantity(text);
  return typeof value === 'number' ? value : { missing: `${value.unreadable} for ${name}` };
}

/** Returns the number of a text, or how to show a text that is none that a counter can have increased by, such as `NaN`. */
export function parseQuantity(text: string): number | { readonly unreadable: string } {
  const value = parseDecimal(text);
  if (value !== undefined && value >= 0) return value;
  // It is a word of the server's, which may repeat what it was sent.
  const shown = redact(text);
  return { unreadable: /^[\w.+-]{1,40}$/.test(shown) ? shown : JSON.stringify(shown.slice(0, 40)) };
}

/** `Number` would also take an empty text, blanks and hexadecimals. */
function parseDecimal(text: string): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  // Beyond it counts are not exact, and sums overflow.
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
