import type { JsonObject } from '../../../src/release/json.js';
import { gateway, namespace, versionPort } from './mesh.js';

/** Environments whose versions are Services that Istio routes to. */
export const environments = ['istio', 'gateway-api'] as const;

export type RoutedEnvironment = (typeof environments)[number];

/** A version beside its image: its name, weight, and what else values say of it. */
export type VersionValues = JsonObject & { readonly name: string };

interface Release {
  readonly strategy: string;
  readonly versions: readonly VersionValues[];
  /** Of the application. */
  readonly also?: JsonObject;
}

/**
 * Returns values of a release that is reached from the gateway and from the sidecar. Versions speak HTTP/1.1 unless they say
 * otherwise: where nothing is said, Envoy asks them as it was asked itself.
 */
export function releaseValues(environment: RoutedEnvironment, { strategy, versions, also }: Release): JsonObject {
  const named = versions.map(({ name, ...rest }) => ({
    metadata: { name },
    image: 'registry.example/one:v1',
    ...rest,
  }));
  return {
    environment,
    gateway,
    application: { port: versionPort, appProtocol: 'http', strategy, versions: named, ...also },
  };
}

/** Returns the host by which a release is asked from everywhere. */
export function hostOf(name: string): string {
  return `${name}.${namespace}.svc.cluster.local`;
}
