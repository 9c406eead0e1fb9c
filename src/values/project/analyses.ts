import * as z from 'zod';
import type { CheckedText } from '../check-shape.js';
import { Analysis, AnalysisPart } from '../evaluation-values.js';
import { onDemand } from '../on-demand.js';
import type { AnalysisLayer, SharedAnalyses } from '../shared-analysis.js';
import { canaryLayer, type KnownMetric, type ReadBeside } from './canary-layer.js';

/** Such as `canary/checkout.json`; from the folder of sluice.yaml. */
const ConfigFile = z
  .string()
  .min(1)
  .refine((path) => !path.includes('\\') && path.split('/').every((part) => !outside.includes(part.toLowerCase())), {
    error: 'leaves the folder of sluice.yaml: give a file in it or below, such as canary/checkout.json',
  });

const outside = ['', '.', '..', '.git'];

const AnalysisName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, {
  error: 'is no name of an analysis: use small letters, digits and dashes',
});

/** `analyses` in sluice.yaml: releases use them by their names, and may say themselves what is left out. */
export const AnalysesFile = onDemand(() => {
  const kayenta = Analysis.shape.kayenta.unwrap().unwrap();
  const metrics = z.record(z.string().min(1), z.string().min(1)).optional();
  const withConfig = kayenta.extend({ config: ConfigFile.optional(), metrics });
  return z.record(AnalysisName, AnalysisPart.omit({ use: true }).extend({ kayenta: withConfig.optional() }));
});

type AnalysesFile = z.infer<typeof AnalysesFile>;

/** What else an analysis may be made of. */
export interface AnalysesOptions {
  /** Returns the text of a file beside sluice.yaml, and what it is called; undefined where there is none. */
  readonly read: ReadBeside | undefined;
  /** Whether a metric is told by the source. */
  readonly known: KnownMetric;
}

/** Returns the canary configs that analyses are made of, as paths from the folder of sluice.yaml. */
export function configFilesOf(analyses: AnalysesFile = {}): string[] {
  return Object.values(analyses).flatMap(({ kayenta: { config } = {} }) => config ?? []);
}

/**
 * Returns analyses by name, each with what it is made of.
 *
 * @throws ConfigError with what of a canary config cannot be taken
 */
export function sharedAnalyses(
  source: CheckedText,
  analyses: AnalysesFile = {},
  options: AnalysesOptions,
): SharedAnalyses {
  const names = Object.keys(analyses);
  return Object.fromEntries(names.map((name) => [name, layersOf(source, name, analyses[name] ?? {}, options)]));
}

function layersOf(
  source: CheckedText,
  name: string,
  { kayenta: { config, metrics = {} } = {}, judge, objectives }: AnalysesFile[string],
  { read, known }: AnalysesOptions,
): AnalysisLayer[] {
  const problem: AnalysisLayer['problem'] = (path, message, options) => {
    return source.problem(['analyses', name, ...path], message, options);
  };
  const layer = { data: withoutConfig((source.data as Written).analyses[name] ?? {}), problem };
  if (config === undefined || read === undefined) return [layer];
  return [canaryLayer({ config, metrics, judge, objectives }, { read, known, problem }), layer];
}

/** The data of a file with analyses whose shape was checked. */
interface Written {
  readonly analyses: { readonly [name: string]: { readonly kayenta?: object } };
}

/** What a config is, and what its metrics are called here, is nothing that releases say. */
function withoutConfig({ kayenta, ...data }: Written['analyses'][string]): AnalysisLayer['data'] {
  if (kayenta === undefined) return data;
  const { config: _, metrics: __, ...settings } = kayenta as { config?: unknown; metrics?: unknown };
  return { ...data, kayenta: settings };
}
