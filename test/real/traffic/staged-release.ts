import type { JsonObject } from '../../../src/release/json.js';
import { eventually } from '../eventually.js';
import { type Client, clientOf, type Question, type Reply } from './client.js';
import { type LastRoute, untilRouted } from './envoy-routes.js';
import { askTimes } from './load.js';
import type { Mesh } from './mesh.js';
import { namespace } from './mesh-places.js';
import type { Stage } from './stages.js';
import { VersionBackend } from './version-backend.js';

/** A state of a release. */
export interface Release {
  readonly strategy: string;
  /** What values say of each version beside what runs it; one that is not there is undefined. */
  readonly versions: readonly (JsonObject | undefined)[];
  /** What values say of the application. */
  readonly also?: JsonObject;
  /** Where Envoy is to send what no match chooses: percents of the versions, and of what is copied. */
  readonly route: { readonly shares: readonly number[]; readonly copied?: number };
}

interface CommitOptions {
  /** Whether Envoy has an equal route already, so that only its time tells the new one. @default false */
  readonly again?: boolean;
  /** Made in the JSON of the objects. @default none */
  readonly mistake?: (text: string) => string;
}

/** What is asked beside what every request to a release says. */
export type Asked = Partial<Omit<Question, 'host' | 'call'>>;

/** A release in a mesh, with backends for its versions. */
export class StagedRelease {
  readonly name: string;
  readonly host: string;
  readonly versions: readonly VersionBackend[];
  /** From outside, and from the pod of a sidecar. */
  readonly clients: readonly Client[];

  constructor(
    readonly mesh: Mesh,
    readonly stage: Stage,
    { title, count }: { readonly title: string; readonly count: number },
  ) {
    this.name = `${title}-on-${stage.title}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const host = `${this.name}.${namespace}.svc.cluster.local`;
    this.host = host;
    this.versions = Array.from({ length: count }, (_, index) => {
      const version = `${this.name}-v${index + 1}`;
      return new VersionBackend(version, (arrival) => stage.knows(arrival, { version, host }));
    });
    const outside = mesh.outside(stage.door, stage.call ? 'HTTP/2' : 'HTTP/1.1');
    this.clients = [outside, mesh.inside(stage.port)].map(clientOf);
  }

  /**
   * Begins with what stands behind all versions, and waits until the first answers everywhere; a version that entered together
   * with its share would lose requests at first.
   *
   * @param deployed how many versions the release has
   */
  async start(deployed = this.versions.length): Promise<void> {
    for (const [index, version] of this.versions.entries()) {
      await this.stage.runs(this.mesh, version, this.#protocol(index));
    }
    const versions = Array.from({ length: deployed }, (_, index) => ({ weight: index === 0 ? 100 : 0 }));
    await this.commit({ strategy: 'blue-green', versions, route: { shares: [100] } });
    await Promise.all(this.clients.map((client) => this.#answered(client)));
  }

  async #answered(client: Client): Promise<void> {
    const answered = async () => {
      const { status, headers } = await this.ask(client);
      if (status === 200) return true;
      throw new Error(`${status} for ${headers['x-authority']}${headers['x-path']}`);
    };
    await eventually(answered, { what: `an answer of ${this.host}` });
  }

  /** Every second one speaks HTTP/2; where nothing is said, Envoy asks them as it was asked itself. */
  #protocol(index: number) {
    if (this.stage.call) return 'grpc';
    return index % 2 === 0 ? 'http' : 'kubernetes.io/h2c';
  }

  /**
   * Makes the release what it is to be, and waits until the Envoys that are asked have its route.
   *
   * @returns Unix milliseconds since which no Envoy has an older one
   */
  async commit(release: Release, { again = false, mistake }: CommitOptions = {}): Promise<number> {
    const after = again ? Date.now() : 0;
    await this.mesh.commit(this.name, this.#values(release), mistake);
    const { shares, copied } = release.route;
    const weights: LastRoute['weights'] = Object.fromEntries(
      shares.flatMap((share, index) => (share > 0 ? [[this.versions[index]?.name, share]] : [])),
    );
    const expected = { host: this.host, weights, copied, after };
    const envoys = [this.mesh.behind(this.stage.door), this.mesh.sidecar];
    return Math.max(...(await Promise.all(envoys.map((envoy) => untilRouted(envoy, expected)))));
  }

  #values({ strategy, versions, also }: Release): JsonObject {
    const { values, content } = this.stage;
    const named = versions.flatMap((said, index) => {
      if (said === undefined) return [];
      const metadata = { name: this.versions[index]?.name ?? '' };
      const spoken: JsonObject = 'image' in content ? { appProtocol: this.#protocol(index) } : {};
      return [{ metadata, ...content, ...spoken, ...said }];
    });
    return { ...values, application: { ...values.application, strategy, versions: named, ...also } };
  }

  /** Asks what the route takes to the primary, unless more is said. */
  ask(client: Client, asked: Asked = {}): Promise<Reply> {
    return client.ask(this.question(asked));
  }

  askTimes(client: Client, count: number, asked: Asked = {}): Promise<readonly Reply[]> {
    return askTimes(client, count, this.question(asked));
  }

  question(asked: Asked = {}): Question {
    return { host: this.host, path: this.stage.paths.usual, call: this.stage.call, ...asked };
  }

  /** What serves a version dies, and the release goes on naming it. */
  async kill(index: number): Promise<void> {
    await this.mesh.kills(this.stage.workloadOf(this.versions[index]?.name ?? ''));
  }

  /** Asks no more. */
  stop(): void {
    for (const client of this.clients) client.stop();
  }
}
