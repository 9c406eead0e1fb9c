import { gaugesIn, readsBuckets, type SampleRequest, type Subject } from '../release/evaluation.js';
import type { Windows } from './ledger.js';

/** What is to be known of one release. */
export interface Asked {
  readonly subjects: readonly Subject[];
  /** Those of them whose gauges count as well. @default all */
  readonly gauged?: readonly Subject[];
  readonly analysis: Parameters<typeof gaugesIn>[0] & Parameters<typeof readsBuckets>[0];
  readonly windows: Windows;
}

/** Returns one question about releases, one at least, whose windows have one length; each subject once. */
export function questionFor(all: readonly Asked[]): SampleRequest {
  const subjects = new Map<string, Subject>();
  const bucketsOf = new Map<string, Subject>();
  const gaugesOf = new Map<string, Map<string, Subject>>();
  for (const asked of all) {
    const buckets = readsBuckets(asked.analysis);
    const gauges = gaugesIn(asked.analysis);
    const gauged = new Set(asked.gauged ?? asked.subjects);
    for (const subject of asked.subjects) {
      const key = JSON.stringify(subject);
      subjects.set(key, subject);
      if (buckets) bucketsOf.set(key, subject);
      if (!gauged.has(subject)) continue;
      for (const metric of gauges) {
        gaugesOf.set(metric, (gaugesOf.get(metric) ?? new Map<string, Subject>()).set(key, subject));
      }
    }
  }
  return {
    subjects: [...subjects.values()],
    bucketsOf: [...bucketsOf.values()],
    gaugesOf: Object.fromEntries([...gaugesOf].map(([metric, of]) => [metric, [...of.values()]] as const)),
    ...spanOf(all.map(({ windows }) => windows)),
  };
}

function spanOf(all: readonly Windows[]): Windows {
  const firstEnd = Math.min(...all.map((each) => each.firstEnd));
  const lastEnd = Math.max(...all.map((each) => each.lastEnd));
  return { interval: all[0]?.interval ?? 1, firstEnd, lastEnd };
}
