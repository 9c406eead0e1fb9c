import type { SampleRequest, Subject } from '../release/evaluation.js';
import type { Exchange } from './ask.js';
import type { Endpoint } from './endpoint.js';
import type { Placed } from './places-of.js';
import { type BucketSeries, bucketsByIdentity, type Series, seriesByIdentity } from './prometheus-series.js';
import { countOf, queryRange, type RangeAnswer } from './query-range.js';
import { shownOr } from './shown-or.js';
import { columnQuery, selectionOf } from './telemetry/column-query.js';
import { type DeploymentKey, deploymentLabels, replicasQuery } from './telemetry/replicas-query.js';
import type { Column, Telemetry } from './telemetry/telemetry.js';

/** What was asked of Prometheus, and what there is by the key of an identity. */
export interface Found<Each> {
  readonly query: string;
  readonly warnings: readonly string[];
  readonly series: ReadonlyMap<string, Each>;
  /** What time it was there, in Unix seconds; undefined where nobody said so. */
  readonly asOf: number | undefined;
}

/** What one telemetry counts of its subjects. */
export interface Columns {
  readonly requests: Found<Series>;
  readonly errors: Found<Series>;
  readonly latency: Found<Series>;
  readonly timed: Found<Series> | undefined;
  /** In parts. */
  readonly buckets: readonly Found<readonly BucketSeries[]>[];
  /** Of what is judged, and of what is only shown. */
  readonly replicas: readonly Found<Series>[];
  /** Why something is not there that was only to be shown. */
  readonly warnings: readonly string[];
}

/** Whose columns of one telemetry are wanted. */
export interface Wanted extends Further {
  readonly telemetry: Telemetry;
  readonly placed: readonly Placed[];
  /** What is asked for apart, so that what is judged does not fail with it. @default nothing */
  readonly shown?: Further;
}

/** Whose further columns are wanted: they are among `placed`. */
interface Further {
  readonly bucketsOf: readonly Placed[];
  readonly replicasOf: readonly Subject[];
}

const nothing: Further = { bucketsOf: [], replicasOf: [] };

/**
 * The windows of all subjects together in one answer of buckets: 25 to 50 MiB, as Envoy has twenty buckets. Two versions of a
 * thousand releases take seven of them after three hours.
 */
const maxBucketWindows = 60_000;

/** Returns of how many subjects one query asks for buckets. */
export function bucketSubjects(request: SampleRequest): number {
  return Math.max(1, Math.floor(maxBucketWindows / countOf(request)));
}

interface Reading {
  readonly request: SampleRequest;
  readonly exchange: Exchange;
}

/**
 * Asks one query per column, at once, and one more of what is only shown; of so many buckets that one answer would be too large, a few more in turn.
 *
 * @throws SourceError when one fails of what is not only shown
 */
export async function readColumns(target: Endpoint, wanted: Wanted, reading: Reading): Promise<Columns> {
  const { telemetry, placed, shown = nothing } = wanted;
  const ask = asker(target, reading);
  const bySubject = (answer: RangeAnswer) => seriesByIdentity(target, telemetry.labels, answer);
  const column = (name: Column) => ask(queryOf(telemetry, name, { placed, request: reading.request }), bySubject);
  const ofShown = { telemetry, ...shown };
  const [requests, errors, latency, timed, replicas, buckets, replicasShown, bucketsShown] = await Promise.all([
    column('requests'),
    column('errors'),
    column('latency'),
    telemetry.leavesUntimed ? column('timed') : undefined,
    readReplicas(target, wanted, reading),
    readBuckets(target, wanted, reading),
    shownOr(readReplicas(target, ofShown, reading), []),
    shownOr(readBuckets(target, ofShown, reading), []),
  ]);
  return {
    ...{ requests, errors, latency, timed },
    buckets: [...buckets, ...bucketsShown.found],
    replicas: [...replicas, ...replicasShown.found],
    warnings: [...bucketsShown.warnings, ...replicasShown.warnings],
  };
}

async function readReplicas(
  target: Endpoint,
  wanted: Pick<Wanted, 'telemetry' | 'replicasOf'>,
  reading: Reading,
): Promise<Columns['replicas']> {
  if (wanted.replicasOf.length === 0) return [];
  const take = (answer: RangeAnswer) => seriesByIdentity(target, deploymentLabels, answer);
  return [await asker(target, reading)(replicasQuery(wanted.telemetry, deployments(wanted)), take)];
}

/** One part after the other: what an answer takes is free again before the next one comes. */
async function readBuckets(
  target: Endpoint,
  { telemetry, bucketsOf }: Pick<Wanted, 'telemetry' | 'bucketsOf'>,
  reading: Reading,
): Promise<Columns['buckets']> {
  const { request } = reading;
  const ask = asker(target, reading);
  const most = bucketSubjects(request);
  const parts: Found<readonly BucketSeries[]>[] = [];
  for (let from = 0; from < bucketsOf.length; from += most) {
    const query = queryOf(telemetry, 'buckets', { placed: bucketsOf.slice(from, from + most), request });
    const take = ({ data }: RangeAnswer) => bucketsByIdentity(target, telemetry, { data, windows: request });
    parts.push(await ask(query, take));
  }
  return parts;
}

function asker(target: Endpoint, { request: { interval, firstEnd, lastEnd }, exchange }: Reading) {
  return async <Each>(query: string, take: (answer: RangeAnswer) => ReadonlyMap<string, Each>) => {
    const answer = await queryRange(target, { query, interval, firstEnd, lastEnd }, exchange);
    const { warnings, asOf } = answer;
    return { query, warnings, asOf, series: take(answer) } satisfies Found<Each>;
  };
}

function queryOf(
  telemetry: Telemetry,
  column: Column,
  { placed, request }: { readonly placed: readonly Placed[]; readonly request: SampleRequest },
): string {
  const identities = placed.flatMap((each) => each.identities);
  return columnQuery(telemetry, column, selectionOf(telemetry, identities, request.interval));
}

/** Returns the key of the Deployment behind a subject; undefined where the telemetry knows of none. */
export function deploymentOf({ deployment }: Telemetry, subject: Subject): DeploymentKey | undefined {
  return deployment && [subject.namespace, deployment.of(subject)];
}

function deployments({ telemetry, replicasOf }: Pick<Wanted, 'telemetry' | 'replicasOf'>): DeploymentKey[] {
  return replicasOf.flatMap((subject) => {
    const key = deploymentOf(telemetry, subject);
    return key === undefined ? [] : [key];
  });
}
