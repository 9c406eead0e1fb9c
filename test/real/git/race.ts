import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Simulator } from '../../../src/sources/simulator.js';
import { serveSimulator } from '../../../src/sources/simulator-server.js';
import { sluice, start } from '../../cli/workspace.js';
import { scratchFolder } from '../../gitops/scratch-repository.js';
import { programOf } from '../../program.js';
import { gitEnvironment } from './git-environment.js';

/** What an evaluator of a race is told. */
export interface Orders {
  readonly cwd: string;
  readonly passes: number;
  /** The one release that it looks at. @default all */
  readonly release?: readonly [string];
  /** Unix seconds at `at`, Unix milliseconds, from which on a second lasts `speed` seconds. */
  readonly clock: { readonly begin: number; readonly at: number; readonly speed: number };
}

/** What came of a pass. */
export interface Pass {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const hour = 3600;

/** So many simulated seconds a second that a window of a minute is over twice a second. */
const speed = 120;

/** Repositories of a team whose services are all well, at a server, and who works on them at the same time. */
export class Race {
  readonly releases: readonly string[];
  readonly #url: string;
  readonly #metrics: string;
  readonly #clock = { begin: start, at: Date.now(), speed };

  private constructor(releases: readonly string[], url: string, metrics: string) {
    this.releases = releases;
    this.#url = url;
    this.#metrics = metrics;
  }

  /** @param url of an empty repository */
  static async at(url: string, { releases }: { readonly releases: number }): Promise<Race & AsyncDisposable> {
    const names = Array.from({ length: releases }, (_, i) => `app-${i}`);
    const simulator = new Simulator({ seed: 1, start: start - hour });
    for (const name of names) {
      const traffic = { rate: 20, errorRate: 0.001, latency: 20 };
      for (const version of ['v1', 'v2'])
        simulator.service({ namespace: 'default', service: `${name}-${version}` }, traffic);
    }
    simulator.advance(hour + 300 * speed);
    const server = await serveSimulator(simulator);
    const race = new Race(names, url, server.url);
    await race.#prepare();
    return Object.assign(race, { [Symbol.asyncDispose]: () => server.close() });
  }

  async #prepare(): Promise<void> {
    const folder = scratchFolder();
    git(folder, 'init', '--quiet', '--initial-branch=main');
    const unlimited = 'pushesPerMinute: 100000, writesPerHour: 100000';
    const settings = `metrics: {source: prometheus, url: "${this.#metrics}"}\ngit: {backend: push, ${unlimited}}\n`;
    write(folder, 'sluice.yaml', settings);
    for (const name of this.releases) write(folder, valuesOf(name), values(name));
    commitAll(folder, 'chore: ground');
    const { code, stderr } = await sluice(['synth'], { cwd: folder });
    if (code !== 0) throw new Error(stderr);
    commitAll(folder, 'chore: manifests');
    // The server may be in this process, which must not be stopped meanwhile.
    await promisify(execFile)('git', ['push', '--quiet', this.#url, 'main'], { cwd: folder, env: gitEnvironment() });
  }

  /**
   * Has evaluators, each in a clone and a process of its own, make passes at once, and returns all passes.
   *
   * @param alone the release that an evaluator looks at: it moves the branch while what others decide on their
   * releases still holds; undefined for all releases
   */
  async run(alone: readonly (string | undefined)[], passes: number): Promise<Pass[]> {
    const clones = await Promise.all(alone.map(() => this.clone()));
    const orders = clones.map((cwd, i): Orders => {
      const release = alone[i];
      return { cwd, passes, clock: this.#clock, ...(release !== undefined && { release: [release] }) };
    });
    return (await Promise.all(orders.map(evaluate))).flat();
  }

  /** Has one evaluator make a pass, once a window is over. */
  async again(cwd: string): Promise<Pass[]> {
    await delay(60_000 / speed);
    return evaluate({ cwd, passes: 1, clock: this.#clock });
  }

  async clone(): Promise<string> {
    const folder = scratchFolder();
    await promisify(execFile)('git', ['clone', '--quiet', this.#url, folder], { env: gitEnvironment() });
    return folder;
  }
}

async function evaluate(orders: Orders): Promise<Pass[]> {
  const program = programOf(new URL('./race-evaluator.ts', import.meta.url));
  const args = [program, JSON.stringify(orders)];
  const env = { ...process.env, ...gitEnvironment() };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const ended = once(child, 'close');
  const output = Buffer.concat(await child.stdout.toArray()).toString();
  const [code] = await ended;
  if (code !== 0) throw new Error(`an evaluator ended with ${code}`);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A person with a clone, whose pushes are tried again until they are let in. */
export class Person {
  readonly #folder: string;
  /** Commits that a forced push took away. */
  readonly rewound: string[] = [];
  readonly edits: { readonly path: string; readonly line: string }[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds a line to a file. */
  edit(path: string, line: string): Promise<void> {
    this.edits.push({ path, line });
    return this.#push(`docs: ${line}`, () => appendFileSync(join(this.#folder, path), `${line}\n`));
  }

  move(from: string, to: string): Promise<void> {
    return this.#push(`refactor: ${to}`, () => renameSync(join(this.#folder, from), join(this.#folder, to)));
  }

  remove(path: string): Promise<void> {
    return this.#push(`feat: no ${path}`, () => rmSync(join(this.#folder, path), { recursive: true }));
  }

  /** Takes the last commits away, and says which. */
  async rewind(commits: number): Promise<void> {
    for (;;) {
      const tip = await this.#follow();
      const gone = (await this.#git('rev-list', `-${commits}`, tip)).split('\n');
      try {
        await this.#git('push', '--quiet', `--force-with-lease=main:${tip}`, 'origin', `${tip}~${commits}:main`);
        this.rewound.push(...gone);
        return;
      } catch {
        // Somebody was faster.
      }
    }
  }

  async #push(message: string, change: () => void): Promise<void> {
    for (;;) {
      await this.#follow();
      change();
      commitAll(this.#folder, message);
      try {
        await this.#git('push', '--quiet', 'origin', 'main');
        return;
      } catch {
        // Somebody was faster.
      }
    }
  }

  async #follow(): Promise<string> {
    await this.#git('fetch', '--quiet', 'origin');
    await this.#git('reset', '--quiet', '--hard', 'origin/main');
    return this.#git('rev-parse', 'HEAD');
  }

  async #git(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('git', args, { cwd: this.#folder, env: gitEnvironment() });
    return stdout.trim();
  }
}

export function valuesOf(release: string): string {
  return `releases/${release}/values.yaml`;
}

function values(name: string): string {
  const steps = Array.from({ length: 60 }, (_, i) => i + 1).join(', ');
  return `environment: istio
application:
  port: 9080
  strategy: blue-green
  # The traffic of the race is always the same, whatever the shares are; a split of sessions need not be live.
  sessionAffinity: {type: Cookie}
  versions:
  - metadata: {name: ${name}-v1}
    image: registry.example/${name}:v1
    weight: 100
  - metadata: {name: ${name}-v2}
    image: registry.example/${name}:v2
    weight: 0
analysis:
  interval: 60s
  judge: threshold
  objectives: [{metric: error-rate, upperLimit: 0.05}]
rollout: {policy: steps, steps: [${steps}]}
`;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function commitAll(folder: string, message: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', message);
}

function git(folder: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: folder, env: gitEnvironment(), stdio: 'pipe' });
}
