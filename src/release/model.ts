import type { PathSegment } from './contradiction.js';
import type { Json, JsonObject, Texts } from './json.js';
import type { RouteMatch } from './route-plan.js';
import type { SessionAffinity } from './session-affinity.js';

/** A Kubernetes object as plain data. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly [key: string]: Json };
  readonly [key: string]: Json;
}

/**
 * A workload that the user of the constructs made, such as a Deployment of cdk8s-plus-28.
 * Its pods are found by `matchLabels`; sluice adds the Service and the route.
 */
export interface Workload {
  /** The name of the Kubernetes object. */
  readonly name: string;
  /** The labels that select its pods. */
  readonly matchLabels: { readonly [key: string]: string };
}

/** What a gateway is called; without a namespace, it is one of the release's. */
export interface GatewayName {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A host name outside the cluster, and the gateway that serves it; without one, the cluster's own traffic alone. */
export interface HostModel {
  readonly name: string;
  readonly gateway: GatewayName | undefined;
}

/** Metadata and spec that stand in place of the generated ones. */
export interface Specification {
  readonly metadata: {
    readonly name?: string | undefined;
    readonly namespace?: string | undefined;
    readonly labels?: Texts | undefined;
    readonly annotations?: Texts | undefined;
  };
  /** Undefined where only metadata was given: the generated spec stays. */
  readonly spec: JsonObject | undefined;
}

/** What runs or serves already and is only routed to. */
export interface External {
  readonly kind: 'service' | 'deployment';
  readonly name: string;
  /** The labels of the Deployment's pods. */
  readonly labels: Texts;
}

/** Where the requests of a version are sent. */
export interface Address {
  /** The name of a Service. */
  readonly service: string;
  readonly namespace: string;
  /** Whether that is another namespace than the release's. */
  readonly elsewhere: boolean;
  readonly port: number;
  /**
   * What the object is called that lets routes of the release's namespace lead there.
   * @default - not worked out
   */
  readonly grant?: string;
}

/** The port of a Service as it leads to the pods. */
export interface ServicePort {
  /** A number, or the name of a port of the container. */
  readonly targetPort: number | string;
  readonly protocol: string;
  readonly appProtocol: string | undefined;
}

/** The model that an InferenceService serves. */
export interface ServedModel {
  readonly format: string | undefined;
  readonly storageUri: string | undefined;
  readonly runtime: string | undefined;
  /** Such as `v1`, `v2` or `grpc-v2`; undefined is `v2`. */
  readonly protocolVersion: string | undefined;
  /** Container ports as KServe takes them, at least one. */
  readonly ports: readonly JsonObject[] | undefined;
  /**
   * Where its predictions are asked for; undefined leaves the client's own path.
   * @default - not worked out
   */
  readonly predictionPath?: string | undefined;
}

/** A HorizontalPodAutoscaler's spec, without its target. */
export interface Autoscaler {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** As in autoscaling/v2. */
  readonly metrics: readonly JsonObject[];
  readonly behavior: JsonObject | undefined;
}

/** A PodDisruptionBudget's spec, without its selector: one of the two, a number of pods or a percentage. */
export interface DisruptionBudget {
  readonly minAvailable?: number | string | undefined;
  readonly maxUnavailable?: number | string | undefined;
}

/** One version of a release, with every default resolved. */
export interface VersionModel {
  /** A DNS label, unique in the release: what routes, `primary` and the `app-version` header call it. */
  readonly name: string;
  /** Names the generated objects, the container and the label `app`; differs from `name` only where a specification renames. */
  readonly instance: string;
  readonly namespace: string;
  readonly image: string | undefined;
  /** The port of the container. */
  readonly port: number;
  readonly address: Address;
  /** What the version's own Service says of that port. */
  readonly servicePort: ServicePort;
  /** What its port speaks. */
  readonly protocol: 'http' | 'grpc';
  /** Written on the port of the Service; undefined leaves it out. */
  readonly appProtocol: string | undefined;
  /** What its Service says of that port, as far as it is HTTP; undefined for anything else, and where it says nothing. */
  readonly httpProtocol: string | undefined;
  /** Integer, at least 0. Shares are proportional; in mirrored it is the candidate's mirror percent. */
  readonly weight: number;
  /** The version that it is a copy of, deployed to compare candidates with; undefined for any other version. */
  readonly baselineOf: string | undefined;
  /** Its part of the release's `replicas`, 0 without a share; undefined where nothing divides them. */
  readonly pods: number | undefined;
  /** `false` takes the version out of rules, splits and mirrors. */
  readonly routed: boolean;
  /** What sends a request to this version in canary; any one of them suffices. */
  readonly matches: readonly RouteMatch[];
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Partial objects, merged strategically over the generated workload in this order. */
  readonly overlays: readonly JsonObject[];
  /** In place of the generated Deployment or InferenceService. */
  readonly workloadSpecification: Specification | undefined;
  /** The labels by which its pods are found. */
  readonly podLabels: Texts;
  /** In place of the generated Service. */
  readonly serviceSpecification: Specification | undefined;
  /** Stands in place of the generated Deployment. */
  readonly workload: Workload | undefined;
  readonly external: External | undefined;
  readonly model: ServedModel;
  readonly autoscaler: Autoscaler | undefined;
  readonly disruptionBudget: DisruptionBudget | undefined;
}

/** One release, with every name and default resolved: all that strategies and environments need. */
export interface ReleaseModel {
  /** A DNS label; it names the shared Service and the route. */
  readonly name: string;
  readonly namespace: string;
  /** At least one. The order is the user's. */
  readonly versions: readonly VersionModel[];
  /** The name of the version that serves whatever no rule sends elsewhere. */
  readonly primary: string;
  /** What takes part in a split or is mirrored; any one suffices, and none means every request. */
  readonly matches: readonly RouteMatch[];
  /** The gateway beside the mesh; undefined for none. */
  readonly gateway: GatewayName | undefined;
  readonly hosts: readonly HostModel[];
  /** Whether some version is a Deployment of others, which the Service called like the release selects. */
  readonly subsets: boolean;
  /** The path below which Emissary serves the release, with a slash at both ends. */
  readonly prefix: string;
  /** Whether every response names its version in `app-version`. */
  readonly versionHeader: boolean;
  /** The pods that a replica ratio divides; undefined where none are declared. */
  readonly replicas: number | undefined;
  readonly sessionAffinity: SessionAffinity | undefined;
  /** How KServe runs the versions. */
  readonly deploymentMode: 'Serverless' | 'RawDeployment';
  /** Where ModelMesh serves. */
  readonly modelMesh: { readonly host: string; readonly port: number };
}

/** The namespace of a release where neither its values nor the project name one. */
export const defaultNamespace = 'default';

/** Returns the name of a version's Deployment. */
export function deploymentName({ external, workload, workloadSpecification, instance }: VersionModel): string {
  const others = external?.kind === 'deployment' ? external.name : workload?.name;
  return others ?? workloadSpecification?.metadata.name ?? instance;
}

/** Returns the version of that name, which is among them. */
export function versionNamed({ versions }: ReleaseModel, name: string): VersionModel {
  const version = versions.find((each) => each.name === name);
  if (version === undefined) throw new TypeError(`version ${name} is not among the versions`);
  return version;
}

/** Returns the primary version. */
export function primaryOf(release: ReleaseModel): VersionModel {
  return versionNamed(release, release.primary);
}

/** Returns the versions that may become the primary, in the user's order: all beside it but a baseline of the evaluator's. */
export function candidatesOf({ versions, primary }: ReleaseModel): readonly VersionModel[] {
  return versions.filter(({ name, baselineOf }) => name !== primary && baselineOf === undefined);
}

/** Returns the routed versions beside the primary, in the user's order. */
export function routedCandidatesOf(release: ReleaseModel): readonly VersionModel[] {
  return release.versions.filter((version) => version.routed && version.name !== release.primary);
}

/** Returns where a version's entry, or a part of it, stands in the values file. */
export function versionPlace({ versions }: ReleaseModel, name: string, ...rest: PathSegment[]): PathSegment[] {
  return ['application', 'versions', versions.findIndex((version) => version.name === name), ...rest];
}
