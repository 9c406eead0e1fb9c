import { isSluiceError } from '../../errors.js';
import { lastWindowEnd, type Windows } from '../../evaluate/ledger.js';
import { measure } from '../../judges/measure.js';
import {
  isSample,
  type Missing,
  percentileOf,
  type Sample,
  type SampleAnswer,
  type SampleRequest,
  type Source,
  type Subject,
} from '../../release/evaluation.js';

/** How many windows are asked for. */
const lookback = 5;

/** What came back for the last windows. */
export interface Tried {
  /** Unix seconds. */
  readonly firstEnd: number;
  readonly lastEnd: number;
  /** By metric and version, over all windows that tell of it; undefined where none does. */
  readonly values: { readonly [metric: string]: { readonly [version: string]: number | undefined } };
  /** Of which versions a percentile lies above its value, which is the last bound that is counted, by metric. */
  readonly beyond: { readonly [metric: string]: readonly string[] };
  /** Which metrics have no value although there are samples, and why, by version. */
  readonly untold: { readonly [version: string]: readonly Untold[] };
  /** Why windows have no sample, by version: each reason with the windows that it is for. */
  readonly missing: { readonly [version: string]: readonly (Missing & { readonly windows: number })[] };
  /** Oldest first. */
  readonly windows: readonly {
    readonly end: number;
    readonly versions: { readonly [name: string]: Sample | Missing };
  }[];
  readonly warnings: readonly string[];
  /** Why a metric could not be asked, by its name. */
  readonly failures: { readonly [metric: string]: string };
}

interface Untold {
  readonly why: string;
  readonly metrics: readonly string[];
}

/** Returns the last windows that have ended by `time`. */
export function windowsUntil(time: number, interval: number): Windows {
  const lastEnd = lastWindowEnd(interval, time);
  return { interval, firstEnd: lastEnd - (lookback - 1) * interval, lastEnd };
}

/** What came back, metric by metric. */
interface TrialAnswer extends Pick<SampleAnswer, 'sample' | 'warnings'> {
  /** Why a metric could not be asked, by its name. */
  readonly failures: { readonly [metric: string]: string };
  /** What was asked for each metric by itself, by its name. */
  readonly alone?: { readonly [metric: string]: SampleAnswer };
}

/**
 * Asks for the traffic, for every gauge by itself, and for the buckets of all percentiles, so that one with a wrong query
 * hides none of the others.
 *
 * @param metrics gauges and percentiles
 * @throws SourceError when the traffic cannot be read
 */
export async function readEach(
  source: Source,
  request: SampleRequest,
  metrics: readonly string[],
): Promise<TrialAnswer> {
  const traffic = await source.read(request);
  const alone: Record<string, SampleAnswer> = {};
  const failures: Record<string, string> = {};
  const percentiles = metrics.filter(isPercentile);
  const parts = metrics.filter((name) => !isPercentile(name)).map((name) => [name]);
  for (const names of percentiles.length === 0 ? parts : [percentiles, ...parts]) {
    try {
      const answer = await source.read({ ...request, ...askedFor(names, request.subjects) });
      for (const name of names) alone[name] = answer;
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      for (const name of names) failures[name] = error.message;
    }
  }
  const answers = [traffic, ...new Set(Object.values(alone))];
  return {
    failures,
    alone,
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
    sample(subject, end) {
      const sample = traffic.sample(subject, end);
      return isSample(sample) ? allOf(answers.map((answer) => answer.sample(subject, end)).filter(isSample)) : sample;
    },
  };
}

function isPercentile(metric: string): boolean {
  return percentileOf(metric) !== undefined;
}

function askedFor(names: readonly string[], subjects: readonly Subject[]): Partial<SampleRequest> {
  if (names.some(isPercentile)) return { bucketsOf: subjects };
  return { gaugesOf: Object.fromEntries(names.map((name) => [name, subjects])) };
}

/** Returns one sample with what each of them tells. */
function allOf(samples: readonly Sample[]): Sample {
  const gauges = Object.assign({}, ...samples.map((each) => each.gauges));
  const custom = Object.assign({}, ...samples.map((each) => each.custom));
  return {
    ...(Object.assign({}, ...samples) as Sample),
    ...(Object.keys(gauges).length > 0 && { gauges }),
    ...(Object.keys(custom).length > 0 && { custom }),
  };
}

interface Asked {
  readonly subjects: { readonly [version: string]: Subject };
  readonly windows: Windows;
  readonly answer: TrialAnswer;
}

/** Returns what an answer has for each metric and version. */
export function tryMetrics(metrics: readonly string[], { subjects, windows, answer }: Asked): Tried {
  const { firstEnd, lastEnd, interval } = windows;
  const ends = Array.from({ length: lookback }, (_, i) => firstEnd + i * interval);
  const rows = ends.map((end) => {
    const versions = Object.entries(subjects).map(([name, subject]) => [name, answer.sample(subject, end)] as const);
    return { end, versions: Object.fromEntries(versions) };
  });
  const of = (version: string) => rows.flatMap(({ versions }) => versions[version] ?? []);
  const names = Object.keys(subjects);
  const measured = Object.fromEntries(
    metrics.map((metric) => [
      metric,
      Object.fromEntries(names.map((name) => [name, measure(metric, of(name).filter(isSample))])),
    ]),
  );
  const none = (version: string) => metrics.filter((metric) => measured[metric]?.[version] === undefined);
  return {
    firstEnd,
    lastEnd,
    values: mapped(measured, (found) => mapped(found, (each) => each?.value)),
    beyond: mapped(measured, (found) => names.filter((name) => found[name]?.beyond)),
    untold: mapped(subjects, (subject, name) => {
      const there = rows.filter(({ versions }) => isSample(versions[name])).map(({ end }) => end);
      return there.length === 0 ? [] : untoldOf(none(name), { answer, subject, ends: there });
    }),
    missing: Object.fromEntries(names.map((name) => [name, reasonsIn(of(name))])),
    windows: rows,
    warnings: answer.warnings,
    failures: answer.failures,
  };
}

function mapped<From, To>(record: { readonly [key: string]: From }, to: (each: From, key: string) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, each]) => [key, to(each, key)]));
}

function reasonsIn(entries: readonly (Sample | Missing)[]): (Missing & { windows: number })[] {
  const counts = new Map<string, number>();
  for (const entry of entries) if (!isSample(entry)) counts.set(entry.missing, (counts.get(entry.missing) ?? 0) + 1);
  return [...counts].map(([missing, windows]) => ({ missing, windows }));
}

interface Told {
  readonly answer: TrialAnswer;
  readonly subject: Subject;
  /** Of the windows that have a sample. */
  readonly ends: readonly number[];
}

/** Returns why metrics have no value, those with the same reason together; what could not be read is told by itself. */
function untoldOf(metrics: readonly string[], { answer: { alone = {}, failures }, subject, ends }: Told): Untold[] {
  const found = new Map<string, string[]>();
  for (const metric of metrics.filter((each) => failures[each] === undefined)) {
    const why = reasonFor(alone[metric], subject, ends);
    found.set(why, [...(found.get(why) ?? []), metric]);
  }
  return [...found].map(([why, names]) => ({ why, metrics: names }));
}

function reasonFor(alone: SampleAnswer | undefined, subject: Subject, ends: readonly number[]): string {
  if (alone === undefined) return 'nobody tells it here';
  const [missing] = ends.flatMap((end) => {
    const entry = alone.sample(subject, end);
    return isSample(entry) ? [] : [entry.missing];
  });
  return missing ?? 'nothing was found by its query';
}
