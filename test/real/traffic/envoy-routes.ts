import { isDeepStrictEqual } from 'node:util';
import type { Envoy } from '../envoy.js';
import { eventually } from '../eventually.js';

/** Where an Envoy sends what no rule before it sends elsewhere. */
export interface LastRoute {
  /** Percents by version. */
  readonly weights: Readonly<Record<string, number>>;
  /** The sum of the percents that it copies. */
  readonly copied: number;
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
export async function untilRouted(envoy: Envoy, { host, weights, copied = 0, after = 0 }: Expected): Promise<number> {
  const what = `${host} with ${JSON.stringify({ weights, copied })} in Envoy`;
  return eventually(
    async () => {
      const found = await lastRoutes(envoy, host);
      const same = (route: Known) =>
        route.since >= after && route.copied === copied && isDeepStrictEqual(route.weights, weights);
      if (found.length === 0 || !found.every(same)) return undefined;
      return Math.max(...found.map(({ since }) => since));
    },
    { what },
  );
}

/** Of each listener that knows the host. */
async function lastRoutes(envoy: Envoy, host: string): Promise<readonly Known[]> {
  const { configs = [] } = await dumpOf(envoy);
  return configs.flatMap(({ route_config, last_updated }) =>
    (route_config.virtual_hosts ?? [])
      .filter(({ domains }) => domains.includes(host))
      .map(({ routes }) => ({ ...lastRoute(routes.at(-1)), since: Date.parse(last_updated) })),
  );
}

/** Those under way: of several that wait, one asks. */
const dumps = new WeakMap<Envoy, Promise<Dump>>();

async function dumpOf(envoy: Envoy): Promise<Dump> {
  const asked = dumps.get(envoy) ?? envoy.admin('/config_dump?resource=dynamic_route_configs').then(JSON.parse);
  dumps.set(envoy, asked);
  return asked.finally(() => dumps.delete(envoy));
}

function lastRoute({ route, ...alone }: Route = {}): LastRoute {
  const single = route?.cluster === undefined ? [] : [{ ...alone, name: route.cluster, weight: 100 }];
  const weighted = route?.weighted_clusters?.clusters ?? single;
  const mirrors = route?.request_mirror_policies ?? [];
  return {
    weights: Object.fromEntries(weighted.map((cluster) => [versionOf(cluster), cluster.weight])),
    copied: mirrors.reduce((sum, { runtime_fraction }) => sum + percent(runtime_fraction), 0),
  };
}

/** The headers by which a route names the version, to the client or to the next hop. */
const naming = ['app-version', 'branch'];

/** Where no header names it, its Service does: a cluster is `outbound|<port>|<subset>|<service>.<namespace>.svc.cluster.local`. */
function versionOf({ name, response_headers_to_add = [], request_headers_to_add = [] }: Cluster): string {
  const headers = [...response_headers_to_add, ...request_headers_to_add].map(({ header }) => header);
  const named = headers.find(({ key }) => naming.includes(key));
  return named?.value ?? name.split('|').at(-1)?.split('.')[0] ?? name;
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

interface Headers {
  readonly response_headers_to_add?: readonly Added[];
  readonly request_headers_to_add?: readonly Added[];
}

interface Added {
  readonly header: { readonly key: string; readonly value: string };
}

interface Cluster extends Headers {
  readonly name: string;
  readonly weight: number;
}

interface Route extends Headers {
  readonly route?: {
    readonly cluster?: string;
    readonly weighted_clusters?: { readonly clusters: readonly Cluster[] };
    readonly request_mirror_policies?: readonly { readonly runtime_fraction: Fraction }[];
  };
}

interface Fraction {
  readonly default_value: { readonly numerator?: number; readonly denominator?: string };
}
