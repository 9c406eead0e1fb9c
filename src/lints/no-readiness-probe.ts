import { deployment } from '../environments/workload.js';
import { valueAt } from '../environments/workload-checks.js';
import { type ReleaseModel, type VersionModel, versionPlace } from '../release/model.js';
import type { Lint } from './lint.js';

/** Pods without a readiness probe: they get requests before they can answer, and count as available at once. */
export const noReadinessProbe: Lint = {
  id: 'no-readiness-probe',
  severity: 'info',
  find({ loaded: { release } }) {
    const { model, environment } = release;
    if (environment.workloads !== 'Deployment') return [];
    const without = model.versions.filter((version) => lacksProbe(model, version)).map(({ name }) => name);
    const [first] = without;
    if (first === undefined) return [];
    const names = without.length === 1 ? `${first} has` : `${without.join(', ')} have`;
    return [
      {
        path: versionPlace(model, first),
        message: `${names} no readiness probe, so pods get requests before they can answer`,
        hint: 'Give the container a readinessProbe, under application.deployment for every version.',
      },
    ];
  },
};

/** Of what runs already or was made elsewhere, nothing is known. */
function lacksProbe(model: ReleaseModel, version: VersionModel): boolean {
  if (version.external !== undefined || version.workload !== undefined) return false;
  const containers = valueAt(deployment(model, version), ['spec', 'template', 'spec', 'containers']);
  const probes = (Array.isArray(containers) ? containers : []).map((each) => valueAt(each, ['readinessProbe']));
  return probes.every((probe) => probe === undefined || probe === null);
}
