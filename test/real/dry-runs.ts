import type { JsonObject } from '../../src/release/json.js';
import { ApiServer } from './api-server.js';
import { ClusterObjects } from './cluster-objects.js';
import { type DriftOptions, driftOf } from './drift.js';
import { serverSideApply } from './server-side-apply.js';

/** An API server that is asked what it would keep, and keeps nothing. */
export class DryRuns {
  /** What it said of an object: steps of a rollout differ in few of theirs. */
  readonly #said = new Map<string, Promise<string[]>>();
  readonly #namespaces = new Map<string, Promise<void>>([['default', Promise.resolve()]]);

  private constructor(
    readonly server: ApiServer,
    readonly objects: ClusterObjects,
    readonly options: DriftOptions,
  ) {}

  static async start(options: DriftOptions): Promise<DryRuns> {
    const server = await ApiServer.start();
    return new DryRuns(server, await ClusterObjects.of(server), options);
  }

  /** Returns what the API server refuses of these objects, in its own words, and what it would not keep as it is. */
  async findings(rendered: readonly JsonObject[]): Promise<string[]> {
    return (await Promise.all(rendered.map((object) => this.#findings(object)))).flat();
  }

  #findings(object: JsonObject): Promise<string[]> {
    const key = JSON.stringify(object);
    const said = this.#said.get(key) ?? this.#ask(object);
    this.#said.set(key, said);
    return said;
  }

  async #ask(object: JsonObject): Promise<string[]> {
    const { name, namespace } = object.metadata as { readonly name: string; readonly namespace: string };
    await this.#namespace(namespace);
    try {
      const returned = await serverSideApply(this, object, { dryRun: true });
      return driftOf(object, returned, this.options).map((path) => `${object.kind} ${name} would drift in ${path}`);
    } catch (error) {
      return [`${object.kind} ${name} is refused: ${(error as Error).message}`];
    }
  }

  #namespace(name: string): Promise<void> {
    const known = this.#namespaces.get(name) ?? this.objects.addNamespace(name);
    this.#namespaces.set(name, known);
    return known;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
