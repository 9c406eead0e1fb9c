import type { SampleRequest, Subject } from '../release/evaluation.js';

/** Of whom buckets, and which gauges of whom, are asked for. */
export type Wanted = Required<NonNullable<SampleRequest['shown']>>;

/** Returns what a request asks for, be it judged or only shown; a subject may stand there twice. */
export function wantedOf({ bucketsOf = [], gaugesOf = {}, shown = {} }: Omit<SampleRequest, 'subjects'>): Wanted {
  const gauges = new Map<string, readonly Subject[]>(Object.entries(gaugesOf));
  for (const [metric, of] of Object.entries(shown.gaugesOf ?? {})) {
    gauges.set(metric, [...(gauges.get(metric) ?? []), ...of]);
  }
  return { bucketsOf: [...bucketsOf, ...(shown.bucketsOf ?? [])], gaugesOf: Object.fromEntries(gauges) };
}
