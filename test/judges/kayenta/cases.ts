import { type CanaryConfig, type CanaryMetric, readCanaryConfig } from '../../../src/judges/kayenta/canary-config.js';

/** What a config says of one metric, as its JSON has it. */
export type Analysis = Readonly<Record<string, unknown>>;

/** Returns a config of metrics `m0`, `m1`, … in the group `g`, or in groups of their own. */
export function configOf(analyses: readonly Analysis[], groups: readonly (readonly string[])[] = []): CanaryConfig {
  const metrics = analyses.map((canary, i) => {
    return { name: `m${i}`, groups: groups[i] ?? ['g'], analysisConfigurations: { canary } };
  });
  return readCanaryConfig({ metrics }, 'canary.json').config;
}

/** Returns the metric `m0`. */
export function metricOf(analysis: Analysis): CanaryMetric {
  const [metric] = configOf([analysis]).metrics;
  if (metric === undefined) throw new Error('a config of one metric has it');
  return metric;
}
