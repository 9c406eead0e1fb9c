import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a pod has counted since it began. */
export interface PodCounts {
  readonly requests: number;
  /** Of them, those that failed. */
  readonly errors: number;
}

/** How many requests a pod gets, and how many of them fail. */
interface PodTraffic {
  /** Requests per second. */
  readonly rate: number;
  /** Share of requests. */
  readonly errorRate: number;
}

/** A pod whose counters rise evenly with time, scraped on a free port of 127.0.0.1. */
export class ExposedPod {
  readonly #server = createServer((_, response) => void this.#answer(response));
  #since = Date.now();
  #silent = false;
  #lateness = 0;

  /** @param expose the lines of its metrics */
  constructor(
    readonly traffic: PodTraffic,
    readonly expose: (counts: PodCounts) => readonly string[],
  ) {}

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  /** Such as `127.0.0.1:43210`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Counts from 0 again, as a pod that was restarted. */
  restart(): void {
    this.#since = Date.now();
  }

  /** Refuses scrapes, or takes them again. */
  silence(silent: boolean): void {
    this.#silent = silent;
  }

  /** Answers scrapes so many milliseconds late, with what it has counted by then. */
  delay(milliseconds: number): void {
    this.#lateness = milliseconds;
  }

  async #answer(response: ServerResponse): Promise<void> {
    await delay(this.#lateness);
    if (this.#silent) return void response.writeHead(503).end();
    const requests = Math.floor((this.traffic.rate * (Date.now() - this.#since)) / 1000);
    const lines = this.expose({ requests, errors: Math.floor(requests * this.traffic.errorRate) });
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(`${lines.join('\n')}\n`);
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }
}
