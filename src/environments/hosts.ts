import type { Contradiction } from '../release/contradiction.js';
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
export function gatewayNamesOf({ gateway, hosts, namespace }: ReleaseModel): GatewayName[] {
  const all = [gateway, ...hosts.map((host) => host.gateway)].filter((each) => each !== undefined);
  // Without a namespace it is the release's own. The first one stays as it is written.
  return all.filter((each, i) => all.findIndex((other) => sameGateway(each, other, namespace)) === i);
}

function sameGateway(one: GatewayName, other: GatewayName, own: string): boolean {
  return one.name === other.name && (one.namespace ?? own) === (other.namespace ?? own);
}

/** Returns these gateways as Istio writes them. */
export function gatewaysOf(release: ReleaseModel): string[] {
  return gatewayNamesOf(release).map(gatewayText);
}

/** Returns `name`, or `namespace/name`. */
function gatewayText({ name, namespace }: GatewayName): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What a target takes for hosts beside names such as `shop.example` and wildcards such as `*.shop.example`. */
export interface HostForms {
  /** Who takes them, such as `an HTTPRoute`. */
  readonly target: string;
  /**
   * Whether an IPv4 address is taken for a name.
   * @default false
   */
  readonly addresses?: boolean;
  /**
   * Whether `*` stands for any host.
   * @default false
   */
  readonly any?: boolean;
}

const MAX_HOST = 253;
const label = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?';
const hostName = new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`);

/** Returns a contradiction for every host of the release that the target does not take. */
export function refuseHosts({ hosts }: ReleaseModel, { target, addresses = false, any = false }: HostForms) {
  return hosts.flatMap(({ name }, i): Contradiction[] => {
    const isAddress = !addresses && (name.includes(':') || /^[\d.]+$/.test(name));
    if (any && name === '*') return [];
    if (!isAddress && hostName.test(name) && name.length <= MAX_HOST) return [];
    const message = isAddress
      ? `is an address or has a port, and ${target} takes names`
      : `is ${JSON.stringify(name)}, which is no host name`;
    const hint = `Give a name in lower case such as shop.example or *.shop.example,${any ? ' or * for any,' : ''} without a port.`;
    return [{ path: ['application', 'hosts', i, 'name'], message, hint }];
  });
}
