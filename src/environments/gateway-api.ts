import type { Environment } from '../release/environment.js';
import { noticeHttpRoutes, prepareHttpRoutes, refuseHttpRoutes, renderHttpRoutes } from './http-route.js';
import { placesInRoute } from './places-in-route.js';
import { renderVersions } from './workload.js';
import { noticeSelectors, refusePorts, refuseScaling } from './workload-checks.js';

/** The Gateway API: an HTTPRoute or a GRPCRoute over the versions' Services, for the mesh and for a Gateway. */
export const gatewayApi = {
  id: 'gateway-api',
  aliases: ['deployment-gtw'],
  workloads: 'Deployment',
  matchForm: () => 'matches',
  supports: [
    'weight',
    'match',
    'mirror',
    'gateway',
    'hosts',
    'cookie-affinity',
    'external-service',
    'version-namespace',
    'autoscaler',
    'disruption-budget',
  ],
  refuses: (release, plan) => [
    ...refuseHttpRoutes(release, plan, 'gateway-api'),
    ...refuseScaling(release),
    ...refusePorts(release),
  ],
  notices: (release, plan) => [...noticeHttpRoutes(release, plan), ...noticeSelectors(release)],
  prepare: prepareHttpRoutes,
  measured: ({ name }, { release, plan }) => ({ backends: placesInRoute(release, plan, name) }),
  render(scope, release, plan) {
    renderVersions(scope, release);
    renderHttpRoutes(scope, release, plan);
  },
} as const satisfies Environment;
