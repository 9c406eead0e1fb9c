import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../../src/release/json.js';
import { type Client, clientOf, type Reply } from './client.js';
import { untilRouted } from './envoy-routes.js';
import { SteadyLoad } from './load.js';
import type { Mesh } from './mesh.js';
import { hostOf, type RoutedEnvironment, releaseValues, type VersionValues } from './release-values.js';
import { VersionBackend } from './version-backend.js';

/** Requests per second, from the gateway and from the sidecar each. */
const rate = 100;

/** Milliseconds for which a version may still be asked after Envoy has a route without it. */
const grace = 1000;

/** Milliseconds of an answer: at any moment some are under way. */
const length = 20;

/** A release that is asked all the time, from outside and from inside, while commits change it. */
export class ReleaseUnderLoad {
  readonly v1: VersionBackend;
  readonly v2: VersionBackend;
  readonly #host: string;
  readonly #clients: readonly Client[];
  readonly #loads: SteadyLoad[] = [];

  constructor(
    readonly mesh: Mesh,
    readonly environment: RoutedEnvironment,
    readonly name: string,
  ) {
    this.#host = hostOf(name);
    this.v1 = new VersionBackend(`${name}-v1`);
    this.v2 = new VersionBackend(`${name}-v2`, { protocol: 'kubernetes.io/h2c' });
    this.#clients = [clientOf(mesh.outside(environment)), clientOf(mesh.inside)];
  }

  /** Begins with the first version alone. */
  async start(): Promise<void> {
    for (const backend of [this.v1, this.v2]) {
      backend.behaviour = { delay: length };
      await this.mesh.runs(backend);
    }
    await this.commit({ v1: 100 });
    this.#loads.push(...this.#clients.map((client) => new SteadyLoad(client, { rate, host: this.#host })));
  }

  /**
   * Commits these weights, waits until both Envoys have them, and goes on for longer than the grace; a version that is not
   * named has no workload.
   *
   * @returns Unix milliseconds since which no Envoy has an older route
   */
  async commit(weights: { readonly v1?: number; readonly v2?: number }, primary?: 'v1' | 'v2'): Promise<number> {
    const versions = (['v1', 'v2'] as const).flatMap((key): VersionValues[] => {
      const weight = weights[key];
      const appProtocol = key === 'v2' ? 'kubernetes.io/h2c' : 'http';
      return weight === undefined ? [] : [{ name: this[key].name, weight, appProtocol }];
    });
    const also: JsonObject = primary === undefined ? {} : { primary: this[primary].name };
    const values = releaseValues(this.environment, { strategy: 'blue-green', versions, also });
    await this.mesh.commit(this.name, values);
    const routed = versions.filter(({ weight }) => weight !== 0).map(({ name, weight }) => [name, weight]);
    const route = { host: this.#host, weights: Object.fromEntries(routed) as Record<string, number> };
    const since = await Promise.all([this.mesh.gateway, this.mesh.sidecar].map((envoy) => untilRouted(envoy, route)));
    await delay(grace * 1.5);
    return Math.max(...since);
  }

  /** Asks no more. */
  async stop(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.stop()));
    for (const client of this.#clients) client.stop();
  }

  get replies(): readonly Reply[] {
    return this.#loads.flatMap(({ replies }) => replies);
  }

  /** What was not answered with 200, each with the milliseconds since the first request. */
  get failures(): readonly string[] {
    const begin = Math.min(...this.replies.map(({ asked }) => asked));
    return this.replies
      .filter(({ status }) => status !== 200)
      .map(({ status, asked }) => `${status} after ${asked - begin} ms`);
  }

  /** Replies of a version to what was asked when the grace after a moment was over. */
  lateAnswersOf({ name }: VersionBackend, since: number): readonly Reply[] {
    return this.replies.filter(({ headers, asked }) => headers['x-backend'] === name && asked > since + grace);
  }
}
