import { createHash } from 'node:crypto';
import type { Subject } from '../release/evaluation.js';
import { istioBuckets } from './istio-buckets.js';
import { gamma, gammaBelow, poisson, type Random, seededRandom } from './simulator-random.js';

/** A service, whoever counts its requests. */
export type ServiceId = Pick<Subject, 'namespace' | 'service'>;

/** A service as one side of the calls counts it. */
export type CountedService = Pick<Subject, 'namespace' | 'service' | 'reporter'>;

/** How a service behaves. */
export interface ServiceTraffic {
  /** Requests per second whose answers somebody waits for. @default 0 */
  readonly rate: number;
  /** Mirrored requests per second: only the service's own side counts them. @default 0 */
  readonly mirrored: number;
  /** Share of requests answered with a 5xx status, 0 to 1. @default 0 */
  readonly errorRate: number;
  /** Mean in milliseconds. @default 10 */
  readonly latency: number;
}

/** How the traffic of a host is divided, as its route has it. */
export interface RouteTraffic {
  /** Requests per second to the host. */
  readonly rate: number;
  /** Percent by service. */
  readonly shares: { readonly [service: string]: number };
  /** Percent of the requests that are copied, by service. @default none */
  readonly mirrors?: { readonly [service: string]: number };
}

/** Counters since the start of the simulator. */
export interface TrafficTotals {
  readonly requests: number;
  readonly errors: number;
  /** Whole milliseconds. */
  readonly latencySum: number;
  /** The requests that took at most so long, by the bounds of `istioBuckets`. */
  readonly buckets: readonly number[];
}

/** What makes two simulators alike. */
export interface SimulatorOptions {
  /** Any integer; the same seed and the same calls give the same traffic. */
  readonly seed: number;
  /** Unix seconds. */
  readonly start: number;
}

interface ServiceState {
  readonly namespace: string;
  readonly service: string;
  readonly random: Random;
  /** Of its own, so that who counts no buckets sees the same traffic. */
  readonly spread: Random;
  /** When the service was added. */
  readonly since: number;
  traffic: ServiceTraffic;
  /** Totals at `since` and after every second since. */
  readonly history: Readonly<Record<Subject['reporter'], TrafficTotals[]>>;
}

const nothing: TrafficTotals = { requests: 0, errors: 0, latencySum: 0, buckets: istioBuckets.map(() => 0) };
/** Latencies are Gamma-distributed with this shape: a hump and a tail, as those of services are. */
const latencyShape = 4;

/**
 * Services in a mesh with traffic that is counted as Istio counts it, on a clock that only `advance` moves.
 * Each second, requests are Poisson-distributed and each fails with the service's error rate. Every service draws from
 * a sequence of its own, so that a service more or less leaves the others' traffic as it is.
 *
 * @example
 *   const simulator = new Simulator({ seed: 1, start: 1_700_000_000 });
 *   simulator.service({ namespace: 'default', service: 'reviews-v1' }, { latency: 20, errorRate: 0.001 });
 *   simulator.route('default', { rate: 50, shares: { 'reviews-v1': 100 } });
 *   simulator.advance(3600);
 */
export class Simulator {
  readonly #seed: number;
  readonly #services = new Map<string, ServiceState>();
  #now: number;

  constructor({ seed, start }: SimulatorOptions) {
    this.#seed = seed;
    this.#now = start;
  }

  /** Unix seconds. */
  get now(): number {
    return this.#now;
  }

  /** Adds a service, or changes what is given of one that exists, from now on. */
  service({ namespace, service }: ServiceId, traffic: Partial<ServiceTraffic>): void {
    const key = keyOf(namespace, service);
    const origin = { namespace, service, since: this.#now, seed: this.#seed };
    const state = this.#services.get(key) ?? createService(origin);
    state.traffic = { ...state.traffic, ...traffic };
    this.#services.set(key, state);
  }

  /**
   * Gives the named services of a namespace their parts of the traffic from now on; others keep theirs.
   *
   * @throws RangeError when a service was not added
   */
  route(namespace: string, { rate, shares, mirrors = {} }: RouteTraffic): void {
    const names = Object.keys({ ...shares, ...mirrors });
    const states = names.map((service) => this.#find({ namespace, service }));
    for (const state of states) {
      const part = (percents: RouteTraffic['shares']) => (rate * (percents[state.service] ?? 0)) / 100;
      state.traffic = { ...state.traffic, rate: part(shares), mirrored: part(mirrors) };
    }
  }

  /** Lets whole seconds pass. */
  advance(seconds: number): void {
    if (!Number.isSafeInteger(seconds) || seconds < 0) throw new RangeError(`not whole seconds: ${seconds}`);
    for (const state of this.#services.values()) {
      for (let second = 0; second < seconds; second += 1) tick(state);
    }
    this.#now += seconds;
  }

  /** Returns every service as each reporter counts it, in the order in which the services were added. */
  services(): readonly CountedService[] {
    return [...this.#services.values()].flatMap(({ namespace, service }) => [
      { namespace, service, reporter: 'source' },
      { namespace, service, reporter: 'destination' },
    ]);
  }

  /**
   * Returns what a reporter had counted by `time` (Unix seconds).
   *
   * @throws RangeError when the service was not added, or the time is yet to come
   */
  totals({ namespace, service, reporter }: CountedService, time: number): TrafficTotals {
    const { since, history } = this.#find({ namespace, service });
    if (time > this.#now) throw new RangeError(`${time} is after ${this.#now}`);
    return history[reporter][Math.floor(time - since)] ?? nothing;
  }

  #find({ namespace, service }: ServiceId): ServiceState {
    const state = this.#services.get(keyOf(namespace, service));
    if (state === undefined) throw new RangeError(`no service ${namespace}/${service}`);
    return state;
  }
}

function keyOf(namespace: string, service: string): string {
  return JSON.stringify([namespace, service]);
}

interface ServiceOrigin extends Pick<ServiceState, 'namespace' | 'service' | 'since'> {
  readonly seed: number;
}

function createService({ namespace, service, since, seed }: ServiceOrigin): ServiceState {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, namespace, service]))
    .digest();
  return {
    namespace,
    service,
    since,
    random: seededRandom(digest.readInt32LE()),
    spread: seededRandom(digest.readInt32LE(4)),
    traffic: { rate: 0, mirrored: 0, errorRate: 0, latency: 10 },
    history: { source: [nothing], destination: [nothing] },
  };
}

function tick({ random, spread, traffic, history: { source, destination } }: ServiceState): void {
  const called = answerRequests(traffic.rate, traffic, { random, spread });
  const mirrored = answerRequests(traffic.mirrored, traffic, { random, spread });
  source.push(add(source.at(-1) ?? nothing, called));
  destination.push(add(destination.at(-1) ?? nothing, add(called, mirrored)));
}

/** Failing and successful requests are independent Poisson counts: the same as to draw requests and let some fail. */
function answerRequests(
  rate: number,
  { errorRate, latency }: ServiceTraffic,
  { random, spread }: Pick<ServiceState, 'random' | 'spread'>,
): TrafficTotals {
  const errors = poisson(random, rate * errorRate);
  const requests = errors + poisson(random, rate * (1 - errorRate));
  const latencySum = Math.round((gamma(random, requests * latencyShape) * latency) / latencyShape);
  return { requests, errors, latencySum, buckets: spreadOver(requests, latency, spread) };
}

/** The sum is drawn for itself, so it is that of these latencies on average only. */
function spreadOver(requests: number, latency: number, random: Random): readonly number[] {
  if (requests === 0) return nothing.buckets;
  const shares = istioBuckets.map((bound) => gammaBelow((bound * latencyShape) / latency, latencyShape));
  const counts = istioBuckets.map(() => 0);
  for (let request = 0; request < requests; request += 1) {
    const drawn = random();
    const bucket = shares.findIndex((share) => drawn < share);
    if (bucket >= 0) counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  let below = 0;
  return counts.map((count) => {
    below += count;
    return below;
  });
}

function add(a: TrafficTotals, b: TrafficTotals): TrafficTotals {
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    latencySum: a.latencySum + b.latencySum,
    buckets: a.buckets.map((count, i) => count + (b.buckets[i] ?? 0)),
  };
}
