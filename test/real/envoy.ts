import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnvoyIdentity, envoyBootstrap } from './envoy-bootstrap.js';
import { freePorts, loopback } from './free-ports.js';
import type { Istiod } from './istiod.js';
import { LeashedProcess } from './leashed-process.js';
import { requireTools, tools } from './tools.js';

/** Seconds until it must be ready. */
const patience = 30;

/** A real Envoy that istiod tells what to do. */
export class Envoy {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-envoy-')));
  readonly #admin: number;
  readonly #process: LeashedProcess;

  private constructor(identity: EnvoyIdentity, ports: { readonly admin: number; readonly xds: number }) {
    this.#admin = ports.admin;
    const file = join(this.#folder, 'bootstrap.json');
    writeFileSync(file, envoyBootstrap(identity, ports));
    const options = ['--config-path', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warn'];
    this.#process = new LeashedProcess(tools.envoy, options);
  }

  /**
   * Starts one, and waits until it has what istiod knows now.
   *
   * @throws Error with the end of its log when it does not come up
   */
  static async start(istiod: Istiod, identity: EnvoyIdentity): Promise<Envoy> {
    requireTools(['envoy']);
    const envoy = new Envoy(identity, { ...(await freePorts('admin')), xds: istiod.ports.xds });
    try {
      await envoy.#process.untilReady(() => envoy.#isReady(), patience);
    } catch (error) {
      await envoy.stop();
      throw error;
    }
    return envoy;
  }

  async #isReady(): Promise<boolean> {
    return this.admin('/ready').then(
      (text) => text.startsWith('LIVE'),
      () => false,
    );
  }

  /**
   * Returns what its administration says, such as `/config_dump` or `/stats`.
   *
   * @throws Error where it refuses
   */
  async admin(path: string): Promise<string> {
    const answer = await fetch(`http://${loopback}:${this.#admin}${path}`);
    if (!answer.ok) throw new Error(`Cannot read ${path} of Envoy: ${answer.status} ${await answer.text()}`);
    return answer.text();
  }

  /** The end of its log, for people who look into a failure. */
  get log(): string {
    return this.#process.log;
  }

  async stop(): Promise<void> {
    await this.#process.stop(1);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
