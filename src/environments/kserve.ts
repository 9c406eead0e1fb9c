import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Contradiction } from '../release/contradiction.js';
import type { Environment } from '../release/environment.js';
import type { ReleaseModel } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';
import { noticeHttpRoutes, prepareHttpRoutes, refuseHttpRoutes, renderHttpRoutes } from './http-route.js';
import { inferenceService } from './inference-service.js';
import { type PredictorNaming, predictorName } from './kserve-predictor.js';
import { overPredictors, prepareServerless } from './kserve-prepare.js';
import { refuseInferenceServices, refuseServerless } from './kserve-refusals.js';
import { kserveRoute, kserveShadow, LOCAL_GATEWAY_HOST } from './kserve-serverless.js';
import { placesInRoute } from './places-in-route.js';
import { externalNameService } from './virtual-service.js';

/** KServe since 0.11: InferenceServices, behind Knative's gateways or, in RawDeployment, behind an HTTPRoute. */
export const kserve = kserveEnvironment('kserve', { aliases: ['kserve-0.11'], predictorSuffix: '-predictor' });

/** KServe 0.10, which calls predictors otherwise. */
export const kserve010 = kserveEnvironment('kserve-0.10', { aliases: [], predictorSuffix: '-predictor-default' });

interface KserveOptions<Alias extends string> extends PredictorNaming {
  readonly aliases: readonly Alias[];
}

function kserveEnvironment<const Id extends string, const Alias extends string = never>(
  id: Id,
  { aliases, ...naming }: KserveOptions<Alias>,
) {
  return {
    id,
    aliases,
    workloads: 'InferenceService',
    matchForm: (mode) => (mode === 'RawDeployment' ? 'matches' : 'match'),
    supports: ['weight', 'match', 'mirror', 'gateway', 'hosts', 'deployment-mode', 'model-ports', 'version-namespace'],
    refuses(release, plan) {
      const raw = release.deploymentMode === 'RawDeployment';
      return [
        ...refuseInferenceServices(release, naming),
        ...(raw ? refuseHttpRoutes(overPredictors(release, naming), plan, id) : refuseServerless(release, plan)),
      ];
    },
    notices(release, plan) {
      const raw = release.deploymentMode === 'RawDeployment';
      return raw ? noticeHttpRoutes(overPredictors(release, naming), plan) : noticeGateway(release);
    },
    prepare(release, plan) {
      if (release.deploymentMode === 'Serverless') return prepareServerless(release, plan);
      return prepareHttpRoutes(overPredictors(release, naming), plan);
    },
    measured(version, { release, plan }) {
      const predictor = predictorName(version, naming);
      if (release.deploymentMode === 'Serverless') return { service: predictor, workload: version.name };
      const backends = placesInRoute(release, plan, version.name);
      return { environment: 'gateway-api', service: predictor, workload: predictor, backends };
    },
    render(scope, release, plan) {
      const { deploymentMode } = release;
      for (const version of release.versions) {
        const object = inferenceService(release, version, { deploymentMode });
        new ApiObject(scope, `inference-service-${version.name}`, object);
      }
      if (deploymentMode === 'RawDeployment') renderHttpRoutes(scope, release, plan);
      else renderServerless(scope, { release, plan, naming });
    },
  } as const satisfies Environment;
}

/** As in Iter8: Knative brings gateways of its own. */
function noticeGateway({ gateway }: ReleaseModel): Contradiction[] {
  if (gateway === undefined) return [];
  const hint = 'It may stay; application.hosts binds further gateways, and RawDeployment mode reads it.';
  return [{ path: ['gateway'], message: 'has no effect in Serverless mode', hint }];
}

interface Routing {
  readonly release: ReleaseModel;
  readonly plan: RoutePlan;
  readonly naming: PredictorNaming;
}

function renderServerless(scope: Construct, { release, plan, naming }: Routing): void {
  new ApiObject(scope, 'service', externalNameService(release, LOCAL_GATEWAY_HOST));
  new ApiObject(scope, 'route', kserveRoute(release, plan, naming));
  const shadow = kserveShadow(release, plan, naming);
  if (shadow !== undefined) new ApiObject(scope, 'shadow-route', shadow);
}
