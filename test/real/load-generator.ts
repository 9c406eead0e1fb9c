import { Agent, get } from 'node:http';
import type { IstioService } from './istio-service.js';

/** A request as the one who sent it saw it. */
export interface Answer {
  /** Name of the service that was asked. */
  readonly service: string;
  /** Unix seconds when the answer was there. */
  readonly time: number;
  /** 0 for none. */
  readonly status: number;
}

/** How much is sent, and when it ends by itself. */
export interface LoadOptions {
  /** Requests per second, evenly. */
  readonly rate: number;
  /** Seconds. */
  readonly maxDuration: number;
}

interface Destination {
  readonly service: IstioService;
  weight: number;
  /** What smooth weighted round robin owes it. */
  credit: number;
}

/** Sends real requests to services in proportion to the weights of a route, over connections that are kept. */
export class LoadGenerator {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #answers: Answer[] = [];
  readonly #destinations: readonly Destination[];
  readonly #options: LoadOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(services: readonly IstioService[], options: LoadOptions) {
    this.#destinations = services.map((service) => ({ service, weight: 0, credit: 0 }));
    this.#options = options;
  }

  /** What a service answered in a window, in Unix seconds. */
  answersOf(name: string, { after, until }: { readonly after: number; readonly until: number }): readonly Answer[] {
    return this.#answers.filter(({ service, time }) => service === name && time > after && time <= until);
  }

  /** Divides what is sent from now on; services that are not named get nothing. */
  route(weights: ReadonlyMap<string, number>): void {
    for (const destination of this.#destinations) {
      destination.weight = weights.get(destination.service.name) ?? 0;
      destination.credit = 0;
    }
  }

  start(): void {
    const { rate, maxDuration } = this.#options;
    const begin = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const elapsed = (performance.now() - begin) / 1000;
      for (; sent < elapsed * rate; sent += 1) this.#send();
      if (elapsed > maxDuration) this.stop();
    }, 5);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  #send(): void {
    const service = this.#next();
    if (service === undefined) return;
    const done = (status: number) => {
      this.#answers.push({ service: service.name, time: Date.now() / 1000, status });
    };
    const options = { agent: this.#agent, timeout: 5000 };
    const request = get(`http://${service.address}/`, options, (response) => {
      response.resume().once('end', () => done(response.statusCode ?? 0));
    });
    request.once('error', () => done(0)).once('timeout', () => request.destroy());
  }

  #next(): IstioService | undefined {
    const total = this.#destinations.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0) return undefined;
    for (const destination of this.#destinations) destination.credit += destination.weight;
    const next = this.#destinations.reduce((best, other) => (other.credit > best.credit ? other : best));
    next.credit -= total;
    return next.service;
  }
}
