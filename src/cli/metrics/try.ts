import { isSluiceError } from '../../errors.js';
import { lastWindowEnd, type Windows } from '../../evaluate/ledger.js';
import { measure } from '../../judges/measure.js';
import {
  isSample,
  type Missing,
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

/** Returns the last windows that have ended by `time`. */
export function windowsUntil(time: number, interval: number): Windows {
  const lastEnd = lastWindowEnd(interval, time);
  return { interval, firstEnd: lastEnd - (lookback - 1) * interval, lastEnd };
}

/** What came back, metric by metric. */
interface TrialAnswer extends Pick<SampleAnswer, 'sample' | 'warnings'> {
  /** Why a metric could not be asked, by its name. */
  readonly failures: { readonly [metric: string]: string };
}

/**
 * Asks for the traffic, and for every gauge by itself, so that one with a wrong query hides none of the others.
 *
 * @throws SourceError when the traffic cannot be read
 */
export async function readEach(
  source: Source,
  request: SampleRequest,
  gauges: readonly string[],
): Promise<TrialAnswer> {
  const traffic = await source.read(request);
  const answers = [traffic];
  const failures: Record<string, string> = {};
  for (const name of gauges) {
    try {
      answers.push(await source.read({ ...request, gaugesOf: { [name]: request.subjects } }));
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      failures[name] = error.message;
    }
  }
  return {
    failures,
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
    sample(subject, end) {
      const sample = traffic.sample(subject, end);
      if (!isSample(sample)) return sample;
      const found = answers.map((answer) => answer.sample(subject, end)).filter(isSample);
      const gauges = Object.assign({}, ...found.map((each) => each.gauges));
      const custom = Object.assign({}, ...found.map((each) => each.custom));
      return {
        ...sample,
        ...(Object.keys(gauges).length > 0 && { gauges }),
        ...(Object.keys(custom).length > 0 && { custom }),
      };
    },
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
  const valuesOf = (metric: string) =>
    Object.fromEntries(names.map((name) => [name, measure(metric, of(name).filter(isSample))?.value]));
  return {
    firstEnd,
    lastEnd,
    values: Object.fromEntries(metrics.map((name) => [name, valuesOf(name)])),
    missing: Object.fromEntries(names.map((name) => [name, reasonsIn(of(name))])),
    windows: rows,
    warnings: answer.warnings,
    failures: answer.failures,
  };
}

function reasonsIn(entries: readonly (Sample | Missing)[]): (Missing & { windows: number })[] {
  const counts = new Map<string, number>();
  for (const entry of entries) if (!isSample(entry)) counts.set(entry.missing, (counts.get(entry.missing) ?? 0) + 1);
  return [...counts].map(([missing, windows]) => ({ missing, windows }));
}
