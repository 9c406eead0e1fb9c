import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import * as z from 'zod';
import { SourceError } from '../errors.js';
import type { Missing, Sample, SampleAnswer, SampleRequest, Source, Subject } from '../release/evaluation.js';
import { ownMetric } from '../release/own-metric.js';
import { type Format, readRows } from './file/read-rows.js';
import { sampleOfRow, type WindowRow } from './file/window-row.js';
import { builtInMetrics, unitOf } from './listed-metric.js';
import { sourceKind } from './source-kind.js';
import { wantedOf } from './wanted-of.js';
import { withRate } from './with-rate.js';

/** Larger files are refused: they are a mistake, and would be held in memory. */
const maxBytes = 64 * 1024 * 1024;

/** `metrics` in sluice.yaml for figures that are written down: after an incident, and in tests. */
export const fileKind = sourceKind({
  shape: { path: z.string().min(1), format: z.enum(['csv', 'json']).optional() },
  waits: false,
  metrics: ({ path }) =>
    builtInMetrics.map((name) => ({ name, kind: 'built-in', unit: unitOf(name), queries: [columnsOf(name, path)] })),
  open: ({ path, format }, { root }) => fileSource(resolve(root, path), format ?? formatOf(path)),
});

/** Returns the columns of the file that a metric is made of. */
function columnsOf(metric: string, path: string): string {
  const columns: Readonly<Record<string, string>> = {
    'request-count': 'requests',
    'request-rate': 'requests / interval',
    'error-rate': 'errors / requests',
    'latency-mean': 'latencySum / requests',
    'available-replicas': 'available-replicas',
  };
  return `${path}: ${columns[metric] ?? 'upTo…'}`;
}

function formatOf(path: string): Format {
  return path.toLowerCase().endsWith('.json') ? 'json' : 'csv';
}

/**
 * Returns the source that reads a file anew for each request.
 *
 * @param path absolute
 */
export function fileSource(path: string, format: Format): Source {
  const file = basename(path);
  return {
    async read(request) {
      const rows = readRows(await textOf(path, file), file, format);
      return toAnswer(request, { rows, file });
    },
  };
}

async function textOf(path: string, file: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw unreadable(file, 'it is larger than 64 MiB');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw unreadable(file, error instanceof Error && 'code' in error ? String(error.code) : 'it is no file');
  }
}

function unreadable(path: string, current: string): SourceError {
  const hint = 'Correct metrics.path in sluice.yaml: it starts from the folder of sluice.yaml.';
  return new SourceError(`Cannot read the file of metrics: ${current}`, { code: 'source/no-file', path, hint });
}

interface Found {
  readonly rows: readonly WindowRow[];
  readonly file: string;
}

function toAnswer(request: SampleRequest, { rows, file }: Found): SampleAnswer {
  const byKey = new Map<string, WindowRow>();
  for (const row of rows) {
    const key = keyOf(row.release, row.version, row.end);
    const other = byKey.get(key);
    if (other !== undefined) throw twice(other, row);
    byKey.set(key, row);
  }
  const spread = new Set(wantedOf(request).bucketsOf.map(nameOf));
  const needed = new Set(request.bucketsOf?.map(nameOf));
  const wanted = Object.entries(request.gaugesOf ?? {}).map(([name, of]) => [name, new Set(of.map(nameOf))] as const);
  return {
    warnings: offBeat(request, rows),
    queries: request.subjects.length === 0 ? [] : [`${file}: ${rows.length} windows`],
    sample(subject, end) {
      const { release, version } = subject;
      const row = byKey.get(keyOf(release, version, end)) ?? byKey.get(keyOf(undefined, version, end));
      if (row === undefined) return { missing: `no row in ${file} for this window`, idle: true };
      const name = nameOf(subject);
      const buckets = needed.has(name) ? 'needed' : spread.has(name) && 'shown';
      const sample = withRate(sampleOfRow(row, { buckets }), subject, request);
      const names = wanted.filter(([, of]) => of.has(name)).map(([name]) => name);
      return 'missing' in sample ? sample : (absent(names, sample, { rows, file }) ?? sample);
    },
  };
}

/** A metric that no row has was never written down; one that this row has not is not known of this window. */
function absent(names: readonly string[], { gauges }: Sample, { rows, file }: Found): Missing | undefined {
  const none = names.find((name) => gauges?.[name] === undefined && !rows.some((row) => tells(row, name)));
  return none === undefined ? undefined : { missing: `no metric ${none} in ${file}` };
}

function tells({ gauges, custom }: Pick<WindowRow, 'gauges' | 'custom'>, metric: string): boolean {
  return gauges[metric] !== undefined || ownMetric(metric, [{ ...nothing, custom }]) !== undefined;
}

/** Where only metrics of one's own are looked for. */
const nothing: Sample = { requests: 0, errors: 0, latencySum: 0 };

/** What the rows of a file tell beside the traffic. */
export interface OwnColumns {
  readonly names: readonly string[];
  has(metric: string): boolean;
}

/** Returns what a file of metrics tells of its own; undefined where it has no rows, or cannot be read. */
export function ownColumns(text: string, path: string, format: Format = formatOf(path)): OwnColumns | undefined {
  try {
    const rows = readRows(text, basename(path), format);
    if (rows.length === 0) return undefined;
    const names = [...new Set(rows.flatMap(({ gauges, custom }) => Object.keys({ ...gauges, ...custom })))];
    return { names, has: (metric) => rows.some((row) => tells(row, metric)) };
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

/** Windows that end between those that are asked for would be lost without a word. */
function offBeat({ interval, firstEnd, lastEnd }: SampleRequest, rows: readonly WindowRow[]): string[] {
  const lost = rows.filter(({ end }) => end >= firstEnd && end <= lastEnd && (end - firstEnd) % interval !== 0);
  const [first] = lost;
  if (first === undefined) return [];
  return [`${first.place}: ${lost.length} windows do not end on multiples of ${interval} s and are left out`];
}

function twice(a: WindowRow, b: WindowRow): SourceError {
  return new SourceError(`Cannot read two windows of ${a.version} as one: ${a.place} and ${b.place}`, {
    code: 'source/bad-file',
    path: b.place,
    hint: 'Keep one row for each version and end; releases with versions of the same name need the column release.',
  });
}

function keyOf(release: string | undefined, version: string, end: number): string {
  return JSON.stringify([release ?? null, version, end]);
}

function nameOf({ release, version }: Subject): string {
  return JSON.stringify([release, version]);
}
