import type { Environment, MatchForm } from '../release/environment.js';
import type { Analysis } from '../release/evaluation.js';
import type { GatewayName, ReleaseModel, Workload } from '../release/model.js';
import type { Rollout } from '../release/policy.js';
import type { SessionAffinity } from '../release/session-affinity.js';
import type { Strategy } from '../release/strategy.js';
import { seconds } from './duration.js';
import { defaultRegistry, environmentNamed, type Registry, strategyNamed } from './lookup.js';
import { matchesOf } from './matches.js';
import { resolveAnalysis, resolveRollout } from './resolve-evaluation.js';
import { resolveVersion } from './resolve-version.js';
import type { SharedAnalyses } from './shared-analysis.js';
import type { Values } from './values.js';

/** What names a release where its values do not. */
export interface Identity {
  /** Default of `application.metadata.name`. */
  readonly name: string;
  /** Default of `application.metadata.namespace`. */
  readonly namespace: string;
  /** What `analysis.use` may name. @default - nobody knows the project */
  readonly analyses?: SharedAnalyses | undefined;
  /** @default - the environments and strategies that sluice brings */
  readonly registry?: Registry;
  /** Workloads made elsewhere, by position of the version. */
  readonly workloads?: { readonly [position: number]: Workload };
}

/** A release that can be planned, rendered and evaluated: every name and default resolved. */
export interface ResolvedRelease {
  readonly environment: Environment;
  readonly strategy: Strategy;
  /** The one that counts where a match is given in both; undefined where that is refused. */
  readonly matchForm: MatchForm | undefined;
  readonly model: ReleaseModel;
  readonly analysis: Analysis | undefined;
  readonly rollout: Rollout | undefined;
}

/** Returns the release that the values describe. They were checked for shape before, and are checked for meaning after. */
export function resolve(values: Values, identity: Identity): ResolvedRelease {
  const { application } = values;
  const { registry = defaultRegistry, workloads } = identity;
  const environment = environmentNamed(values.environment, registry);
  const name = application.metadata?.name ?? identity.name;
  const namespace = application.metadata?.namespace ?? identity.namespace;
  const deploymentMode = application.deploymentMode ?? 'Serverless';
  const matchForm = environment.matchForm?.(deploymentMode);
  const context = { application, name, namespace, workloads: environment.workloads, matchForm };
  const versions = application.versions.map((version, position) =>
    resolveVersion(version, { ...context, position, workload: workloads?.[position] }),
  );
  return {
    environment,
    strategy: strategyNamed(application.strategy ?? 'none', registry),
    matchForm,
    model: {
      name,
      namespace,
      versions,
      primary: application.primary ?? versions[0]?.name ?? name,
      matches: matchesOf(application, ['application'], matchForm),
      gateway: values.gateway === undefined ? undefined : gatewayName(values.gateway),
      hosts: (application.hosts ?? []).map((host) => ({
        name: host.name,
        gateway: host.gateway === undefined ? undefined : gatewayName(host.gateway),
      })),
      subsets: versions.some(({ external }) => external?.kind === 'deployment'),
      prefix: (application.prefix ?? '/').replace(/(?<!\/)\/*$/, '/'),
      versionHeader: application.versionHeader ?? true,
      replicas: application.replicas,
      sessionAffinity: application.sessionAffinity && resolveAffinity(application.sessionAffinity),
      deploymentMode,
      modelMesh: { ...modelMesh, ...values.service } as ReleaseModel['modelMesh'],
    },
    analysis: values.analysis && resolveAnalysis(values.analysis, values.rollout?.policy),
    rollout: (values.rollout ?? values.analysis) && resolveRollout(values.rollout ?? {}),
  };
}

/** ModelMesh as it is installed by default, and its gRPC port. */
const modelMesh = { host: 'modelmesh-serving.modelmesh-serving.svc.cluster.local', port: 8033 };

const DEFAULT_COOKIE = 'sluice-version';
const DEFAULT_MAX_AGE = 3600;

/** `name`, or `namespace/name`. */
function gatewayName(written: string): GatewayName {
  const [name = written, namespace] = written.split('/').reverse();
  return { name, namespace };
}

function resolveAffinity(affinity: NonNullable<Values['application']['sessionAffinity']>): SessionAffinity {
  const { type, cookie = DEFAULT_COOKIE, maxAge } = affinity;
  return { type, cookie, maxAge: maxAge === undefined ? DEFAULT_MAX_AGE : seconds(maxAge) };
}
