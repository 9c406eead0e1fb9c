import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { istioBuckets } from '../../src/sources/istio-buckets.js';

/** How a service behaves; `POST /control` with some of these as JSON changes it. */
export interface Behaviour {
  /** Share of requests that are answered with 500, spread evenly. */
  readonly errorRate: number;
  /** Milliseconds that an answer takes at least. */
  readonly latency: number;
  /** What its metrics say: the counters, `NaN` for each of them, or nothing; `unreachable` cuts every connection. */
  readonly metrics: 'counters' | 'NaN' | 'none' | 'unreachable';
}

/** What a service does until it is told otherwise. */
export const wellBehaved: Behaviour = { errorRate: 0, latency: 5, metrics: 'counters' };

interface Counter {
  requests: number;
  milliseconds: number;
  /** By the bounds of Istio's proxies, cumulative. */
  readonly buckets: number[];
}

/** An HTTP server that counts what it answers as the proxies of Istio do, on a free port of 127.0.0.1. */
export class IstioService {
  readonly #server = createServer((request, response) => this.#serve(request, response));
  readonly #counters = new Map<number, Counter>();
  #behaviour = wellBehaved;
  #owedErrors = 0;

  constructor(
    readonly namespace: string,
    readonly name: string,
  ) {}

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Such as `127.0.0.1:43210`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Changes how it behaves, over HTTP as anybody could. */
  async control(change: Partial<Behaviour>): Promise<void> {
    const response = await fetch(`http://${this.address}/control`, { method: 'POST', body: JSON.stringify(change) });
    if (!response.ok) throw new Error(`Cannot control ${this.name}: ${response.status}`);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const end = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await end;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST' && request.url === '/control') {
      this.#behaviour = { ...this.#behaviour, ...JSON.parse(await text(request)) };
      response.writeHead(204).end();
    } else if (this.#behaviour.metrics === 'unreachable') {
      request.destroy();
    } else if (request.url === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(this.#exposition());
    } else {
      await this.#answer(response);
    }
  }

  async #answer(response: ServerResponse): Promise<void> {
    const begin = performance.now();
    this.#owedErrors += this.#behaviour.errorRate;
    const failing = this.#owedErrors >= 1;
    if (failing) this.#owedErrors -= 1;
    await delay(this.#behaviour.latency);
    const status = failing ? 500 : 200;
    response.writeHead(status).end(`${this.name}\n`);
    const counter = this.#counters.get(status) ?? { requests: 0, milliseconds: 0, buckets: istioBuckets.map(() => 0) };
    const took = performance.now() - begin;
    counter.requests += 1;
    counter.milliseconds += took;
    istioBuckets.forEach((bound, i) => {
      if (took <= bound) counter.buckets[i] = (counter.buckets[i] ?? 0) + 1;
    });
    this.#counters.set(status, counter);
  }

  #exposition(): string {
    if (this.#behaviour.metrics === 'none') return '';
    const rows = [...this.#counters].flatMap(([status, counter]) =>
      // In a mesh both ends of a call count it.
      ['source', 'destination'].map((reporter) => ({ labels: this.#labels(reporter, status), counter })),
    );
    const shown = (value: number) => (this.#behaviour.metrics === 'NaN' ? 'NaN' : `${value}`);
    return [
      '# TYPE istio_requests_total counter',
      ...rows.map(({ labels, counter }) => `istio_requests_total{${labels}} ${shown(counter.requests)}`),
      '# TYPE istio_request_duration_milliseconds histogram',
      ...rows.flatMap(({ labels, counter }) => [
        ...[...istioBuckets, '+Inf'].map((bound, i) => {
          const count = shown(counter.buckets[i] ?? counter.requests);
          return `istio_request_duration_milliseconds_bucket{${labels},le="${bound}"} ${count}`;
        }),
        `istio_request_duration_milliseconds_sum{${labels}} ${shown(counter.milliseconds)}`,
        `istio_request_duration_milliseconds_count{${labels}} ${shown(counter.requests)}`,
      ]),
      '',
    ].join('\n');
  }

  #labels(reporter: string, status: number): string {
    const labels = {
      reporter,
      source_workload: 'productpage-v1',
      source_workload_namespace: this.namespace,
      destination_workload: this.name,
      destination_workload_namespace: this.namespace,
      destination_service: `${this.name}.${this.namespace}.svc.cluster.local`,
      destination_service_name: this.name,
      destination_service_namespace: this.namespace,
      request_protocol: 'http',
      response_code: `${status}`,
      response_flags: '-',
      connection_security_policy: 'mutual_tls',
    };
    return Object.entries(labels)
      .map(([name, value]) => `${name}="${value}"`)
      .join(',');
  }
}
