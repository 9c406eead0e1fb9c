import type * as z from 'zod';
import type { SampleRequest, Source } from '../release/evaluation.js';
import type { Surroundings } from '../secret.js';
import type { ListedMetric } from './listed-metric.js';

/** Something wrong with settings whose shape is right: where below `metrics`, and what, as `what is wrong: what to do`. */
export type Fault = readonly [path: readonly (string | number)[], message: string];

/** What holds for whatever reads metrics. */
export interface CommonSettings {
  /** Seconds for all that one `read` asks. */
  readonly timeout: number;
}

/** A kind of source as a file describes it: what it reads of `metrics` in sluice.yaml, and how it is made of that. */
interface Description<Shape extends z.ZodRawShape> {
  /** The keys beside those that every source has. */
  readonly shape: Shape;
  /** Whether it waits for somebody, so that it takes `timeout`. */
  readonly waits: boolean;
  /** Returns what is wrong with settings of the right shape. @default nothing */
  readonly faults?: (settings: z.output<z.ZodObject<Shape>>) => readonly Fault[];
  /** Returns the metrics with what is asked for these versions, for people; reads nothing. */
  readonly metrics: (settings: z.output<z.ZodObject<Shape>>, request: SampleRequest) => readonly ListedMetric[];
  /** @throws ConfigError when a secret or a file is not where the settings name it */
  readonly open: (settings: z.output<z.ZodObject<Shape>> & CommonSettings, surroundings: Surroundings) => Source;
}

/** A kind of source as the registry has it. Its functions take settings that were checked against its shape. */
export interface SourceKind<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly shape: Shape;
  readonly waits: boolean;
  readonly faults: (settings: object) => readonly Fault[];
  readonly metrics: (settings: object, request: SampleRequest) => readonly ListedMetric[];
  readonly open: (settings: object, surroundings: Surroundings) => Source;
}

/** Returns the kind that a file describes. */
export function sourceKind<Shape extends z.ZodRawShape>(described: Description<Shape>): SourceKind<Shape> {
  const { shape, waits, faults = () => [], metrics, open } = described;
  type Settings = z.output<z.ZodObject<Shape>> & CommonSettings;
  return {
    shape,
    waits,
    // The one place where settings of any source become those of one: `source` has picked the kind that checked them.
    faults: (settings) => faults(settings as Settings),
    metrics: (settings, request) => metrics(settings as Settings, request),
    open: (settings, surroundings) => open(settings as Settings, surroundings),
  };
}
