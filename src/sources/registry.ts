import type * as z from 'zod';
import type { SampleRequest, Source } from '../release/evaluation.js';
import type { Surroundings } from '../secret.js';
import { fileKind } from './file.js';
import { httpJsonKind } from './http-json.js';
import type { ListedMetric } from './listed-metric.js';
import { prometheusKind } from './prometheus-settings.js';
import type { CommonSettings, SourceKind } from './source-kind.js';

/** Every source by its id. A new one is one file and one line here. */
export const sources = { prometheus: prometheusKind, 'http-json': httpJsonKind, file: fileKind } as const;

export type SourceId = keyof typeof sources;

/** What each source reads of `metrics` in sluice.yaml. */
export type SettingsOf = {
  readonly [Id in SourceId]: (typeof sources)[Id] extends SourceKind<infer Shape>
    ? z.output<z.ZodObject<Shape>> & CommonSettings & { readonly source: Id }
    : never;
};

/** What any source reads of `metrics` in sluice.yaml. */
export type SourceSettings = SettingsOf[SourceId];

/** Returns the source that the settings ask for. @throws ConfigError when a secret is not where they name it */
export function openSource(settings: SourceSettings, surroundings: Surroundings): Source {
  return sources[settings.source].open(settings, surroundings);
}

/** Returns the metrics that the settings give, with what is asked for these versions. */
export function listMetrics(settings: SourceSettings, request: SampleRequest): readonly ListedMetric[] {
  return sources[settings.source].metrics(settings, request);
}
