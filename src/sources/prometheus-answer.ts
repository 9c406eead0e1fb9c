import * as z from 'zod';
import type { SourceError } from '../errors.js';
import type { HttpAnswer } from './ask.js';
import type { Endpoint } from './endpoint.js';
import { excerpt, failure } from './failure.js';
import { type PrometheusValue, parseMatrixText, WrittenValues } from './matrix-text.js';

/** An answer holds up to a million: they are looked at, and not copied. */
const PrometheusValues = z.custom<Iterable<PrometheusValue>>(isList, 'is no list').superRefine((values, context) => {
  if (!Array.isArray(values)) return;
  const at = values.findIndex((value) => partAmiss(value) !== undefined);
  if (at < 0) return;
  const part = partAmiss(values[at]);
  context.addIssue({ code: 'custom', path: [at, ...(part ?? [])], message: 'is no time with a text' });
});

/** Those that were left as text were looked at when they were found. */
function isList(values: unknown): boolean {
  return Array.isArray(values) || values instanceof WrittenValues;
}

/** Returns which part of a value is none, nothing for the whole; undefined where it is one. */
function partAmiss(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return [];
  if (typeof value[0] !== 'number') return [0];
  return typeof value[1] === 'string' ? undefined : [1];
}

/** What `query_range` answers; keys that are not named here may come and go. */
export const PrometheusMatrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: PrometheusValues,
      }),
    ),
  }),
  warnings: z.array(z.string()).default([]),
  infos: z.array(z.string()).default([]),
});
export type PrometheusMatrix = z.infer<typeof PrometheusMatrix>;

/** What Prometheus answers when it cannot. */
const PrometheusFailure = z.object({
  status: z.literal('error'),
  errorType: z.string(),
  error: z.string(),
});

/**
 * Returns the matrix in an answer of Prometheus.
 *
 * @throws SourceError when it is an error of Prometheus or of a proxy before it, no JSON, or not in Prometheus' shape
 */
export function readMatrix(endpoint: Endpoint, answer: HttpAnswer): PrometheusMatrix {
  const body = parseJson(answer.text);
  const refusal = PrometheusFailure.safeParse(body);
  if (refusal.success) {
    const { errorType, error } = refusal.data;
    throw failure(endpoint, `Cannot query Prometheus: ${excerpt(endpoint, `${errorType}: ${error}`)}`, {
      code: 'source/query-failed',
      hint: 'These are the words of Prometheus itself; its log may say more.',
    });
  }
  if (answer.status < 200 || answer.status > 299) throw unexpectedStatus(endpoint, answer);
  if (body === undefined) {
    const found = excerpt(endpoint, `${answer.contentType} ${answer.text}`);
    throw failure(endpoint, `Cannot read the answer of Prometheus as JSON: ${found}`, {
      code: 'source/not-json',
      hint: 'Correct metrics.url in sluice.yaml where it leads to a login page or to another program.',
    });
  }
  const matrix = PrometheusMatrix.safeParse(body);
  if (matrix.success) return matrix.data;
  throw unexpectedShape(endpoint, matrix.error);
}

/** Returns undefined for what is no JSON; JSON itself has no undefined. */
function parseJson(text: string): unknown {
  try {
    return parseMatrixText(text);
  } catch {
    return undefined;
  }
}

function unexpectedStatus(endpoint: Endpoint, { status, text }: HttpAnswer): SourceError {
  const words = excerpt(endpoint, `${status} ${text}`);
  return failure(endpoint, `Cannot read the answer of Prometheus as one with status 200: ${words}`, {
    code: 'source/http-status',
    ...statusHint(status),
  });
}

function statusHint(status: number): { readonly hint?: string } {
  if (status === 401 || status === 403) return { hint: 'Check the credentials of metrics.url in sluice.yaml.' };
  if (status === 404)
    return { hint: 'Add the path prefix of Prometheus, if it has one, to metrics.url in sluice.yaml.' };
  return {};
}

function unexpectedShape(endpoint: Endpoint, { issues }: z.ZodError): SourceError {
  const [issue] = issues;
  const found = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  return failure(endpoint, `Cannot read the answer of Prometheus as a matrix: ${excerpt(endpoint, found)}`, {
    code: 'source/unexpected-shape',
    hint: 'Correct metrics.url in sluice.yaml where it leads to another program than Prometheus.',
  });
}
