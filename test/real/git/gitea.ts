import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, loopback } from '../free-ports.js';
import { LeashedProcess } from '../leashed-process.js';
import { requireTools, tools } from '../tools.js';
import { giteaSettings } from './gitea-settings.js';

/** Seconds; a Gitea that has its database comes up in one. */
const patience = 60;

/** Seconds that it has for an end of its own. */
const grace = 10;

/** What Gitea answered. */
export interface GiteaAnswer {
  readonly status: number;
  /** Of JSON, a text, or nothing where it answered without words. */
  readonly body: unknown;
}

/** Somebody with an account there. */
export interface GiteaUser {
  readonly name: string;
  /** It may do whatever its owner may. */
  readonly token: string;
}

export interface GiteaRepository {
  /** `ada/cells` */
  readonly name: string;
  /** Without credentials in it. */
  readonly url: string;
  readonly sshUrl: string;
}

/** A real Gitea on free ports of 127.0.0.1, with ssh of its own; all that it keeps is in a temporary folder. */
export class Gitea {
  readonly #folder: string;
  readonly #ports: { readonly http: number; readonly ssh: number };
  readonly #process: LeashedProcess;

  /** An administrator. */
  readonly ada: GiteaUser;

  private constructor(folder: string, ports: { http: number; ssh: number }, ada: GiteaUser) {
    this.#folder = folder;
    this.#ports = ports;
    this.ada = ada;
    this.#process = new LeashedProcess(tools.gitea, ['web', '--config', join(folder, 'app.ini')], variables(folder));
  }

  /** @throws Error when it is not installed, or with the end of its log when it does not come up */
  static async start(): Promise<Gitea> {
    requireTools(['gitea']);
    const ports = await freePorts('http', 'ssh');
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-gitea-')));
    try {
      writeFileSync(join(folder, 'app.ini'), giteaSettings({ folder, ports }));
      await run(folder, 'migrate');
      const gitea = new Gitea(folder, ports, await addUser(folder, 'ada', ['--admin']));
      await gitea.#untilReady();
      return gitea;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return `http://${loopback}:${this.#ports.http}`;
  }

  /** The port of its ssh; `sshIdentity` makes what a client needs. */
  get sshPort(): number {
    return this.#ports.ssh;
  }

  /** The end of its log, for people who look into a failure. */
  get log(): string {
    return this.#process.log;
  }

  /** Adds a person, such as a reviewer. */
  addUser(name: string): Promise<GiteaUser> {
    return addUser(this.#folder, name);
  }

  /** Adds a private repository of ada with a first commit: for a moment after the first push its API takes it for empty. */
  async addRepository(name: string): Promise<GiteaRepository> {
    await this.ask('POST', '/user/repos', { name, private: true, auto_init: true, default_branch: 'main' });
    const path = `${this.ada.name}/${name}`;
    return { name: path, url: `${this.url}/${path}.git`, sshUrl: `ssh://git@${loopback}:${this.sshPort}/${path}.git` };
  }

  /** Lets a public key in as ada. */
  async addKey(publicKey: string): Promise<void> {
    await this.ask('POST', '/user/keys', { title: publicKey.slice(-20), key: publicKey });
  }

  /**
   * Asks its API, as ada by default, and returns the JSON of the answer.
   *
   * @param path after `/api/v1`
   * @throws Error with Gitea's own words when it refuses
   */
  async ask<Answer = unknown>(method: string, path: string, body?: unknown, by: GiteaUser = this.ada): Promise<Answer> {
    const answer = await this.tryAsk(method, path, body, by);
    if (answer.status < 300) return answer.body as Answer;
    throw new Error(`Cannot ${method} ${path} of Gitea: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Asks where a refusal is what a test looks at. */
  async tryAsk(method: string, path: string, body?: unknown, by: GiteaUser = this.ada): Promise<GiteaAnswer> {
    const headers = { Authorization: `token ${by.token}`, 'Content-Type': 'application/json' };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${this.url}/api/v1${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: isJson ? JSON.parse(text) : text === '' ? undefined : text };
  }

  /** Ends it, waits for its end and removes all that it kept. */
  async stop(): Promise<void> {
    await this.#process.stop(grace);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    try {
      await this.#process.untilReady(() => this.#isHealthy(), patience);
    } catch (error) {
      await this.#process.stop(0);
      throw error;
    }
  }

  async #isHealthy(): Promise<boolean> {
    const response = await fetch(`${this.url}/api/healthz`).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok === true;
  }
}

/** The program's own commands write into the database, also while it serves. */
async function addUser(folder: string, name: string, options: readonly string[] = []): Promise<GiteaUser> {
  const account = ['--username', name, '--email', `${name}@example.test`, '--password', `${name}-has-one`];
  const access = ['--access-token', '--access-token-name', 'tests', '--access-token-scopes', 'all'];
  const rest = ['--must-change-password=false', ...options];
  const said = await run(folder, 'admin', 'user', 'create', ...account, ...access, ...rest);
  const token = /Access token was successfully created\.\.\. (\S+)/.exec(said)?.[1];
  if (token === undefined) throw new Error(`Cannot find the token of ${name} in what Gitea said: ${said}`);
  return { name, token };
}

async function run(folder: string, ...args: readonly string[]): Promise<string> {
  const options = { env: variables(folder), timeout: patience * 1000 };
  const config = ['--config', join(folder, 'app.ini')];
  const { stdout } = await promisify(execFile)(tools.gitea, [...args, ...config], options);
  return stdout;
}

/** It writes settings of git, which must be its own, whatever file the variables of this process name. */
function variables(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    GITEA_WORK_DIR: folder,
    GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
    GIT_CONFIG_NOSYSTEM: '1',
    // The hooks of a push are short processes of its own, which read this too; the server cleans up at its limit.
    GOGC: 'off',
    GOMEMLIMIT: '400MiB',
  };
}
