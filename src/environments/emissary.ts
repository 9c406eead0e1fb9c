import { ApiObject } from 'cdk8s';
import type { Contradiction } from '../release/contradiction.js';
import type { Environment } from '../release/environment.js';
import type { ReleaseModel } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';
import { mapping, planMappings } from './emissary-mapping.js';
import { refuseMappings } from './emissary-refusals.js';
import { renderVersions } from './workload.js';
import { noticeSelectors, refusePorts, refuseScaling } from './workload-checks.js';

/**
 * Emissary-ingress, once Ambassador: Mappings to the versions' Services. There is no object that the versions share;
 * Mappings with the same match form a group, in which those without a weight take what the others leave.
 */
export const emissary = {
  id: 'emissary',
  aliases: ['ambassador'],
  workloads: 'Deployment',
  supports: [
    'weight',
    'match',
    'mirror',
    'hosts',
    'prefix',
    'external-service',
    'version-namespace',
    'autoscaler',
    'disruption-budget',
  ],
  refuses: (release, plan) => [
    ...refuseMappings(release, plan),
    ...refuseScaling(release),
    // Its default resolver asks DNS.
    ...refusePorts(release, { byName: true }),
  ],
  notices: (release, plan) => [
    ...noticeHeader(release, plan),
    ...noticeEverything(release),
    ...noticeSelectors(release),
  ],
  prepare: (release, plan) => ({ release, plan: { ...plan, mappings: planMappings(release, plan) } }),
  routeTest: false,
  render(scope, release, { mappings = [] }) {
    renderVersions(scope, release);
    for (const each of mappings) new ApiObject(scope, `mapping-${each.name}`, mapping(release, each));
  },
} as const satisfies Environment;

/** Emissary merges the response headers of a group, so that every version would answer with the name of one of them. */
function noticeHeader({ versionHeader }: ReleaseModel, { rules }: RoutePlan): Contradiction[] {
  if (!versionHeader || rules.every(({ backends }) => backends.length === 1)) return [];
  const message = 'has no effect on a split: Emissary gives the answers of all its versions the same headers';
  const hint = 'Let the versions name themselves, and set versionHeader: false to silence this.';
  return [{ path: ['application', 'versionHeader'], message, hint }];
}

/** Mappings of one host and prefix are one group, whichever release they belong to. */
function noticeEverything({ hosts, prefix }: ReleaseModel): Contradiction[] {
  if (hosts.length > 0 || prefix !== '/') return [];
  const message = 'is / on every host: the Mappings of another release like that would take part in the split';
  return [{ path: ['application', 'prefix'], message, hint: 'Give the release a prefix or hosts of its own.' }];
}
