import {
  gaugesIn,
  isSample,
  type PodWindow,
  percentileOf,
  type Sample,
  type SampleAnswer,
  type Source,
  type Subject,
} from '../release/evaluation.js';
import type { History } from '../release/judge.js';
import { lagOneAutocorrelation } from '../stats/lag-one-autocorrelation.js';
import { percentileBucket, requestsAbove } from './buckets.js';
import { inGroups } from './in-groups.js';
import type { Windows } from './ledger.js';
import { questionFor } from './question.js';
import { type PodsSeen, spreadOfPods } from './spread-of-pods.js';
import type { StatusHistory } from './status.js';

/** How many windows before a candidate enters its baseline is looked at. */
export const HISTORY_WINDOWS = 240;

/** A release whose baseline is looked at. */
export interface Beginning {
  /** The folder of the release below `releases/`. */
  readonly release: string;
  /** What the candidates are to be compared with. */
  readonly baseline: Subject;
  readonly analysis: Parameters<typeof gaugesIn>[0];
  /** How many pods a candidate has; undefined where that is not known. */
  readonly pods: number | undefined;
  /** How many pods are asked about by the values, at least. @default - not known */
  readonly declared?: number | undefined;
  /** Whether a fresh baseline is to have as many. @default false */
  readonly alike?: boolean;
  readonly windows: Windows;
  /** A candidate that has been there for long enough to look at its pods as well. @default none */
  readonly candidate?: Subject;
  /** What was found before that. @default nothing */
  readonly known?: StatusHistory | undefined;
}

/** What was found, and of what a person should know. */
export interface Histories {
  /** By release. */
  readonly found: ReadonlyMap<string, StatusHistory>;
  readonly warnings: readonly string[];
}

/**
 * Reads what the baselines did before their candidates enter. What cannot be read is assumed, with a warning: no release
 * waits for it.
 */
export async function readHistories(source: Source, beginnings: readonly Beginning[]): Promise<Histories> {
  const found = new Map<string, StatusHistory>();
  const warnings: string[] = [];
  const limited = source.together?.() ?? source;
  const unread = await inGroups(beginnings, async (some) => {
    const read = await readSome(limited, some);
    for (const [release, history] of read.found) found.set(release, history);
    warnings.push(...read.warnings);
    return read.pods;
  });
  const assumed = unread.map(
    ({ of, error }) => `how much pods differ is assumed for ${named(of)}, since it cannot be read: ${wordsOf(error)}`,
  );
  return { found, warnings: [...new Set([...warnings, ...assumed])] };
}

/** So many names are enough to know which they are. */
const NAMED = 10;

function named(beginnings: readonly Beginning[]): string {
  const names = beginnings.slice(0, NAMED).map(({ release }) => release);
  const more = beginnings.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Read {
  readonly found: readonly (readonly [string, StatusHistory])[];
  readonly warnings: readonly string[];
  /** The most that a release has. */
  readonly pods: number;
}

async function readSome(source: Source, beginnings: readonly Beginning[]): Promise<Read> {
  const asked = beginnings.map((each) => ({ ...each, subjects: subjectsIn(each), gauged: [each.baseline] }));
  // What is only shown is looked at when there is somebody to show it of.
  const { shown: _, ...question } = questionFor(asked);
  const { gaugesOf, ...ofPods } = question;
  const isFirst = beginnings.some(({ candidate }) => candidate === undefined);
  const isTold = isFirst && ((question.bucketsOf ?? []).length > 0 || Object.keys(gaugesOf ?? {}).length > 0);
  const [whole, byPod] = await Promise.all([isTold ? source.read(question) : undefined, source.pods?.(ofPods)]);
  let most = 0;
  const found = beginnings.flatMap((each): [string, StatusHistory][] => {
    const { firstEnd, lastEnd, interval } = each.windows;
    const [from, to] = [firstEnd, lastEnd + interval].map((end) => (end - question.firstEnd) / interval);
    const pods = subjectsIn(each).map((subject) => (byPod?.windows(subject) ?? []).slice(from, to));
    most = Math.max(most, ...pods.map(podsIn));
    const history = each.candidate === undefined ? historyOf(each, whole, pods[0] ?? []) : addedTo(each, pods);
    const { windows: seen, pods: _, ...told } = history;
    return seen === 0 && Object.keys(told).length === 0 ? [] : [[each.release, history]];
  });
  return { found, warnings: [...(whole?.warnings ?? []), ...(byPod?.warnings ?? [])], pods: most };
}

function subjectsIn({ baseline, candidate }: Beginning): Subject[] {
  return candidate === undefined ? [baseline] : [baseline, candidate];
}

/** Returns what is known, with what the pods of both versions tell of the counts that nobody could tell of before. */
function addedTo(
  { analysis, pods, alike = false, known }: Beginning,
  [baseline = [], candidate = []]: readonly (readonly PodWindow[])[],
): StatusHistory {
  const metrics = [...new Set(analysis.objectives.map(({ metric }) => metric))];
  const bounds = Object.entries(known?.bounds ?? {});
  const [one, other] = [baseline, candidate].map((byPod) => seenOf(byPod, { metrics, bounds }).counts);
  const counts = Object.entries(one ?? {}).map(([metric, groups]) => [metric, [...groups, ...(other?.[metric] ?? [])]]);
  const found = spreadOfPods({
    counts: Object.fromEntries(counts),
    means: {},
    candidate: podsIn(candidate) || pods,
    alike,
  });
  const { overdispersion, autocorrelation } = rounded(found);
  return {
    ...(known ?? { windows: baseline.length, pods: podsIn(baseline) }),
    ...(overdispersion && { overdispersion: { ...overdispersion, ...known?.overdispersion } }),
    ...(autocorrelation && { autocorrelation: { ...autocorrelation, ...known?.autocorrelation } }),
  };
}

/** Returns the most pods that a window tells of. */
function podsIn(byPod: readonly PodWindow[]): number {
  return Math.max(0, ...byPod.map((window) => window.filter((sample) => sample !== undefined).length));
}

function historyOf(
  { baseline, analysis, pods, alike = false, windows }: Beginning,
  whole: SampleAnswer | undefined,
  byPod: readonly PodWindow[],
): StatusHistory {
  const samples = whole === undefined ? [] : samplesIn(whole, baseline, windows);
  const metrics = [...new Set(analysis.objectives.map(({ metric }) => metric))];
  const bounds = metrics.flatMap((metric) => {
    const share = percentileOf(metric);
    const bound = share && percentileBucket(samples, share);
    return bound === undefined ? [] : [[metric, bound] as const];
  });
  const correlated = gaugesIn(analysis).flatMap((metric) => {
    const values = samples.flatMap(({ gauges }) => gauges?.[metric] ?? []);
    const r = lagOneAutocorrelation(values);
    return r === undefined ? [] : [[metric, r] as const];
  });
  const spread = spreadOfPods({ ...seenOf(byPod, { metrics, bounds }), candidate: pods, alike });
  const autocorrelation = { ...Object.fromEntries(correlated), ...spread.autocorrelation };
  return {
    windows: byPod.filter((window) => window.some((sample) => sample !== undefined)).length,
    pods: podsIn(byPod),
    ...rounded({
      ...spread,
      ...(bounds.length > 0 && { bounds: Object.fromEntries(bounds) }),
      ...(Object.keys(autocorrelation).length > 0 && { autocorrelation }),
    }),
  };
}

function samplesIn(answer: SampleAnswer, baseline: Subject, { firstEnd, lastEnd, interval }: Windows): Sample[] {
  const samples: Sample[] = [];
  for (let end = firstEnd; end <= lastEnd; end += interval) {
    const sample = answer.sample(baseline, end);
    if (isSample(sample)) samples.push(sample);
  }
  return samples;
}

/** Returns what pods tell of counts and means. */
function seenOf(
  byPod: readonly PodWindow[],
  { metrics, bounds }: { readonly metrics: readonly string[]; readonly bounds: readonly (readonly [string, number])[] },
) {
  const cells = <Cell>(cell: (sample: Sample) => Cell | undefined) =>
    byPod.map((window) => window.map((sample) => sample && cell(sample)));
  const errors = cells(({ requests, errors }) => ({ n: requests, e: errors }));
  const slow = bounds.map(([metric, bound]) => [metric, [cells((sample) => requestsAbove(sample, bound))]] as const);
  const means: PodsSeen['means'] = metrics.includes('latency-mean')
    ? { 'latency-mean': cells(({ requests, latencySum }) => ({ n: requests, sum: latencySum })) }
    : {};
  const counts: PodsSeen['counts'] = { 'error-rate': [errors], ...Object.fromEntries(slow) };
  return { counts, means };
}

/** So many digits are more than anybody knows. */
const DIGITS = 4;

/** Returns the same with short numbers: people read a status. Bounds are whole already. */
function rounded({ overdispersion, autocorrelation, spread, bounds }: History): History {
  const short = (value: number) => Number(value.toPrecision(DIGITS));
  const each = <Value>(record: { readonly [key: string]: Value }, of: (value: Value) => Value) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));
  return {
    ...(overdispersion && { overdispersion: each(overdispersion, short) }),
    ...(autocorrelation && { autocorrelation: each(autocorrelation, short) }),
    ...(spread && {
      spread: each(spread, ({ squares, intervals }) => ({ squares: short(squares), intervals })),
    }),
    ...(bounds && { bounds }),
  };
}
