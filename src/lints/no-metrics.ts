import type { Contradiction } from '../release/contradiction.js';
import type { Lint } from './lint.js';

/** Where the one source, Prometheus with Istio's metrics, tells the versions apart. */
export const measured: readonly string[] = ['istio', 'gateway-api'];

/** Objectives that nobody measures: the candidate gets its entry share, and then every pass holds. */
export const noMetrics: Lint = {
  id: 'no-metrics',
  severity: 'warning',
  needs: 'project',
  find({ loaded: { release }, project }): Contradiction[] {
    const { analysis, environment, model } = release;
    if (analysis === undefined) return [];
    const path = ['analysis', 'objectives'];
    if (project?.metrics === undefined) {
      const hint = 'Add metrics: {source: prometheus, url: http://prometheus.monitoring:9090} to sluice.yaml.';
      return [{ path, message: 'are not measured: no sluice.yaml names a source of metrics', hint }];
    }
    const hint = 'Take the analysis out and change the weights by hand, until a source can.';
    if (!measured.includes(environment.id)) {
      return [{ path, message: `are not measured: no source tells versions of ${environment.id} apart yet`, hint }];
    }
    if (!model.subsets) return [];
    return [{ path, message: 'are not measured: no source tells external Deployments apart yet', hint }];
  },
};
