import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { primaryOf, type ReleaseModel, versionPlace } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';
import { hostnamesOf } from './gateway-route.js';

/** What the definitions of both routes allow. */
const MAX_HOSTNAMES = 16;
const MAX_RULES = 16;
const MAX_MATCHES = 64;
const MAX_ALL_MATCHES = 128;

const hostname = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Returns the hosts that a route of the Gateway API does not take: addresses, ports, a bare wildcard, or too many. */
export function refuseHosts(release: ReleaseModel, kind: string): Contradiction[] {
  const wrong = release.hosts.flatMap(({ name }, i): Contradiction[] => {
    const isAddress = name.includes(':') || /^[\d.]+$/.test(name);
    if (!isAddress && hostname.test(name) && name.length <= 253) return [];
    const what = isAddress ? 'an address or has a port' : 'no host name';
    const hint = 'Give a name in lower case such as shop.example or *.shop.example.';
    return [
      { path: ['application', 'hosts', i, 'name'], message: `is ${what}, and ${article(kind)} takes names`, hint },
    ];
  });
  const surplus = hostnamesOf(release).length - MAX_HOSTNAMES;
  if (surplus <= 0) return wrong;
  const message = `has ${surplus} too many: ${article(kind)} takes ${MAX_HOSTNAMES} names, the release's own included`;
  return [
    ...wrong,
    { path: ['application', 'hosts'], message, hint: 'Give fewer, or a wildcard such as *.shop.example.' },
  ];
}

/** Returns the routed versions that speak another protocol than the primary, since a route is of one kind. */
export function refuseProtocols(release: ReleaseModel): Contradiction[] {
  const { protocol, name } = primaryOf(release);
  const others = release.versions.filter((version) => version.routed && version.protocol !== protocol);
  return others.map((version) => ({
    path: versionPlace(release, version.name),
    message: `speaks ${version.protocol} and the primary ${name} speaks ${protocol}, but a route is for one of them`,
    hint: 'Give all versions one appProtocol, or take this one out with routed: false.',
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
