import { isDeepStrictEqual } from 'node:util';
import type { Envoy } from '../envoy.js';
import { eventually } from '../eventually.js';

/** Where an Envoy sends what no rule before it sends elsewhere: percents by version. */
export interface LastRoute {
  readonly weights: Readonly<Record<string, number>>;
  readonly mirrors: Readonly<Record<string, number>>;
}

interface Expected extends Partial<LastRoute> {
  readonly host: string;
  /** Unix milliseconds: an older route is not the one that is waited for. @default any */
  readonly after?: number;
}

interface Known extends LastRoute {
  /** Unix milliseconds since which Envoy has it. */
  readonly since: number;
}

/**
 * Waits until an Envoy has this route for a host.
 *
 * @returns Unix milliseconds, by Envoy's clock, which is the one of this machine
 */
export async function untilRouted(envoy: Envoy, { host, weights, mirrors = {}, after = 0 }: Expected): Promise<number> {
  const what = `${host} with ${JSON.stringify({ weights, mirrors })} in Envoy`;
  return eventually(
    async () => {
      const found = await lastRoutes(envoy, host);
      const same = (route: Known) =>
        route.since >= after && isDeepStrictEqual(route.weights, weights) && isDeepStrictEqual(route.mirrors, mirrors);
      if (found.length === 0 || !found.every(same)) return undefined;
      return Math.max(...found.map(({ since }) => since));
    },
    { what },
  );
}

/** Of each listener that knows the host. */
async function lastRoutes(envoy: Envoy, host: string): Promise<readonly Known[]> {
  const { configs = [] } = JSON.parse(await envoy.admin('/config_dump?resource=dynamic_route_configs')) as Dump;
  return configs.flatMap(({ route_config, last_updated }) =>
    (route_config.virtual_hosts ?? [])
      .filter(({ domains }) => domains.includes(host))
      .map(({ routes }) => ({ ...lastRoute(routes.at(-1)), since: Date.parse(last_updated) })),
  );
}

function lastRoute({ route }: Route = {}): LastRoute {
  const single = route?.cluster === undefined ? [] : [{ name: route.cluster, weight: 100 }];
  const weighted = route?.weighted_clusters?.clusters ?? single;
  const mirrors = route?.request_mirror_policies ?? [];
  return {
    weights: Object.fromEntries(weighted.map(({ name, weight }) => [versionOf(name), weight])),
    mirrors: Object.fromEntries(
      mirrors.map(({ cluster, runtime_fraction }) => [versionOf(cluster), percent(runtime_fraction)]),
    ),
  };
}

/** Istio calls a cluster `outbound|<port>|<subset>|<service>.<namespace>.svc.cluster.local`. */
function versionOf(cluster: string): string {
  return cluster.split('|').at(-1)?.split('.')[0] ?? cluster;
}

const denominators: Readonly<Record<string, number>> = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

function percent({ default_value: { numerator = 0, denominator = 'HUNDRED' } }: Fraction): number {
  return (numerator * 100) / (denominators[denominator] ?? Number.NaN);
}

interface Dump {
  readonly configs?: readonly {
    readonly route_config: { readonly virtual_hosts?: readonly VirtualHost[] };
    readonly last_updated: string;
  }[];
}

interface VirtualHost {
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
}

interface Route {
  readonly route?: {
    readonly cluster?: string;
    readonly weighted_clusters?: { readonly clusters: readonly { readonly name: string; readonly weight: number }[] };
    readonly request_mirror_policies?: readonly { readonly cluster: string; readonly runtime_fraction: Fraction }[];
  };
}

interface Fraction {
  readonly default_value: { readonly numerator?: number; readonly denominator?: string };
}
