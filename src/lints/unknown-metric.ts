import type { Contradiction } from '../release/contradiction.js';
import { gaugesIn } from '../release/evaluation.js';
import { type ListedMetric, listedAs } from '../sources/listed-metric.js';
import { listMetrics } from '../sources/registry.js';
import { metricInsteadOf } from '../values/metric-names.js';
import type { MetricsSettings } from '../values/project/metrics.js';
import type { Lint } from './lint.js';

/** Objectives and rewards on a metric that the source does not have: no version ever has a sample; and indicators that never have a value. */
export const unknownMetric: Lint = {
  id: 'unknown-metric',
  severity: 'error',
  needs: 'project',
  find({ loaded: { release }, project }): Contradiction[] {
    const { analysis } = release;
    const settings = project?.metrics;
    if (analysis === undefined || settings === undefined) return [];
    const known = metricsIn(settings);
    const judged = (['objectives', 'rewards'] as const).flatMap((list) =>
      analysis[list].map(({ metric }, i) => ({ metric, path: ['analysis', list, i, 'metric'] })),
    );
    const shown = (analysis.indicators ?? []).map((metric, i) => ({ metric, path: ['analysis', 'indicators', i] }));
    return [...judged, ...shown].flatMap(({ metric, path }): Contradiction[] => {
      if (isKnown(metric, known, settings)) return [];
      const message = `is told by nobody: ${settings.source} in sluice.yaml has no ${metric}`;
      return [{ path, message, hint: hintFor(metric, known) }];
    });
  },
};

/** Returns the metrics that the source has. */
export function metricsIn(settings: MetricsSettings): readonly ListedMetric[] {
  const none = { subjects: [], interval: 60, firstEnd: 60, lastEnd: 60 };
  return listMetrics(settings, none);
}

/** What columns a file has is known once it is read. */
function isKnown(metric: string, known: readonly ListedMetric[], { source }: MetricsSettings): boolean {
  return listedAs(metric, known) !== undefined || (source === 'file' && isGauge(metric));
}

function isGauge(metric: string): boolean {
  return gaugesIn({ objectives: [{ metric }], rewards: [] }).length > 0;
}

function hintFor(metric: string, known: readonly ListedMetric[]): string {
  const instead = metricInsteadOf(metric);
  if (instead !== undefined)
    return `Such a sum follows from the share that a version has: name ${instead} in its place.`;
  const names = known.map(({ name, counted }) => (counted === 'histogram' ? `${name}-p95` : name));
  const define = isGauge(metric) ? 'Add it to metrics.custom of sluice.yaml' : 'Take it out';
  return `${define}, or name one of these: ${names.join(', ')}.`;
}
