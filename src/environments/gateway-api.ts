import { ApiObject } from 'cdk8s';
import type { Environment } from '../release/environment.js';
import type { ReleaseModel } from '../release/model.js';
import { httpRoute, refuseHttpMatches, SHARED_PORT } from './http-route.js';
import { sharedMetadata } from './metadata.js';
import { refuseSharedName } from './refusals.js';
import { renderVersions } from './workload.js';

/**
 * The Gateway API: an HTTPRoute v1 over the versions' Services, with the release's own Service and a Gateway as parents.
 * Fields that the API server would default are written out, so that nothing drifts.
 */
export const gatewayApi = {
  id: 'gateway-api',
  aliases: ['deployment-gtw'],
  workloads: 'Deployment',
  supports: [
    'weight',
    'match',
    'mirror',
    'gateway',
    'hosts',
    'external-service',
    'version-namespace',
    'autoscaler',
    'disruption-budget',
  ],
  refuses: (release, plan) => [...refuseSharedName(release), ...refuseHttpMatches(plan, 'gateway-api')],
  render(scope, release, plan) {
    renderVersions(scope, release);
    new ApiObject(scope, 'service', sharedService(release));
    new ApiObject(scope, 'route', httpRoute(release, plan));
  },
} as const satisfies Environment;

/** The parent of the route inside the mesh; its selector fits no pod, since the route decides. */
function sharedService(release: ReleaseModel) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: sharedMetadata(release),
    spec: { selector: { app: release.name }, ports: [{ port: SHARED_PORT }] },
  };
}
