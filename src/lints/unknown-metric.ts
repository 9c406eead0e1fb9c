import type { Contradiction } from '../release/contradiction.js';
import { gaugesIn } from '../release/evaluation.js';
import { listMetrics } from '../sources/registry.js';
import type { MetricsSettings } from '../values/project/metrics.js';
import type { Lint } from './lint.js';

/** Objectives and rewards on a metric that the source does not have: no version ever has a sample. */
export const unknownMetric: Lint = {
  id: 'unknown-metric',
  severity: 'error',
  needs: 'project',
  find({ loaded: { release }, project }): Contradiction[] {
    const { analysis } = release;
    const settings = project?.metrics;
    if (analysis === undefined || settings === undefined) return [];
    const known = knownIn(settings);
    return (['objectives', 'rewards'] as const).flatMap((list) =>
      analysis[list].flatMap(({ metric }, i): Contradiction[] => {
        if (isKnown(metric, known, settings)) return [];
        const message = `is told by nobody: ${settings.source} in sluice.yaml has no ${metric}`;
        return [{ path: ['analysis', list, i, 'metric'], message, hint: hintFor(metric, known) }];
      }),
    );
  },
};

function knownIn(settings: MetricsSettings): string[] {
  const none = { subjects: [], interval: 60, firstEnd: 60, lastEnd: 60 };
  return listMetrics(settings, none).map(({ name }) => name);
}

/** What columns a file has is known once it is read. */
function isKnown(metric: string, known: readonly string[], { source }: MetricsSettings): boolean {
  return known.includes(metric) || (source === 'file' && isGauge(metric));
}

function isGauge(metric: string): boolean {
  return gaugesIn({ objectives: [{ metric }], rewards: [] }).length > 0;
}

function hintFor(metric: string, known: readonly string[]): string {
  const define = isGauge(metric) ? 'Add it to metrics.custom of sluice.yaml' : 'Take it out';
  return `${define}, or name one of these: ${known.join(', ')}.`;
}
