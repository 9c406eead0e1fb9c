import { subjectsOf } from '../evaluate/ledger.js';
import type { Contradiction } from '../release/contradiction.js';
import { primaryOf, routedCandidatesOf } from '../release/model.js';
import { placesOf } from '../sources/places-of.js';
import type { TelemetryChoice } from '../sources/telemetry/registry.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { Lint } from './lint.js';

/** Objectives that nobody measures: the candidate gets its entry share, and then every pass holds. */
export const noMetrics: Lint = {
  id: 'no-metrics',
  severity: 'warning',
  needs: 'project',
  find({ loaded: { release }, project }): Contradiction[] {
    if (release.analysis === undefined) return [];
    const metrics = project?.metrics;
    const path = ['analysis', 'objectives'];
    if (metrics === undefined) {
      const hint = 'Add metrics: {source: prometheus, url: http://prometheus.monitoring:9090} to sluice.yaml.';
      return [{ path, message: 'are not measured: no sluice.yaml names a source of metrics', hint }];
    }
    if (metrics.source !== 'prometheus') return [];
    const hint = 'Take the analysis out and change the weights by hand, until a source can.';
    if (release.model.subsets) {
      return [{ path, message: 'are not measured: no source tells external Deployments apart yet', hint }];
    }
    return uncounted(release, metrics.telemetry).map((message) => {
      return {
        path,
        message,
        hint: 'See docs/metrics.md for what counts in this environment, and how to choose another.',
      };
    });
  },
};

/** Returns why a version that gets requests is not counted by itself; of several the first. */
function uncounted(release: ResolvedRelease, telemetry: TelemetryChoice | undefined): string[] {
  const { model } = release;
  const routed = [primaryOf(model), ...routedCandidatesOf(model)].map(({ name }) => name);
  const places = placesOf(Object.values(subjectsOf(release, routed)), telemetry);
  const [first] = [...places.values()].flatMap((place, i) =>
    'missing' in place ? [`${routed[i]} has ${place.missing}`] : [],
  );
  return first === undefined ? [] : [`are not measured: ${first}`];
}
