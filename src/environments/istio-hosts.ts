import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { GatewayName, ReleaseModel } from '../release/model.js';
import { meshHosts, ownHosts } from './hosts.js';

/** Labels as Istio checks them. */
const LABEL = '[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?';
const DOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${BYTE}(\\.${BYTE}){3}$`);
const MAX_DOMAIN = 255;

/**
 * Returns the hosts of the release's VirtualService, each once. They count for each of its gateways and for the mesh;
 * what a gateway really serves is what its own servers admit, so a host without a gateway is one of the mesh alone.
 */
export function routeHosts(release: ReleaseModel): string[] {
  return [...new Set([...meshHosts(release), ...ownHosts(release)])];
}

/** Returns a contradiction for every host that Istio would refuse, or that would take all traffic of the mesh. */
export function refuseIstioHosts(release: ReleaseModel): Contradiction[] {
  const all = routeHosts(release);
  return release.hosts.flatMap(({ name }, i): Contradiction[] => {
    const path = ['application', 'hosts', i, 'name'];
    if (name === '*') {
      const message = 'is *, which Istio refuses for the mesh';
      return [{ path, message, hint: 'Name the hosts, or a part of them such as *.example.com.' }];
    }
    const covered = all.find((other) => covers(name, other));
    if (covered !== undefined) {
      const message = `covers ${covered}, which the route names as well, and Istio refuses both together`;
      return [{ path, message, hint: 'Keep the one or the other, or name every host without *.' }];
    }
    if (isHost(name) || isAddress(name)) return [];
    const message = `is ${shortened(name)}, which is neither a host name nor an IP address`;
    const hint = `Give a name such as shop.example.com or *.example.com, without a port, of at most ${MAX_DOMAIN} characters.`;
    return [{ path, message, hint }];
  });
}

/** Returns a contradiction for every gateway whose name Istio does not take, though Kubernetes would. */
export function refuseGateways({ gateway, hosts }: ReleaseModel): Contradiction[] {
  const places = [
    { path: ['gateway'] as PathSegment[], gateway },
    ...hosts.map((host, i) => ({ path: ['application', 'hosts', i, 'gateway'], gateway: host.gateway })),
  ];
  return places.flatMap(({ path, gateway: written }) => (written ? refuseGateway(path, written) : []));
}

function refuseGateway(path: readonly PathSegment[], gateway: GatewayName): Contradiction[] {
  if (isGateway(gateway)) return [];
  const message = `is ${shortened(gateway.name)}, and Istio takes at most 63 characters between the dots, and no number at the end`;
  return [{ path, message, hint: 'Give the Gateway a shorter name.' }];
}

/** Returns whether Istio takes this for the name of a host, or of all hosts below one. */
export function isHost(name: string): boolean {
  return isDomain(name.replace(/^\*\./, '')) && !/\.[0-9]+$/.test(name);
}

/** Returns whether Istio takes this for the name of a gateway; without a namespace, it reads a host there. */
export function isGateway({ name, namespace }: GatewayName): boolean {
  return isDomain(name) && (namespace !== undefined || !/(^|\.)[0-9]+$/.test(name));
}

function isDomain(name: string): boolean {
  return name.length <= MAX_DOMAIN && DOMAIN.test(name);
}

function isAddress(name: string): boolean {
  return IPV4.test(name) || (name.includes(':') && URL.canParse(`http://[${name}]/`));
}

/** `*.example` covers `shop.example` and `*.shop.example`. */
function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') && pattern !== host && host.endsWith(pattern.slice(1));
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
