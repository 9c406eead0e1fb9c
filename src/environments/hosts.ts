import type { ReleaseModel } from '../release/model.js';

/** Returns the names by which the mesh knows a Service of the release's namespace. */
export function meshHosts({ name, namespace }: ReleaseModel): string[] {
  return [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
}

/** Returns the further host names of the release, each once. */
export function ownHosts({ hosts }: ReleaseModel): string[] {
  return [...new Set(hosts.map((host) => host.name))];
}

/** Returns the gateways of the release, each once: `gateway`, then those of its hosts. */
export function gatewaysOf({ gateway, hosts }: ReleaseModel): string[] {
  const all = [gateway, ...hosts.map((host) => host.gateway)];
  return [...new Set(all.filter((each) => each !== undefined))];
}
