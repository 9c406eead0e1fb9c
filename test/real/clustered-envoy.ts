import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, loopback } from './free-ports.js';
import { LeashedProcess } from './leashed-process.js';
import { requireTools, tools } from './tools.js';

/** What a cluster leads to: a server that answers all requests with a status, or nobody. */
export interface Cluster {
  readonly name: string;
  /** What its statistics are called. @default the name */
  readonly statName?: string;
  readonly status?: number;
}

/** Requests to a path are divided evenly among clusters, and copied to another. */
export interface PathRoute {
  readonly prefix: string;
  readonly clusters: readonly string[];
  readonly mirror?: string;
}

/** A real Envoy with clusters as a control plane would make them, and what Prometheus scrapes of it. */
export class ClusteredEnvoy {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-clusters-')));
  readonly #servers = new Map<string, ReturnType<typeof createServer>>();
  readonly #relay = createServer((_, response) => {
    this.#statistics().then(
      (text) => response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text),
      // Somebody may ask when Envoy ends.
      () => response.destroy(),
    );
  });
  #admin = 0;
  #port = 0;
  #process: LeashedProcess | undefined;

  async start(clusters: readonly Cluster[], routes: readonly PathRoute[]): Promise<void> {
    requireTools(['envoy']);
    const { admin, port } = await freePorts('admin', 'port');
    this.#admin = admin;
    this.#port = port;
    const written = await Promise.all(clusters.map(async (cluster) => this.#clusterOf(cluster)));
    const file = join(this.#folder, 'bootstrap.json');
    const bootstrap = {
      admin: { address: socket(admin) },
      // What is counted in histograms comes with the next flush.
      stats_flush_interval: '0.200s',
      static_resources: { listeners: [listener(port, routes)], clusters: written },
    };
    writeFileSync(file, JSON.stringify(bootstrap));
    const options = ['--config-path', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warn'];
    this.#process = new LeashedProcess(tools.envoy, options);
    const isReady = () => fetch(`http://${loopback}:${admin}/ready`).then(({ ok }) => ok);
    await this.#process.untilReady(() => isReady().catch(() => false), 30);
    await once(this.#relay.listen(0, loopback), 'listening');
  }

  async #statistics(): Promise<string> {
    const answer = await fetch(`http://${loopback}:${this.#admin}/stats/prometheus`);
    return answer.text();
  }

  /** What Prometheus scrapes. */
  get address(): string {
    return `${loopback}:${(this.#relay.address() as AddressInfo).port}`;
  }

  /** Sends so many requests to a path, one after the other. */
  async ask(path: string, requests: number): Promise<void> {
    for (let sent = 0; sent < requests; sent += 1) {
      const answer = await fetch(`http://${loopback}:${this.#port}${path}`);
      await answer.text();
    }
  }

  async stop(): Promise<void> {
    await this.#process?.stop(1);
    for (const server of [this.#relay, ...this.#servers.values()]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #clusterOf({ name, statName, status }: Cluster): Promise<object> {
    const endpoints = status === undefined ? [] : [{ endpoint: { address: socket(await this.#serve(name, status)) } }];
    return {
      name,
      ...(statName && { alt_stat_name: statName }),
      type: 'STATIC',
      connect_timeout: '1s',
      load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
    };
  }

  async #serve(name: string, status: number): Promise<number> {
    const server = createServer((_, response) => void response.writeHead(status).end());
    this.#servers.set(name, server);
    await once(server.listen(0, loopback), 'listening');
    return (server.address() as AddressInfo).port;
  }
}

function socket(port: number): object {
  return { socket_address: { address: loopback, port_value: port } };
}

function listener(port: number, routes: readonly PathRoute[]): object {
  const extension = 'type.googleapis.com/envoy.extensions.filters';
  const manager = {
    '@type': `${extension}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'tests',
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: routes.map(route) }] },
    http_filters: [
      { name: 'envoy.filters.http.router', typed_config: { '@type': `${extension}.http.router.v3.Router` } },
    ],
  };
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: manager };
  return { name: 'tests', address: socket(port), filter_chains: [{ filters: [filter] }] };
}

function route({ prefix, clusters, mirror }: PathRoute): object {
  return {
    match: { prefix },
    route: {
      weighted_clusters: { clusters: clusters.map((name) => ({ name, weight: 1 })) },
      ...(mirror && { request_mirror_policies: [{ cluster: mirror }] }),
    },
  };
}
