import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitEnvironment } from './git-environment.js';

/** How git ended. */
export interface GitEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A repository of a person who works with a server: on `main`, whose remote is `origin`. */
export class Clone {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-clone-')));
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = gitEnvironment(environment);
  }

  /**
   * Clones the server's repository, an empty one too.
   *
   * @param environment beside git's own, such as `GIT_SSH_COMMAND`
   */
  static async of(url: string, environment: Readonly<Record<string, string>> = {}): Promise<Clone> {
    const clone = new Clone(environment);
    try {
      await clone.#fetch(url);
      return clone;
    } catch (error) {
      clone.remove();
      throw error;
    }
  }

  async #fetch(url: string): Promise<void> {
    await this.git('init', '--quiet', '--initial-branch=main');
    await this.git('remote', 'add', 'origin', url);
    await this.git('fetch', '--quiet', 'origin');
    const { code } = await this.tryGit('rev-parse', '--verify', '--quiet', 'origin/main');
    if (code === 0) await this.git('reset', '--quiet', '--hard', 'origin/main');
  }

  /** Commits one file, and returns the commit. */
  async commit(file: string, text: string): Promise<string> {
    writeFileSync(join(this.root, file), text);
    await this.git('add', '--', file);
    await this.git('commit', '--quiet', '--message', `chore: ${file}`);
    return this.git('rev-parse', 'HEAD');
  }

  /** Returns what git printed, without the last line end. @throws Error with git's words when it fails */
  async git(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.tryGit(...args);
    if (code !== 0) throw new Error(`Cannot run git ${args.join(' ')}: it ended with ${code}\n${stderr}`);
    return stdout.replace(/\n$/, '');
  }

  /** Runs git where a failure is what a test looks at. */
  tryGit(...args: readonly string[]): Promise<GitEnd> {
    return new Promise((resolve, reject) => {
      const options = { cwd: this.root, env: this.#environment, timeout: 30_000 };
      execFile('git', args, options, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
