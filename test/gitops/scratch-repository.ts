import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterFile } from '../clean-up.js';

/** Returns a new empty folder that is removed after the last test of the file. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-gitops-')));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real repository in a temporary folder, with nothing of the machine's own configuration in the way. */
export class ScratchRepository {
  readonly root = scratchFolder();

  /** @param clone what follows `git clone`, for one that does not begin empty */
  constructor(files: { readonly [path: string]: string } = {}, { clone }: { readonly clone?: readonly string[] } = {}) {
    if (clone === undefined) this.git('init', '--quiet', '--initial-branch=main');
    else this.git('clone', '--quiet', ...clone, '.');
    // Written at once: one process less for every setting. Nothing here lives long enough to be tidied up after each commit.
    appendFileSync(
      join(this.root, '.git/config'),
      `[user]\n\tname = Ada\n\temail = ada@example.test\n[commit]\n\tgpgsign = false\n[core]\n\tautocrlf = false\n\thooksPath = ${join(this.root, '.git/hooks')}\n[maintenance]\n\tauto = false\n`,
    );
    if (Object.keys(files).length > 0) this.commit(files);
  }

  /** Runs git and returns what it printed, without the last line end. */
  git(...args: readonly string[]): string {
    return execFileSync('git', args, { cwd: this.root, encoding: 'utf8', stdio: 'pipe' }).replace(/\n$/, '');
  }

  commit(files: { readonly [path: string]: string }): void {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', 'chore: ground');
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  exists(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** Installs a hook written in sh. */
  hook(name: string, script: string): void {
    this.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.root, '.git/hooks', name), 0o755);
  }

  /** The two letters and the path of all that differs from HEAD, ignored files included. */
  status(): string[] {
    const status = this.git('-c', 'core.quotePath=false', 'status', '--porcelain', '-uall', '--ignored', '-z');
    return status.split('\0').filter((entry) => entry !== '');
  }
}
