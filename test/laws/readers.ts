import type { Manifest } from '../../src/release/model.js';
import type { Arrivals, Entrance } from './arrival.js';
import { emissaryArrivals } from './emissary-arrivals.js';
import { gatewayArrivals } from './gateway-arrivals.js';
import { istioArrivals } from './istio-arrivals.js';
import { serviceArrivals } from './service-arrivals.js';
import { nameOf, type WrittenRelease } from './written.js';

/** How a target reads the objects of a release, by its documentation alone: nothing of the code that renders has a part in it. */
export interface RouteReader {
  /**
   * Returns where a request and its copies arrive. Every reading that the target's specification leaves open is one
   * element; no element means that nobody serves the request.
   */
  arrivals(objects: readonly Manifest[], entrance: Entrance): Arrivals[];
  /**
   * Returns the host names by which the release is asked, a wildcard as it is written.
   * @default - its name in the cluster, `shop.default.svc.cluster.local`, and those of `application.hosts`
   */
  hosts?(release: WrittenRelease): readonly string[];
  /**
   * Returns whether answers carry `app-version`, where so many versions share those of a rule.
   * @default - they do
   */
  namesVersion?(versions: number): boolean;
}

/** Those of the environments that sluice began with; the test of any other brings its own. */
export const readers: Readonly<Record<string, RouteReader>> = {
  kubernetes: { arrivals: serviceArrivals, hosts: serviceHosts, namesVersion: () => false },
  istio: { arrivals: istioArrivals },
  'gateway-api': { arrivals: gatewayArrivals },
  kserve: { arrivals: kserveArrivals },
  'kserve-0.10': { arrivals: kserveArrivals },
  modelmesh: { arrivals: istioArrivals },
  emissary: {
    arrivals: emissaryArrivals,
    hosts: (release) => (release.hosts.length > 0 ? hostNames(release) : ['anything.example']),
    namesVersion: (versions) => versions === 1,
  },
};

/** Returns the names of its own by which a release is asked. */
export function clusterHosts(release: WrittenRelease): string[] {
  return [`${release.name}.${release.namespace}.svc.cluster.local`, ...hostNames(release)];
}

function hostNames({ hosts }: WrittenRelease): string[] {
  return hosts.map(({ name }) => name);
}

/** Where nothing divides requests, the primary's Service is asked; one that was given selects what it was told to. */
function serviceHosts(release: WrittenRelease): string[] {
  const { strategy, primary, namespace } = release;
  if (strategy !== 'none') return clusterHosts(release);
  if (primary.serviceSpecification?.spec !== undefined) return [];
  return [`${nameOf(release, primary)}.${primary.metadata?.namespace ?? namespace}`];
}

function kserveArrivals(objects: readonly Manifest[], entrance: Entrance): Arrivals[] {
  const isRaw = objects.some(({ kind }) => kind === 'HTTPRoute' || kind === 'GRPCRoute');
  return isRaw ? gatewayArrivals(objects, entrance) : istioArrivals(objects, entrance);
}
