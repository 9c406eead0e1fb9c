import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../../../src/release/json.js';
import type { Reply } from './client.js';
import { SteadyLoad, whose } from './load.js';
import type { Mesh } from './mesh.js';
import { StagedRelease } from './staged-release.js';
import type { Stage } from './stages.js';
import type { VersionBackend } from './version-backend.js';

/** Requests per second, from outside and from inside each. */
const rate = 60;

/** Milliseconds for which a version may still be asked after Envoy has a route without it. */
const grace = 1000;

/** Milliseconds of an answer: at any moment some are under way. */
const length = 20;

interface State {
  /** Weights of the versions; one that is not named has no workload. */
  readonly v1?: number;
  readonly v2?: number;
  /** @default the first */
  readonly primary?: 'v1' | 'v2';
  /** Made in the JSON of the objects. @default none */
  readonly mistake?: (text: string) => string;
}

/** A release that is asked all the time, from outside and from inside, while commits change it. */
export class ReleaseUnderLoad {
  readonly v1: VersionBackend;
  readonly v2: VersionBackend;
  readonly #release: StagedRelease;
  #loads: readonly SteadyLoad[] = [];

  constructor(mesh: Mesh, stage: Stage, title: string) {
    this.#release = new StagedRelease(mesh, stage, { title, count: 2 });
    const [v1, v2] = this.#release.versions;
    if (v1 === undefined || v2 === undefined) throw new Error('A release under load has two versions');
    this.v1 = v1;
    this.v2 = v2;
  }

  /** Begins with the first version alone. */
  async start(): Promise<void> {
    for (const backend of [this.v1, this.v2]) backend.behaviour = { delay: length };
    await this.#release.start(1);
    const question = this.#release.question();
    this.#loads = this.#release.clients.map((client) => new SteadyLoad(client, { rate, ...question }));
  }

  /**
   * Commits this state, and waits until the Envoys have its route and have answered by it for a while.
   *
   * @returns Unix milliseconds since which no Envoy has an older route
   */
  async commit({ v1, v2, primary, mistake }: State): Promise<number> {
    const weights = [v1, v2];
    const versions = weights.map((weight) => (weight === undefined ? undefined : { weight }));
    const also: JsonObject = primary === undefined ? {} : { primary: this[primary].name };
    const route = { shares: weights.map((weight = 0) => weight) };
    const since = await this.#release.commit({ strategy: 'blue-green', versions, also, route }, { mistake });
    await delay(grace / 2);
    return since;
  }

  /** Goes on until the grace after a moment is over, and as long again. */
  async outlastGrace(since: number): Promise<void> {
    await delay(since + 2 * grace - Date.now());
  }

  /** Asks no more. */
  async stop(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load.stop()));
    this.#release.stop();
  }

  get #replies(): readonly Reply[] {
    return this.#loads.flatMap(({ replies }) => replies);
  }

  /** What was no answer of a version that the route names by its own name, each with the milliseconds since the first request. */
  get failures(): readonly string[] {
    const begin = Math.min(...this.#replies.map(({ asked }) => asked));
    const names = [this.v1.name, this.v2.name];
    return this.#replies
      .filter((reply) => !names.includes(whose(reply)))
      .map((reply) => `${whose(reply)} after ${reply.asked - begin} ms`);
  }

  answersOf(version: VersionBackend): number {
    return this.lateAnswersOf(version, 0);
  }

  /** Counts the replies of a version, whatever they say, to what was asked when the grace after a moment was over. */
  lateAnswersOf({ name }: VersionBackend, since: number): number {
    return this.#replies.filter(({ headers, asked }) => headers['x-backend'] === name && asked > since + grace).length;
  }
}
