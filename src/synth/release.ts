import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { EnvironmentId, environments } from '../environments/registry.js';
import { ConfigError } from '../errors.js';
import type { JsonObject } from '../release/json.js';
import { defaultNamespace, type Workload } from '../release/model.js';
import type { StrategyId } from '../strategies/registry.js';
import { checkMeaning } from '../values/check-meaning.js';
import { preparedRelease } from '../values/prepared-release.js';
import { type ResolvedRelease, resolve } from '../values/resolve.js';
import { formatPath } from '../values/source-text.js';
import { Values } from '../values/values.js';

type VersionValues = Values['application']['versions'][number];

/** Labels and annotations of a Kubernetes object. */
export interface MetadataProps {
  /** A DNS label. */
  readonly name?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
}

/** A part of an object, merged strategically over the generated one; `null` removes a field. */
export interface OverlayProps {
  readonly metadata?: Pick<MetadataProps, 'labels' | 'annotations'>;
  /** A container without a name means the version's own. */
  readonly spec?: JsonObject;
}

/** Metadata and spec in place of the generated ones. */
export interface SpecificationProps {
  readonly metadata?: MetadataProps & { readonly namespace?: string };
  /** @default - the generated one */
  readonly spec?: JsonObject;
}

/** Conditions on a request, in Istio's form or the Gateway API's; any one of the list suffices. */
export interface MatchProps {
  /** As Istio's HTTPMatchRequest. */
  readonly match?: readonly NonNullable<VersionValues['match']>[number][];
  /** As the Gateway API's HTTPRouteMatch; instead of `match`. */
  readonly matches?: readonly NonNullable<VersionValues['matches']>[number][];
}

/** What a version may take from its application. */
export interface WorkloadProps {
  /** @default 80 */
  readonly port?: number;
  /** What the port speaks, such as `grpc`. */
  readonly appProtocol?: string;
  /** Merged over the generated Deployment; the application's first. */
  readonly deployment?: OverlayProps;
  /** Merged over the generated InferenceService; the application's first. */
  readonly inferenceService?: OverlayProps;
  /**
   * A HorizontalPodAutoscaler per version.
   * @default - none
   */
  readonly autoscaler?: VersionValues['autoscaler'];
  /**
   * A PodDisruptionBudget per version.
   * @default - none
   */
  readonly disruptionBudget?: VersionValues['disruptionBudget'];
  /** KServe and ModelMesh: such as `sklearn`. */
  readonly modelFormat?: string;
  /** @default - KServe chooses */
  readonly runtime?: string;
  /** @default - v2 */
  readonly protocolVersion?: VersionValues['protocolVersion'];
  /** KServe: the ports of the model server. */
  readonly ports?: VersionValues['ports'];
}

/** One version of the application. */
export interface VersionProps extends MatchProps, WorkloadProps {
  /** @default - the name is `<application>-<position>`, the namespace the release's */
  readonly metadata?: MetadataProps & { readonly namespace?: string };
  /** The image that the version runs; left out where something else says what runs. */
  readonly image?: string;
  /**
   * Share in proportion to the others, or the mirror percent; 0 is no traffic.
   * @default 50
   */
  readonly weight?: number;
  /** Written into values by `sluice evaluate`: the version that this one is a copy of. No object follows from it. */
  readonly baselineOf?: string;
  /**
   * `false` takes the version out of every route.
   * @default true
   */
  readonly routed?: boolean;
  /** KServe and ModelMesh: where the model lies. */
  readonly storageUri?: string;
  /** In place of the generated Deployment. */
  readonly deploymentSpecification?: SpecificationProps;
  /** In place of the generated Service. */
  readonly serviceSpecification?: SpecificationProps &
    Pick<NonNullable<VersionValues['serviceSpecification']>, 'ports'>;
  /** In place of the generated InferenceService. */
  readonly inferenceServiceSpecification?: SpecificationProps;
  /** What runs already and is only routed to. */
  readonly external?: VersionValues['external'];
  /**
   * A workload of your own in place of the generated Deployment, such as a Deployment of cdk8s-plus-28.
   * @default - a Deployment is generated
   */
  readonly workload?: Workload;
}

/** The application that is released. Its matches say who takes part in a split or is mirrored. */
export interface ApplicationProps extends MatchProps, WorkloadProps {
  /** @default - the name is the id of the construct, the namespace the chart's */
  readonly metadata?: MetadataProps & { readonly namespace?: string };
  /** @default 'none' */
  readonly strategy?: StrategyId | 'mirror';
  /**
   * The version that serves what no rule sends elsewhere.
   * @default - the first version
   */
  readonly primary?: string;
  /**
   * Further host names, each with the gateway that serves it.
   * @default []
   */
  readonly hosts?: readonly { readonly name: string; readonly gateway?: string }[];
  /**
   * Emissary: the path below which the release is served.
   * @default '/'
   */
  readonly prefix?: string;
  /**
   * Whether every response names its version in the header `app-version`.
   * @default true
   */
  readonly versionHeader?: boolean;
  /** kubernetes: the pods that the weights divide. */
  readonly replicas?: number;
  /**
   * Keeps a session with the version that first answered it.
   * @default - none
   */
  readonly sessionAffinity?: Values['application']['sessionAffinity'];
  /**
   * How KServe runs the versions.
   * @default 'Serverless'
   */
  readonly deploymentMode?: 'Serverless' | 'RawDeployment';
  /** At least one. */
  readonly versions: readonly VersionProps[];
}

/** The id or an alias of an environment. */
type EnvironmentName = EnvironmentId | (typeof environments)[EnvironmentId]['aliases'][number];

/** What a release consists of: the keys of its values file, without what only the evaluator reads. */
export interface ReleaseProps {
  /** An id or an alias of an environment. */
  readonly environment: EnvironmentName;
  /**
   * A gateway beside the mesh, as `name` or `namespace/name`.
   * @default - the mesh alone
   */
  readonly gateway?: string;
  /** Where ModelMesh serves. */
  readonly service?: Values['service'];
  readonly application: ApplicationProps;
}

/**
 * The objects of one release: for every version a workload and a Service, and the route that its strategy plans.
 *
 * @example
 * new Release(chart, 'reviews', {
 *   environment: 'istio',
 *   application: {
 *     strategy: 'blue-green',
 *     versions: [
 *       { image: 'registry.example/reviews:v1', weight: 90 },
 *       { image: 'registry.example/reviews:v2', weight: 10 },
 *     ],
 *   },
 * });
 */
export class Release extends Construct {
  /** The DNS name of the release inside the cluster. */
  readonly host: string;

  /** @throws ConfigError with every problem of the props at once, each named by its path */
  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const namespace = Chart.of(this).namespace ?? defaultNamespace;
    const release = fromProps(props, { id, namespace });
    this.host = `${release.model.name}.${release.model.namespace}.svc.cluster.local`;
    renderRelease(this, release);
  }
}

/** Adds the objects of a release that was resolved before; what `Release` and `sluice synth` share. */
export function renderRelease(scope: Construct, resolved: ResolvedRelease): void {
  const { release, plan } = preparedRelease(resolved);
  resolved.environment.render(scope, release, plan);
}

function fromProps(props: ReleaseProps, { id, namespace }: { id: string; namespace: string }): ResolvedRelease {
  const workloads = Object.fromEntries(
    props.application.versions.flatMap(({ workload }, position) => (workload ? [[position, workload]] : [])),
  );
  const versions = props.application.versions.map(({ workload: _, ...version }) => version);
  const shape = Values.safeParse({ ...props, application: { ...props.application, versions } });
  if (!shape.success) {
    throw invalid(
      id,
      shape.error.issues.map(({ path, message }) => [formatPath(path as string[]), message]),
    );
  }
  const release = resolve(shape.data, { name: id, namespace, workloads });
  const found = checkMeaning(shape.data, release);
  if (found.length > 0)
    throw invalid(
      id,
      found.map(({ path, message }) => [formatPath(path), message]),
    );
  return release;
}

function invalid(id: string, problems: readonly (readonly [string, string])[]): ConfigError {
  const list = problems.map(([path, message]) => `${path} ${message}`).join('; ');
  return new ConfigError(`Cannot make release ${id} of these props: ${list}`, {
    code: 'synth/invalid-props',
    path: id,
    hint: 'The props are the keys of a values file; docs/values.md describes them.',
    problems: problems.map(([path, message]) => ({ file: id, path, message })),
  });
}
