import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, parseDocument } from 'yaml';
import type { Decision } from '../../src/evaluate/decision.js';

const bin = fileURLToPath(new URL('../../dist/bin/sluice.js', import.meta.url));

/** Nothing of the machine's own settings: neither git's, nor a proxy. */
const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
};

/** What a program left when it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `sluice evaluate -o json` found, and its exit code. */
export interface Evaluation {
  readonly code: number;
  readonly decisions: readonly (Decision & { readonly commit?: string })[];
  readonly failures: readonly { readonly message: string; readonly code: string; readonly hint: string }[];
}

/** What `releaseRepository` is made with. */
export interface RepositoryOptions {
  readonly namespace: string;
  readonly metricsUrl: string;
  /** Values to set over those of the starter, by path. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A repository as `sluice init` makes it, with the real program and the real git to work on it. */
export class ReleaseRepository {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-real-')));

  /** Runs `sluice init`, and commits the settings of the test as a person would. */
  async init({ namespace, metricsUrl, values }: RepositoryOptions): Promise<void> {
    await this.sluice('init', '--yes');
    await this.#edit('sluice.yaml', {
      namespace,
      'metrics.url': metricsUrl,
      'metrics.timeout': '2s',
      'metrics.delay': '1s',
    });
    await this.#edit('releases/reviews/values.yaml', values);
    await this.git('commit', '--quiet', '--all', '--message', 'chore: settings');
  }

  async #edit(path: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const document = parseDocument(await this.read(path));
    for (const [key, value] of Object.entries(values)) document.setIn(key.split('.'), document.createNode(value));
    await writeFile(join(this.root, path), document.toString({ indentSeq: false, lineWidth: 0 }));
  }

  /** @throws Error when the program fails */
  async sluice(...args: readonly string[]): Promise<string> {
    return successOf('sluice', await this.#run(process.execPath, [bin, ...args]));
  }

  /** One pass, as a CronJob would run it. */
  async evaluate(): Promise<Evaluation> {
    const { code, stdout, stderr } = await this.#run(process.execPath, [bin, 'evaluate', '-o', 'json']);
    if (stdout === '') throw new Error(`Cannot read what evaluate decided: it ended with ${code}\n${stderr}`);
    return { ...(JSON.parse(stdout) as Omit<Evaluation, 'code'>), code };
  }

  /** Returns what git printed, without the last line end. @throws Error when it fails */
  async git(...args: readonly string[]): Promise<string> {
    return successOf(`git ${args[0]}`, await this.#run('git', args)).replace(/\n$/, '');
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  /** HEAD and all that differs from it; equal before and after means that nothing was written. */
  async state(): Promise<{ readonly head: string; readonly status: string }> {
    return { head: await this.git('rev-parse', 'HEAD'), status: await this.git('status', '--porcelain', '--ignored') };
  }

  /** The weights of the VirtualService at HEAD by the name of the Service, as the mesh would come to know them. */
  async routedWeights(): Promise<Map<string, number>> {
    const text = await this.git('show', 'HEAD:rendered/reviews/manifests.yaml');
    const objects = parseAllDocuments(text).map((document): unknown => document.toJS());
    const { spec } = objects.find(
      (object) => (object as VirtualService | null)?.kind === 'VirtualService',
    ) as VirtualService;
    const routes = spec.http.flatMap(({ route }) => route);
    return new Map(routes.map(({ destination, weight }) => [destination.host.split('.')[0] ?? '', weight]));
  }

  /** The lines that the newest commit takes out of the values and puts into them. */
  async changedLines(): Promise<string[]> {
    const diff = await this.git('show', '--format=', '--unified=0', 'HEAD', '--', 'releases/reviews/values.yaml');
    return diff.split('\n').filter((line) => /^[-+] /.test(line));
  }

  /** The lines of the ledger, each a decision with its evidence. */
  async ledger(): Promise<string[]> {
    return (await this.read('releases/reviews/ledger.jsonl')).trimEnd().split('\n');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #run(program: string, args: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.root, env: environment, timeout: 30_000 };
      execFile(program, args, options, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });
  }
}

interface VirtualService {
  readonly kind: 'VirtualService';
  readonly spec: {
    readonly http: readonly {
      readonly route: readonly { readonly destination: { readonly host: string }; readonly weight: number }[];
    }[];
  };
}

function successOf(program: string, { code, stdout, stderr }: Ended): string {
  if (code === 0) return stdout;
  throw new Error(`Cannot run ${program}: it ended with ${code}\n${stderr}`);
}
