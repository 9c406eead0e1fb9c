import type { SampleRequest } from '../release/evaluation.js';
import type { Exchange } from './ask.js';
import type { Endpoint } from './endpoint.js';
import { excerpt } from './failure.js';
import { postForm } from './post-form.js';
import { type PrometheusMatrix, readMatrix } from './prometheus-answer.js';

/** The windows that a query is asked for. */
export type Windows = Pick<SampleRequest, 'interval' | 'firstEnd' | 'lastEnd'>;

/** Where Prometheus answers such queries. */
export const rangePath = '/api/v1/query_range';

/** Prometheus refuses more points per series. */
const maxPoints = 11_000;

/** What a query brought, whole. */
export interface RangeAnswer {
  readonly data: PrometheusMatrix['data'];
  /** The server's own words, each once: among them that an answer is partial. */
  readonly warnings: readonly string[];
  /** What time it was there, in Unix seconds; undefined where the server does not say. */
  readonly asOf: number | undefined;
}

/**
 * Asks a query for every window, in as many requests as its points need, and returns the answers as one.
 *
 * @throws SourceError when one of them fails: an answer with a hole would be taken for one without traffic
 */
export async function queryRange(
  target: Endpoint,
  { query, ...windows }: Windows & { readonly query: string },
  exchange: Exchange,
): Promise<RangeAnswer> {
  const step = `${windows.interval}`;
  const answers = await Promise.all(
    chunksOf(windows).map(async ({ firstEnd, lastEnd }) => {
      const form = { query, start: `${firstEnd}`, end: `${lastEnd}`, step };
      const answer = await postForm(target, form, exchange);
      return { ...readMatrix(target, answer), date: Date.parse(answer.date ?? '') / 1000 };
    }),
  );
  const warnings = answers.flatMap((answer) => [...answer.warnings, ...answer.infos]);
  const asOf = Math.min(...answers.map(({ date }) => date));
  return {
    data: joined(answers),
    warnings: [...new Set(warnings.map((words) => excerpt(target, words)))],
    asOf: Number.isNaN(asOf) ? undefined : asOf,
  };
}

/** Returns how many windows there are. */
export function countOf({ firstEnd, lastEnd, interval }: Windows): number {
  return Math.max(0, Math.floor((lastEnd - firstEnd) / interval) + 1);
}

function chunksOf({ firstEnd, lastEnd, interval }: Windows): Pick<Windows, 'firstEnd' | 'lastEnd'>[] {
  const chunks = Math.ceil(countOf({ firstEnd, lastEnd, interval }) / maxPoints);
  return Array.from({ length: chunks }, (_, chunk) => {
    const start = firstEnd + chunk * maxPoints * interval;
    return { firstEnd: start, lastEnd: Math.min(lastEnd, start + (maxPoints - 1) * interval) };
  });
}

/** Returns one matrix of all. Two series of the same labels in one answer stay two: whoever asked must know. */
function joined(answers: readonly PrometheusMatrix[]): PrometheusMatrix['data'] {
  const [first, ...later] = answers;
  if (later.length === 0) return first?.data ?? { resultType: 'matrix', result: [] };
  const series = new Map<string, PrometheusMatrix['data']['result'][number]>();
  for (const { data } of answers) {
    const seen = new Map<string, number>();
    for (const { metric, values } of data.result) {
      const labels = JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
      const nth = seen.get(labels) ?? 0;
      seen.set(labels, nth + 1);
      const key = `${nth} ${labels}`;
      series.set(key, { metric, values: [...(series.get(key)?.values ?? []), ...values] });
    }
  }
  return { resultType: 'matrix', result: [...series.values()] };
}
