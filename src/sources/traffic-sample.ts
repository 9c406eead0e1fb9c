import type { Missing, Sample } from '../release/evaluation.js';

/** The values of one window as the source wrote them; undefined where it has no series. */
export interface TrafficValues {
  readonly requests: string | undefined;
  readonly errors: string | undefined;
  /** A sum, in milliseconds. */
  readonly latency: string | undefined;
}

/** What to say of a value that is not there. */
export type Absence = { readonly [Name in keyof TrafficValues]: string };

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
  if (rounded === 0) return { missing: 'no requests' };

  const errors = quantity('errors', values, absence);
  if (typeof errors !== 'number') return errors;
  // The same series summed in another order may differ in the last bits; anything beyond is no rounding.
  if (errors > requests * (1 + 1e-9)) return { missing: `more errors than requests: ${errors} of ${requests}` };

  const latency = quantity('latency', values, absence);
  if (typeof latency !== 'number') return latency;
  return { requests: rounded, errors: Math.min(Math.round(errors), rounded), latencySum: latency };
}

function quantity(name: keyof TrafficValues, values: TrafficValues, absence: Absence): number | Missing {
  const text = values[name];
  if (text === undefined) return { missing: absence[name] };
  const value = parseQuantity(text);
  return typeof value === 'number' ? value : { missing: `${value.unreadable} for ${name}` };
}

/** Returns the number of a text, or how to show a text that is none that a counter can have increased by, such as `NaN`. */
export function parseQuantity(text: string): number | { readonly unreadable: string } {
  const value = parseDecimal(text);
  if (value !== undefined && value >= 0) return value;
  return { unreadable: /^[\w.+-]{1,40}$/.test(text) ? text : JSON.stringify(text.slice(0, 40)) };
}

/** `Number` would also take an empty text, blanks and hexadecimals. */
function parseDecimal(text: string): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined;
  const value = Number(text);
  // Beyond it counts are not exact, and sums overflow.
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
