import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { primaryOf, type ReleaseModel, versionPlace } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';
import { hostnamesOf } from './gateway-route.js';
import { gatewayNamesOf, refuseHosts } from './hosts.js';

/** What the definitions of both routes allow. */
const MAX_HOSTNAMES = 16;
const MAX_RULES = 16;
const MAX_MATCHES = 64;
const MAX_ALL_MATCHES = 128;
const MAX_PARENTS = 32;
const MAX_BACKENDS = 16;

/** Returns the hosts that a route of the Gateway API does not take: addresses, ports, a bare wildcard, or too many. */
export function refuseHostnames(release: ReleaseModel, kind: string): Contradiction[] {
  const wrong = refuseHosts(release, { target: article(kind) });
  const surplus = hostnamesOf(release).length - MAX_HOSTNAMES;
  if (surplus <= 0) return wrong;
  const message = `has ${surplus} too many: ${article(kind)} takes ${MAX_HOSTNAMES} names, the release's own included`;
  return [
    ...wrong,
    { path: ['application', 'hosts'], message, hint: 'Give fewer, or a wildcard such as *.shop.example.' },
  ];
}

/** Returns the gateways that are more than a route can be bound to beside the release's own Service. */
export function refuseParents(release: ReleaseModel, kind: string): Contradiction[] {
  const surplus = gatewayNamesOf(release).length + 1 - MAX_PARENTS;
  if (surplus <= 0) return [];
  const message = `name ${surplus} gateways too many: ${article(kind)} takes ${MAX_PARENTS - 1} beside the release's own Service`;
  return [{ path: ['application', 'hosts'], message, hint: 'Let fewer gateways serve the hosts.' }];
}

/** Returns why the versions are more than a rule can send requests or copies to. */
export function refuseBackends({ rules }: RoutePlan, kind: string): Contradiction[] {
  const most = Math.max(0, ...rules.flatMap(({ backends, mirrors }) => [backends.length, mirrors.length]));
  if (most <= MAX_BACKENDS) return [];
  const message = `are ${most} in one rule, but a rule of ${article(kind)} takes ${MAX_BACKENDS}`;
  return [{ path: ['application', 'versions'], message, hint: 'Take some out with routed: false.' }];
}

/** Returns the routed versions that speak another protocol than the primary, since a route is of one kind. */
export function refuseProtocols(release: ReleaseModel): Contradiction[] {
  const { protocol, name } = primaryOf(release);
  const others = release.versions.filter((version) => version.routed && version.protocol !== protocol);
  return others.map((version) => ({
    path: versionPlace(release, version.name),
    message: `speaks ${version.protocol} and the primary ${name} speaks ${protocol}, but a route is for one of them`,
    hint: 'Give all versions one appProtocol, or let this one be a release of its own.',
  }));
}

/** Returns the lists of matches that are longer than a route takes. */
export function refuseSize({ rules }: RoutePlan, kind: string): Contradiction[] {
  const hint = 'Give fewer matches; one regular expression may stand for several values.';
  const long = rules.filter(({ matches }) => matches.length > MAX_MATCHES);
  const all = rules.reduce((sum, { matches }) => sum + Math.max(matches.length, 1), 0);
  const total: Contradiction[] =
    rules.length > MAX_RULES || all > MAX_ALL_MATCHES
      ? [
          {
            path: ['application', 'versions'],
            message: `need ${rules.length} rules with ${all} matches, but ${article(kind)} takes ${MAX_RULES} and ${MAX_ALL_MATCHES}`,
            hint,
          },
        ]
      : [];
  return long
    .map(({ matches }): Contradiction => {
      const place: readonly PathSegment[] = matches[0]?.place.slice(0, -1) ?? [];
      const message = `has ${matches.length} matches, but a rule of ${article(kind)} takes ${MAX_MATCHES}`;
      return { path: place, message, hint };
    })
    .concat(total);
}

function article(kind: string): string {
  return kind === 'HTTPRoute' ? `an ${kind}` : `a ${kind}`;
}
