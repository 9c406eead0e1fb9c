import {
  type Analysis,
  gaugesIn,
  indicatorsIn,
  readsBuckets,
  type SampleRequest,
  type Subject,
} from '../release/evaluation.js';
import type { Windows } from './ledger.js';

/** What is to be known of one release. */
export interface Asked {
  readonly subjects: readonly Subject[];
  /** Those of them whose gauges count as well. @default all */
  readonly gauged?: readonly Subject[];
  readonly analysis: Judged & Pick<Analysis, 'indicators'>;
  readonly windows: Windows;
}

/** What a release is judged by. */
type Judged = Pick<Analysis, 'objectives' | 'rewards'>;

/** Returns one question about releases, one at least, whose windows have one length; each subject once. */
export function questionFor(all: readonly Asked[]): SampleRequest {
  const subjects = new Map(all.flatMap((asked) => asked.subjects.map((each) => [JSON.stringify(each), each] as const)));
  const isShown = all.some(({ analysis }) => (analysis.indicators ?? []).length > 0);
  return {
    subjects: [...subjects.values()],
    ...measuresOf(all, ({ analysis }) => analysis),
    ...(isShown && { shown: measuresOf(all, ({ analysis }) => indicatorsIn(analysis)) }),
    ...spanOf(all.map(({ windows }) => windows)),
  };
}

/** Returns of whom buckets and gauges are asked for. */
function measuresOf(all: readonly Asked[], judged: (asked: Asked) => Judged): NonNullable<SampleRequest['shown']> {
  const bucketsOf = new Map<string, Subject>();
  const gaugesOf = new Map<string, Map<string, Subject>>();
  for (const asked of all) {
    const buckets = readsBuckets(judged(asked));
    const gauges = gaugesIn(judged(asked));
    const gauged = new Set(asked.gauged ?? asked.subjects);
    for (const subject of asked.subjects) {
      const key = JSON.stringify(subject);
      if (buckets) bucketsOf.set(key, subject);
      if (!gauged.has(subject)) continue;
      for (const metric of gauges) {
        gaugesOf.set(metric, (gaugesOf.get(metric) ?? new Map<string, Subject>()).set(key, subject));
      }
    }
  }
  return {
    bucketsOf: [...bucketsOf.values()],
    gaugesOf: Object.fromEntries([...gaugesOf].map(([metric, of]) => [metric, [...of.values()]] as const)),
  };
}

function spanOf(all: readonly Windows[]): Windows {
  const firstEnd = Math.min(...all.map((each) => each.firstEnd));
  const lastEnd = Math.max(...all.map((each) => each.lastEnd));
  return { interval: all[0]?.interval ?? 1, firstEnd, lastEnd };
}
