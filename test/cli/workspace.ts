import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../../src/cli/run.js';
import { ScratchRepository, scratchFolder } from '../gitops/scratch-repository.js';

export { scratchFolder };

/** What a command left on its way. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a command is run. */
export interface Surroundings {
  readonly cwd: string;
  /** @default nothing */
  readonly stdin?: string | Buffer;
  /** Unix seconds. @default 2023-11-14T22:14:00Z, on a multiple of a minute */
  readonly now?: number;
}

/** When the tests begin: a multiple of an hour's minute, so that windows are easy to count. */
export const start = 1_700_000_040;

/** Runs the command line in this process and returns its exit code and what it wrote. */
export async function sluice(
  argv: readonly string[],
  { cwd, stdin = '', now = start }: Surroundings,
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) => ({
    write(text: string) {
      written[name] += text;
    },
  });
  const io = { stdin: Readable.from([Buffer.from(stdin)]), stdout: sink('stdout'), stderr: sink('stderr'), cwd };
  const code = await run(argv, { ...io, now: () => now });
  return { code, ...written };
}

/** The values of a release whose candidate has no traffic yet. */
export const reviewsValues = `environment: istio
application:
  port: 9080
  strategy: blue-green
  versions:
  - metadata: {name: reviews-v1}
    image: registry.example/reviews:v1
    weight: 100
  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    weight: 0
`;

/** What has it evaluated; it goes after the values. */
export const evaluationValues = `analysis:
  interval: 60s
  judge: threshold
  objectives: [{metric: error-rate, upperLimit: 0.05}]
rollout: {policy: steps, steps: [5, 50]}
`;

/** A workspace in a real Git repository of its own. */
export class ScratchWorkspace {
  readonly repository: ScratchRepository;
  /** Where commands run: the top of the repository, or a folder of it. */
  readonly folder: string;
  /** Unix seconds; commands take it for the time. */
  now = start;

  /**
   * @param files from the top of the repository; rendered and committed as they are
   * @param clone what follows `git clone`, in place of files
   */
  constructor(
    files: { readonly [path: string]: string },
    { below = '', clone }: { readonly below?: string; readonly clone?: readonly string[] } = {},
  ) {
    this.repository = new ScratchRepository(files, clone && { clone });
    this.folder = join(this.repository.root, below);
  }

  /** A workspace whose manifests are rendered and committed already. */
  static async rendered(...args: ConstructorParameters<typeof ScratchWorkspace>): Promise<ScratchWorkspace> {
    const workspace = new ScratchWorkspace(...args);
    await workspace.run('synth');
    workspace.commit({});
    return workspace;
  }

  /** Goes back to a commit as if nothing had happened since: branch, index and every file. */
  reset(commit: string): void {
    this.git('checkout', '--quiet', '--force', '-B', 'main', commit);
    this.git('clean', '--quiet', '-dfx');
  }

  run(...argv: readonly string[]): Promise<Outcome> {
    return sluice(argv, { cwd: this.folder, now: this.now });
  }

  /** As `run`, for a command that must succeed; returns what it printed. */
  async ran(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...argv);
    if (code !== 0) throw new Error(`sluice ${argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  git(...args: readonly string[]): string {
    return this.repository.git(...args);
  }

  read(path: string): string {
    return this.repository.read(path);
  }

  exists(path: string): boolean {
    return existsSync(join(this.repository.root, path));
  }

  write(path: string, content: string): void {
    this.repository.write(path, content);
  }

  /** Replaces a part of a file that must be there. */
  replace(path: string, part: string | RegExp, by: string): void {
    const text = this.read(path);
    const changed = text.replace(part, by);
    if (changed === text) throw new Error(`${part} is not in ${path}`);
    this.write(path, changed);
  }

  remove(path: string): void {
    rmSync(join(this.repository.root, path), { recursive: true });
  }

  move(from: string, to: string): void {
    renameSync(join(this.repository.root, from), join(this.repository.root, to));
  }

  /** Writes files and commits all that differs, as a person does. */
  commit(files: { readonly [path: string]: string }): void {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'chore: by hand');
  }

  /** The subjects of all commits but the first `skip`, oldest first. */
  subjects(skip = 0): string[] {
    const log = this.git('log', '--reverse', '--format=%s');
    return log.split('\n').slice(skip);
  }

  get head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  /** All that a command could change: HEAD, what differs from it, and a hash of every file outside .git. */
  fingerprint(): { readonly head: string; readonly status: readonly string[]; readonly files: string } {
    return { head: this.head, status: this.repository.status(), files: hashOf(this.repository.root) };
  }
}

/** Returns a hash over the paths, kinds and contents of everything below a folder, without .git. */
export function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const path of paths) {
    if (path === '.git' || path.startsWith('.git/')) continue;
    const file = join(folder, path);
    const stats = lstatSync(file);
    const content = stats.isFile() ? readFileSync(file) : stats.isSymbolicLink() ? readlinkSync(file) : '';
    hash.update(`${path}\0${stats.mode}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
