import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Status } from '../../../src/evaluate/status.js';
import { Mesh } from '../mesh.js';
import { evaluationValues, type Outcome, reviewsValues, ScratchWorkspace, scratchFolder } from '../workspace.js';

export const file = 'releases/reviews/values.yaml';
export const values = `# Reviews of books\n${reviewsValues}${evaluationValues}`;

/** What Git may hold of a release: what people command is the same in both. */
export const renderings = ['manifests', 'helm'] as const;

/** A release between a person and the evaluator, on traffic that follows the weights of its values. */
export class Ground {
  private constructor(
    readonly workspace: ScratchWorkspace,
    readonly mesh: Mesh,
  ) {}

  static async start(render: (typeof renderings)[number] = 'manifests', text = values): Promise<Ground> {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 });
    mesh.services({ 'ratings-v1': 0.001, 'ratings-v2': 0.001 });
    const settings = `${mesh.project}render: ${render}\n`;
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': settings, [file]: text });
    return new Ground(workspace, mesh);
  }

  /** As a person at the keyboard; returns what is printed. */
  ran(...argv: readonly string[]): Promise<string> {
    return this.workspace.ran(...argv);
  }

  /** Lets two minutes of traffic flow, then runs one pass. */
  pass(): Promise<Outcome> {
    this.#route();
    return this.mesh.pass(this.workspace);
  }

  /** Lets two minutes of traffic flow. */
  flow(): void {
    this.#route();
    this.mesh.simulator.advance(120);
    this.workspace.now = this.mesh.simulator.now;
  }

  #route(): void {
    const versions = this.versions.map(({ name, weight }) => [name, weight] as const);
    this.mesh.simulator.route('default', { rate: 100, shares: Object.fromEntries(versions), mirrors: {} });
  }

  async passes(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const { code, stdout } = await this.pass();
      if (code !== 0) throw new Error(stdout);
    }
  }

  /** The versions with their weights, as the values have them. */
  get versions(): readonly { readonly name: string; readonly weight: number }[] {
    return this.#application.versions.map(({ metadata, weight }) => ({ name: metadata.name, weight }));
  }

  get weights(): number[] {
    return this.versions.map(({ weight }) => weight);
  }

  get primary(): string | undefined {
    return this.#application.primary;
  }

  get status(): Status {
    return parse(this.workspace.read('releases/reviews/status.yaml')) as Status;
  }

  get subject(): string {
    return this.workspace.git('log', '-1', '--format=%s');
  }

  /** What a commit says behind its subject, without the trailers' keys of the release. */
  get body(): string {
    return this.workspace.git('log', '-1', '--format=%b');
  }

  /** The files of the newest commit. */
  get files(): string[] {
    return this.workspace.git('show', '--format=', '--name-only', 'HEAD').split('\n');
  }

  /** Runs passes that must leave everything where it is. */
  async stays(count = 2): Promise<Outcome> {
    const before = this.workspace.head;
    let last = await this.pass();
    for (let i = 1; i < count; i++) last = await this.pass();
    if (this.workspace.head !== before) throw new Error(`a pass committed: ${this.subject}\n${last.stdout}`);
    return last;
  }

  /** Adds a bare repository as `origin`, with all that is there, and returns what asks it. */
  serve(): { readonly folder: string; readonly server: (...args: readonly string[]) => string } {
    const folder = join(scratchFolder(), 'releases.git');
    this.workspace.git('clone', '--quiet', '--bare', '.', folder);
    this.workspace.git('remote', 'add', 'origin', `file://${folder}`);
    this.workspace.git('fetch', '--quiet', 'origin');
    const server = (...args: readonly string[]) =>
      execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).replace(/\n$/, '');
    return { folder, server };
  }

  get #application() {
    const text = this.workspace.read(file);
    return (parse(text) as { application: Application }).application;
  }
}

interface Application {
  readonly primary?: string;
  readonly versions: readonly { readonly metadata: { readonly name: string }; readonly weight: number }[];
}

/** Has a person push once, after sluice has looked at the server and before it pushes itself. */
export function pushMeanwhile({ workspace }: Ground, folder: string, script: string): void {
  const copy = scratchFolder();
  const commit = 'git -c user.name=Bea -c user.email=bea@example.test commit --all --quiet -m "feat: theirs"';
  const person = `git clone --quiet ${folder} . && ${script} && ${commit} && git push --quiet origin HEAD:main`;
  workspace.repository.hook(
    'pre-push',
    `unset GIT_DIR; [ -e ${copy}/.git ] && exit 0; cd ${copy} && { ${person}; } >&2; exit 0`,
  );
}
