import { gaugesIn } from '../../release/evaluation.js';
import { builtInMetrics, type ListedMetric, listedAs } from '../../sources/listed-metric.js';
import { listMetrics } from '../../sources/registry.js';
import type { KnownMetric } from './canary-layer.js';
import type { MetricsSettings } from './metrics.js';

/** Returns what a source tells, or where none is named, what every one does; what columns a file has is known once it is read. */
export function knownMetrics(settings: MetricsSettings | undefined): KnownMetric {
  const listed = (): readonly ListedMetric[] | undefined => {
    return settings && listMetrics(settings, { subjects: [], interval: 60, firstEnd: 60, lastEnd: 60 });
  };
  return {
    get names() {
      return listed()?.map(({ name, counted }) => (counted === 'histogram' ? `${name}-p95` : name)) ?? builtInMetrics;
    },
    has(metric) {
      if (gaugesIn({ objectives: [{ metric }], rewards: [] }).length === 0) return true;
      const all = listed();
      if (all === undefined) return builtInMetrics.some((each) => each === metric);
      return settings?.source === 'file' || listedAs(metric, all) !== undefined;
    },
  };
}
