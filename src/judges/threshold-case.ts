import { distance } from 'fastest-levenshtein';
import * as z from 'zod';
import { type LedgerRow, type Missing, metricIds, percentileOf, type Sample } from '../release/evaluation.js';
import type { Assessment, CaseAnswer, CheckCase } from '../release/judge.js';
import { caseCount, caseId, caseValue } from './case-id.js';
import { verdictOf } from './threshold/verdict.js';
import { showAll } from './words.js';

const amount = caseValue.min(0);
const count = z.int().min(0);

const Window = z
  .strictObject({
    n: caseCount.nullable(),
    e: caseCount.nullable().optional(),
    latencySum: amount.nullable().optional(),
    buckets: z.array(z.tuple([z.number(), caseCount])).optional(),
    gauges: z.record(z.string(), caseValue.nullable()).optional(),
  })
  .refine(
    ({ n, e }) => (e ?? 0) <= (n ?? Number.POSITIVE_INFINITY),
    'has more errors e than requests n: give e of at most n',
  )
  .refine(
    ({ n, buckets = [] }) => areCumulative(buckets, n),
    'has no cumulative buckets: give [bound, requests up to it] by rising bounds, none above n',
  )
  .nullable();

const Objective = z.strictObject({
  metric: z.string().min(1),
  upperLimit: z.number().optional(),
  lowerLimit: z.number().optional(),
  maxRatio: z.number().positive().optional(),
  minRatio: z.number().positive().optional(),
});

const ThresholdCase = z.strictObject({
  ...caseId,
  rows: z.array(z.strictObject({ baseline: Window, candidate: Window })),
  objectives: z.array(Objective).min(1),
  rewards: z
    .array(z.strictObject({ metric: z.string().min(1), preferredDirection: z.enum(['high', 'low']) }))
    .default([]),
  minRequests: z.int().min(1).default(100),
  comparable: z.boolean().default(true),
  settings: z
    .strictObject({
      windows: z.enum(['all', 'each']).optional(),
      failures: count.optional(),
      consecutiveFailures: count.optional(),
    })
    .optional(),
});

/** Answers with the verdict on `candidate` beside `baseline`; see `threshold`. */
export function answerThresholdCase(check: CheckCase): CaseAnswer {
  const { id, rows, settings, ...asked } = check(ThresholdCase);
  const ledger = { interval: 60, rows: rows.map((row, i) => rowOf(row, i, asked)) };
  const verdict = verdictOf({ ...asked, ledger, ...names, settings: settings ? { threshold: settings } : {} });
  const { outcome, sentence, winner = null, standings } = verdict;
  const metrics = standings[0]?.assessments ?? [];
  return {
    json: { id, outcome, winner, metrics: metrics.map(jsonOf), sentence },
    sentence,
    table: [['metric', 'found', 'candidate', 'baseline', 'limit'], ...metrics.map(cellsOf)],
    outcome,
    remarks: [
      ...unmeasured('objectives', { rows, metrics: asked.objectives }),
      ...unmeasured('rewards', { rows, metrics: asked.rewards }),
    ],
  };
}

/** Any name may be that of a gauge; one that no window has is rather a slip. */
function unmeasured(
  key: 'objectives' | 'rewards',
  { rows, metrics }: { readonly rows: Rows; readonly metrics: readonly { readonly metric: string }[] },
): string[] {
  const gauges = rows.flatMap(({ baseline, candidate }) =>
    [baseline, candidate].flatMap((each) => Object.keys(each?.gauges ?? {})),
  );
  return metrics.flatMap(({ metric }, i) => {
    if (counted.includes(metric) || percentileOf(metric) !== undefined || gauges.includes(metric)) return [];
    const meant = [...counted, ...gauges].find((name) => distance(metric.toLowerCase(), name.toLowerCase()) <= 2);
    const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
    return [`${key}[${i}].metric: ${metric} counts as a gauge, and no window has one of that name${hint}`];
  });
}

/** The metrics that are no gauges, beside further percentiles. */
const counted: readonly string[] = metricIds;

type Rows = z.output<typeof ThresholdCase>['rows'];

const names = { baseline: 'baseline', candidates: ['candidate'] };

/** What is asked of the windows. */
type Asked = Pick<z.output<typeof ThresholdCase>, 'objectives' | 'rewards'>;

function rowOf(
  { baseline, candidate }: z.output<typeof ThresholdCase>['rows'][number],
  position: number,
  asked: Asked,
) {
  const versions = { baseline: entryOf(baseline, asked), candidate: entryOf(candidate, asked) };
  return { end: 60 * (position + 1), versions } satisfies LedgerRow;
}

/** A window without a count that is asked for is none: 0 would be a guess, and a good one at that. */
function entryOf(window: z.output<typeof Window>, { objectives, rewards }: Asked): Sample | Missing {
  if (window === null || window.n === null) return { missing: 'no data' };
  if (window.n === 0) return { missing: 'no requests' };
  const { n, e = null, latencySum = null, buckets, gauges = {} } = window;
  const metrics = [...objectives, ...rewards].map(({ metric }) => metric);
  if (e === null && metrics.includes('error-rate')) return { missing: 'no e' };
  if (latencySum === null && metrics.includes('latency-mean')) return { missing: 'no latencySum' };
  const present = Object.entries(gauges).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return {
    requests: n,
    errors: e ?? 0,
    latencySum: latencySum ?? 0,
    ...(buckets && { latencyBuckets: buckets.map(([upTo, counted]) => ({ upTo, requests: counted })) }),
    gauges: Object.fromEntries(present),
  };
}

function areCumulative(buckets: readonly (readonly [number, number])[], n: number | null): boolean {
  return buckets.every(([bound, counted], i) => {
    const [before = Number.NEGATIVE_INFINITY, less = 0] = buckets[i - 1] ?? [];
    return bound > before && counted >= less && counted <= (n ?? counted);
  });
}

function jsonOf({ metric, classification, value, baseline, limit }: Assessment) {
  return { metric, classification, value: value ?? null, baseline: baseline ?? null, limit: limit ?? null };
}

function cellsOf({ metric, classification, value, baseline, limit }: Assessment): string[] {
  return [metric, classification, ...showAll(metric, [value, baseline, limit])];
}
