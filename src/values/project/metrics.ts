import * as z from 'zod';
import { ownPercentileOf } from '../../release/own-metric.js';
import { type SettingsOf, type SourceId, sources } from '../../sources/registry.js';
import type { Fault, SourceKind } from '../../sources/source-kind.js';
import { Duration, seconds } from '../duration.js';
import { nearMetric } from '../metric-names.js';

/** Bounds of a histogram in milliseconds. */
export const Buckets = z
  .array(z.number().positive())
  .min(1)
  .refine((bounds) => bounds.every((bound, i) => i === 0 || bound > (bounds[i - 1] ?? bound)), {
    error: 'does not rise: give the bounds in milliseconds from the lowest up, such as [100, 200, 300, 500, 1000]',
  });

/** What every source has. */
const common = { delay: Duration.optional(), buckets: Buckets.optional() };
const waiting = { timeout: Duration.optional() };

/** Where no source is named, or one that is not there, nobody knows what else may stand beside it. */
const Unnamed = z.looseObject({ source: z.enum(Object.keys(sources) as [SourceId]) });

/** What is written of a source beside its own settings. */
interface Written {
  readonly timeout?: string | undefined;
  readonly delay?: string | undefined;
  readonly buckets?: readonly number[] | undefined;
}

/** `metrics` as it is written. */
export type MetricsFile = { [Id in SourceId]: Omit<SettingsOf[Id], 'timeout'> & Written }[SourceId];

/** Where traffic is read from. */
export type MetricsSettings = SettingsOf[SourceId] & {
  /** Seconds after its end until a window counts as complete; default 5. */
  readonly delay: number;
  /** The bounds in milliseconds by which durations are counted; default those of what counts for an environment. */
  readonly buckets?: readonly number[] | undefined;
};

/** Returns the schema of `metrics` with the source that these data name; the keys are those of that source. */
export function metricsSchema(data: unknown): z.ZodType<MetricsFile> {
  const named = Unnamed.safeParse(data);
  if (!named.success) return Unnamed as z.ZodType<unknown> as z.ZodType<MetricsFile>;
  const { source } = named.data;
  const kind: SourceKind = sources[source];
  const shape = { source: z.literal(source), ...kind.shape, ...(kind.waits && waiting), ...common };
  const schema = z.strictObject(shape).superRefine((settings, context) => {
    for (const [path, message] of [...kind.faults(settings), ...nameFaults(settings)]) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });
  return schema as z.ZodType<unknown> as z.ZodType<MetricsFile>;
}

/** A metric of one's own could not be asked for by such a name, or would be asked for by a slip. */
function nameFaults(settings: object): Fault[] {
  const custom = 'custom' in settings ? settings.custom : undefined;
  if (typeof custom !== 'object' || custom === null) return [];
  const histograms = Object.entries(custom).flatMap(([name, metric]) => (isCountedHistogram(metric) ? [name] : []));
  return Object.keys(custom).flatMap((name): Fault[] => {
    const asked = histograms.includes(name) ? [name, ...percentiles.map((each) => `${name}-${each}`)] : [name];
    const near = asked.map(nearMetric).find((each) => each !== undefined);
    const fault = (words: string): Fault[] => [[['custom', name], `is called like ${words}: give it another name`]];
    if (near !== undefined) return fault(`${near}, which is built in`);
    const histogram = ownPercentileOf(name)?.histogram;
    return histogram !== undefined && histograms.includes(histogram) ? fault(`a percentile of ${histogram}`) : [];
  });
}

/** Those of a histogram that people ask for. */
const percentiles = ['p50', 'p90', 'p95', 'p99'];

/** Whether objectives name percentiles of it: one with `query` has a value of its own. */
function isCountedHistogram(metric: unknown): boolean {
  if (typeof metric !== 'object' || metric === null || !('kind' in metric)) return false;
  return metric.kind === 'histogram' && !('query' in metric);
}

/** Returns the settings with every default resolved. */
export function metricsSettings(file: MetricsFile): MetricsSettings {
  return {
    ...file,
    timeout: file.timeout === undefined ? 10 : seconds(file.timeout),
    delay: file.delay === undefined ? 5 : seconds(file.delay),
  };
}
