import { join } from 'node:path';
import { Mesh } from '../../cli/mesh.js';
import { evaluationValues, type Outcome, reviewsValues, ScratchWorkspace } from '../../cli/workspace.js';

/** Where requests are opened in a test. */
export interface Forge {
  /** Of the repository, for git. */
  readonly url: string;
  /** `git.pullRequests` but for `for`, in YAML's flow style. */
  readonly settings: string;
}

interface GroundOptions {
  /** The folder of the workspace in its repository. @default its top */
  readonly below?: string;
  /** Unix seconds, a multiple of a minute. @default now */
  readonly begin?: number;
}

/** A release with a candidate, a simulated mesh that it has traffic in, and a server that it is pushed to. */
export class RequestGround {
  private constructor(
    readonly mesh: Mesh,
    readonly workspace: ScratchWorkspace,
  ) {}

  /**
   * The clock starts now: a server dates what it merges by its own.
   *
   * @param kinds `git.pullRequests.for`
   */
  static async make(forge: Forge, kinds: string, options: GroundOptions = {}): Promise<RequestGround> {
    const { below = '', begin = Math.floor(Date.now() / 60_000) * 60 } = options;
    const mesh = await Mesh.start(begin);
    mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
    const git = `git:\n  backend: push\n  pushesPerMinute: 100\n  token: {env: FORGE_TOKEN}\n  pullRequests: {for: ${kinds}, ${forge.settings}}\n`;
    const workspace = new ScratchWorkspace({ 'README.md': 'releases\n' }, { below });
    const at = (path: string) => join(below, path);
    workspace.git('remote', 'add', 'origin', forge.url);
    workspace.git('fetch', '--quiet', 'origin');
    workspace.git('reset', '--quiet', '--hard', 'origin/main');
    workspace.write(at('sluice.yaml'), mesh.project + git);
    workspace.write(at('releases/reviews/values.yaml'), reviewsValues + evaluationValues);
    await workspace.ran('synth');
    workspace.commit({});
    workspace.git('push', '--quiet', 'origin', 'main');
    return new RequestGround(mesh, workspace);
  }

  /** Lets traffic flow for two minutes by what the server has, then runs a pass. */
  pass(...argv: readonly string[]): Promise<Outcome> {
    this.workspace.git('pull', '--quiet', '--ff-only', 'origin', 'main');
    return this.mesh.pass(this.workspace, ...argv);
  }

  /** Runs passes, and returns the last one. */
  async passes(count: number): Promise<Outcome> {
    for (let i = 1; i < count; i += 1) await this.pass();
    return this.pass();
  }

  /** Commits as a person does, and pushes. */
  person(files: { readonly [path: string]: string }, branch = 'main'): void {
    const { workspace } = this;
    workspace.git('fetch', '--quiet', 'origin');
    workspace.git('switch', '--quiet', '--force-create', 'theirs', `origin/${branch}`);
    workspace.commit(files);
    workspace.git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
    workspace.git('switch', '--quiet', 'main');
  }

  /** Returns a file as the server has it on a branch. */
  onServer(path: string, branch = 'main'): string {
    this.workspace.git('fetch', '--quiet', 'origin');
    return this.workspace.git('show', `origin/${branch}:${path}`);
  }

  /** Returns the branches of the server. */
  branches(): string[] {
    return this.workspace
      .git('ls-remote', '--heads', 'origin')
      .split('\n')
      .map((line) => line.split('refs/heads/')[1] ?? '');
  }
}
