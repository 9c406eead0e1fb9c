import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/release/json.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import type { WrittenValues } from '../laws/releases.js';
import type { ApiServer } from './api-server.js';
import { chartsFolder } from './made-chart.js';

interface Installation {
  /** Which Helm makes a revision, counted from 1. */
  readonly program: (revision: number) => string;
  readonly chart: string;
  readonly namespace: string;
}

/** A Helm release on an API server, as its operator handles it. */
export class HelmRelease {
  readonly name = 'reviews';
  readonly namespace: string;
  readonly #server: ApiServer;
  readonly #installation: Installation;
  #revision = 0;

  constructor(server: ApiServer, installation: Installation) {
    this.#server = server;
    this.#installation = installation;
    this.namespace = installation.namespace;
  }

  /**
   * Installs it where it is not there yet. Only then Helm itself looks whether it knows every field: that is a quarter of
   * its time, and whoever asks the API server about every object has a stricter answer.
   */
  async upgrade(values: WrittenValues): Promise<void> {
    const file = join(chartsFolder(), `${this.namespace}-next.yaml`);
    writeFileSync(file, toYaml(values as Json));
    const unchecked = this.#revision === 0 ? [] : ['--disable-openapi-validation'];
    await this.#helm('upgrade', '--install', this.name, this.#installation.chart, '-f', file, ...unchecked);
  }

  /** @param revision @default the former one */
  async rollback(revision?: number): Promise<void> {
    await this.#helm('rollback', this.name, ...(revision === undefined ? [] : [String(revision)]));
  }

  async uninstall(): Promise<void> {
    await this.#helm('uninstall', this.name);
  }

  async #helm(...args: readonly string[]): Promise<void> {
    this.#revision += 1;
    const program = this.#installation.program(this.#revision);
    await this.#server.run(program, [...args, '--namespace', this.namespace]);
  }
}
