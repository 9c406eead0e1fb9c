import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { GitError } from '../errors.js';
import { askGit, gitFailure, runGit } from './git.js';

/** A working tree and its folder of git. */
interface Place {
  readonly root: string;
  readonly gitDir: string;
}

/** Returns the folder of git that lies here or above, though git takes it for none: then it is damaged. */
export function damagedGitFolder(directory: string): GitError | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const place = join(folder, '.git');
    if (existsSync(place)) return damaged(folder, `git takes ${place} for no repository`, headHint(place));
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Returns why HEAD, which leads to no commit, is damaged; undefined where it is only that there is no commit yet. A
 * branch that was there has a log of its moves, and the last of them is the way back.
 */
export async function damagedHead({ root, gitDir }: Place): Promise<GitError | undefined> {
  const [, branch = ''] = /^ref: (refs\/\S+)/.exec(await readText(join(gitDir, 'HEAD'))) ?? [];
  const id = await askGit(['rev-parse', '--verify', '--quiet'], { cwd: root, revisions: ['HEAD'] });
  if (id.status === 0) {
    const commit = id.stdout.trim();
    return damaged(root, `its commit ${commit.slice(0, 10)} is missing or damaged`, cloneHint);
  }
  // It has no words for a branch without a commit, and some for files that it cannot read.
  if (id.words !== '') return gitFailure(id, { command: 'rev-parse', cwd: root });
  if (branch === '') return damaged(root, 'HEAD names no branch and no commit', headHint(gitDir));
  const [file, log] = await Promise.all([pathOf(root, branch), pathOf(root, `logs/${branch}`)]);
  const [, last] = /^[0-9a-f]+ ([0-9a-f]{40,}) [^\n]*\n$/m.exec((await readText(log)).slice(-longestLine)) ?? [];
  if (last === undefined && !existsSync(file)) return undefined;
  const remove = existsSync(file) ? `Delete ${file} and bring` : 'Bring';
  const restore = `${remove} the branch back: git update-ref ${branch} ${last}`;
  return damaged(root, `${branch} holds no commit`, last === undefined ? cloneHint : restore);
}

/** Returns why the index is damaged: one that is gone makes every file look removed and new at once. */
export function damagedIndex({ root, gitDir }: Place): GitError | undefined {
  if (existsSync(join(gitDir, 'index'))) return undefined;
  return damaged(root, 'its index is gone', 'Make it anew, which changes no file: git reset');
}

const cloneHint = 'Look with git fsck; a fresh clone is the quickest way back.';

function headHint(gitDir: string): string {
  return `Write the line ref: refs/heads/BRANCH into ${join(gitDir, 'HEAD')} if it reads otherwise; else a fresh clone is the quickest way back.`;
}

/** A name, two ids, an address and a message. */
const longestLine = 4096;

/** Linked worktrees keep some files of git elsewhere. */
async function pathOf(root: string, path: string): Promise<string> {
  return resolve(root, (await runGit(['rev-parse', '--git-path', path], { cwd: root })).replace(/\n$/, ''));
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function damaged(root: string, current: string, hint: string): GitError {
  return new GitError(`Cannot read ${root} as a repository in good order: ${current}`, {
    code: 'git/damaged',
    path: root,
    hint,
  });
}
