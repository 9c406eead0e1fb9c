import type { Json, JsonObject } from './json.js';
import type { RouteMatch } from './route-plan.js';

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

/** A host name outside the cluster, and the gateway that serves it. */
export interface HostModel {
  readonly name: string;
  readonly gateway: string;
}

/** One version of a release, with every default resolved. */
export interface VersionModel {
  /** A DNS label, unique in the release; it names the Deployment, the Service and the container. */
  readonly name: string;
  readonly image: string | undefined;
  /** The port of the Service and of the container. */
  readonly port: number;
  /** Integer, at least 0. Shares are proportional; in mirrored it is the candidate's mirror percent. */
  readonly weight: number;
  /** `false` takes the version out of rules, splits and mirrors. */
  readonly routed: boolean;
  /** What sends a request to this version in canary; any one of them suffices. */
  readonly matches: readonly RouteMatch[];
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  /** Partial Deployments, merged strategically over the generated one in this order. */
  readonly overlays: readonly JsonObject[];
  /** Stands in place of the generated Deployment. */
  readonly workload: Workload | undefined;
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
  /** The gateway beside the mesh, such as `istio-system/public`; undefined for none. */
  readonly gateway: string | undefined;
  readonly hosts: readonly HostModel[];
  /** Whether every response names its version in `app-version`. */
  readonly versionHeader: boolean;
}

/** The namespace of a release where neither its values nor the project name one. */
export const defaultNamespace = 'default';

/** Returns the primary version. */
export function primaryOf(release: ReleaseModel): VersionModel {
  const primary = release.versions.find((version) => version.name === release.primary);
  if (primary === undefined) throw new TypeError(`primary ${release.primary} is not among the versions`);
  return primary;
}

/** Returns the routed versions beside the primary, in the user's order. */
export function routedCandidatesOf(release: ReleaseModel): readonly VersionModel[] {
  return release.versions.filter((version) => version.routed && version.name !== release.primary);
}
