import type { Contradiction } from '../release/contradiction.js';
import type { ReleaseModel } from '../release/model.js';
import { meshHosts, ownHosts } from './hosts.js';

/** Labels as Istio checks them; an IPv4 address has that shape too. */
const LABEL = '[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?';
const DOMAIN = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`);
const IPV6 = /^[0-9a-fA-F]*:[0-9a-fA-F:.]*$/;

/**
 * Returns the hosts of the release's VirtualService, each once. They count for each of its gateways and for the mesh;
 * what a gateway really serves is what its own servers admit, so a host without a gateway is one of the mesh alone.
 */
export function routeHosts(release: ReleaseModel): string[] {
  return [...new Set([...meshHosts(release), ...ownHosts(release)])];
}

/** Returns a contradiction for every host that Istio would refuse, or that would take all traffic of the mesh. */
export function refuseHosts({ hosts }: ReleaseModel): Contradiction[] {
  return hosts.flatMap(({ name }, i): Contradiction[] => {
    const path = ['application', 'hosts', i, 'name'];
    if (name === '*') {
      const message = 'is *, which Istio refuses for the mesh';
      return [{ path, message, hint: 'Name the hosts, or a part of them such as *.example.com.' }];
    }
    if (DOMAIN.test(name) || IPV6.test(name)) return [];
    const message = `is ${JSON.stringify(name)}, which is neither a host name nor an IP address`;
    return [{ path, message, hint: 'Give a name such as shop.example.com or *.example.com, without a port.' }];
  });
}
