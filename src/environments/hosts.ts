import type { GatewayName, ReleaseModel } from '../release/model.js';

/** Returns the names by which the mesh knows a Service of the release's namespace. */
export function meshHosts({ name, namespace }: ReleaseModel): string[] {
  return [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
}

/** Returns the further host names of the release, each once. */
export function ownHosts({ hosts }: ReleaseModel): string[] {
  return [...new Set(hosts.map((host) => host.name))];
}

/** Returns the gateways of the release, each once: `gateway`, then those of its hosts. */
export function gatewayNamesOf({ gateway, hosts }: ReleaseModel): GatewayName[] {
  const all = [gateway, ...hosts.map((host) => host.gateway)].filter((each) => each !== undefined);
  return [...new Map(all.map((each) => [gatewayText(each), each])).values()];
}

/** Returns these gateways as Istio writes them. */
export function gatewaysOf(release: ReleaseModel): string[] {
  return gatewayNamesOf(release).map(gatewayText);
}

/** Returns `name`, or `namespace/name`. */
function gatewayText({ name, namespace }: GatewayName): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
