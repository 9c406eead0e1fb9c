import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { GitError } from '../errors.js';
import { chunksOf } from './chunks.js';
import { damagedGitFolder, damagedHead, damagedIndex } from './damage.js';
import { askGit, gitFailure, runGit } from './git.js';
import { oneLine } from './one-line.js';

/** A repository that can be committed to, as it was found. */
export interface Repository {
  /** The top of the working tree, absolute. */
  readonly root: string;
  /** The folder of git for this working tree, absolute; linked worktrees have one each. */
  readonly gitDir: string;
  /** From the root to the folder that was opened: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Such as `refs/heads/main`. */
  readonly branch: string;
  /** The commit that plans start from; undefined before the first one. */
  readonly head: string | undefined;
}

/** What a person may be in the middle of, by the file that git keeps meanwhile; the first that is there counts. */
const operations: readonly (readonly [file: string, name: string])[] = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

/**
 * Finds the repository that a folder belongs to.
 *
 * @throws GitError when there is none, when it is bare or damaged, in the middle of a merge, rebase or the like, or on no
 * branch: a commit there would be lost from sight
 */
export async function openRepository(directory: string): Promise<Repository> {
  const { root, prefix, gitDir } = await placeOf(directory);
  assertIdle(root, gitDir);
  const { branch, head } = await readHead(root);
  const damage = head === undefined ? await damagedHead({ root, gitDir }) : damagedIndex({ root, gitDir });
  if (damage !== undefined) throw damage;
  if (branch !== undefined) return { root, gitDir, prefix, branch, head };
  throw new GitError(`Cannot commit to ${root} as a branch: HEAD is detached at ${head}`, {
    code: 'git/detached',
    path: root,
    hint: 'Switch to a branch: git switch BRANCH',
  });
}

/** Returns where HEAD stands now: no branch when it is detached, no commit before the first one. */
export async function readHead(
  root: string,
): Promise<{ readonly branch: string | undefined; readonly head: string | undefined }> {
  const both = await askGit(['rev-parse', 'HEAD^{commit}', '--symbolic-full-name', 'HEAD'], { cwd: root });
  const [commit, name] = both.stdout.trim().split('\n');
  if (both.status === 0 && name?.startsWith('refs/')) return { branch: name, head: commit };
  const branch = await askGit(['symbolic-ref', '--quiet', 'HEAD'], { cwd: root });
  const head = await askGit(['rev-parse', '--verify', '--quiet'], { cwd: root, revisions: ['HEAD^{commit}'] });
  return { branch: branch.stdout.trim() || undefined, head: head.stdout.trim() || undefined };
}

/**
 * Returns the files under the paths that differ from HEAD, sorted: modified, staged, removed or untracked. Files that
 * git ignores are not among them.
 *
 * @param paths files and folders from the root, taken literally
 * @throws GitError when git fails
 */
export async function dirtyFiles({ root }: Repository, paths: readonly string[]): Promise<string[]> {
  const options = ['--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--ignore-submodules=none'];
  const answers: string[] = [];
  for (const chunk of chunksOf(paths)) answers.push(await runGit(['status', ...options], { cwd: root, paths: chunk }));
  const entries = answers.join('').split('\0');
  // A file may be there twice: removed from the index, and new.
  const found = new Set(entries.filter((entry) => entry !== '').map((entry) => entry.slice('XY '.length)));
  return [...found].sort();
}

const mostNamed = 5;

/**
 * Refuses to go on where a person's changes would be mixed with sluice's.
 *
 * @param paths as `dirtyFiles` takes them
 * @throws GitError that names the first files that differ from HEAD
 */
export async function assertClean(repository: Repository, paths: readonly string[]): Promise<void> {
  const dirty = await dirtyFiles(repository, paths);
  if (dirty.length > 0) throw notClean(repository, dirty);
}

/** Returns the refusal to mix changes of a person's with sluice's. @param dirty the files, from the root */
export function notClean(repository: Repository, dirty: readonly string[]): GitError {
  if (repository.head === undefined) return unborn(repository);
  const named = dirty.slice(0, mostNamed).map(oneLine).join(', ');
  const more = dirty.length > mostNamed ? ` and ${dirty.length - mostNamed} more` : '';
  const differ = dirty.length === 1 ? 'differs' : 'differ';
  return new GitError(
    `Cannot write to ${repository.root} as a clean working tree: ${named}${more} ${differ} from HEAD`,
    { code: 'git/dirty', path: repository.root, hint: setAsideHint },
  );
}

/** What to do about files that differ from HEAD. */
export const setAsideHint = 'Commit these changes, or set them aside: git stash push --include-untracked -- PATHS';

function unborn({ root, branch }: Repository): GitError {
  const short = branch.replace(/^refs\/heads\//, '');
  return new GitError(`Cannot write to ${root} as a clean working tree: the branch ${short} has no commit yet`, {
    code: 'git/unborn',
    path: root,
    hint: 'Make its first commit (git add --all, git commit), or switch to the branch that is meant: git switch BRANCH',
  });
}

async function placeOf(directory: string): Promise<Pick<Repository, 'root' | 'prefix' | 'gitDir'>> {
  // What there is outside of a working tree comes first: git answers that much before it fails.
  const question = ['--is-bare-repository', '--is-inside-work-tree', '--absolute-git-dir'];
  const answer = await askGit(['rev-parse', ...question, '--show-toplevel', '--show-prefix'], { cwd: directory });
  if (/not a git repository/i.test(answer.words)) {
    throw damagedGitFolder(directory) ?? notUsable(directory, 'it is in no Git repository');
  }
  if (/cannot use bare repository/.test(answer.words)) throw hidden(directory);
  const [bare, insideTree, gitDir = '', root = '', prefix = ''] = answer.stdout.split('\n');
  if (bare === 'true') throw notUsable(directory, 'the repository is bare');
  if (insideTree === 'false') throw notUsable(directory, 'it is inside the folder of git');
  if (answer.status !== 0) throw gitFailure(answer, { command: 'rev-parse', cwd: directory });
  return { root, prefix, gitDir };
}

/** What looks like a bare repository may be files of a commit; git refuses its own folder as well. */
function hidden(directory: string): GitError {
  const isOwn = resolve(directory).split(sep).includes('.git');
  return notUsable(directory, isOwn ? 'it is inside the folder of git' : 'the repository is bare');
}

function notUsable(directory: string, current: string): GitError {
  return new GitError(`Cannot use ${directory} as a working tree of Git: ${current}`, {
    code: 'git/no-working-tree',
    path: directory,
    hint: 'Name a folder of a cloned repository, or start one: sluice init DIR',
  });
}

function assertIdle(root: string, gitDir: string): void {
  const operation = operations.find(([file]) => existsSync(join(gitDir, file)))?.[1];
  if (operation === undefined) return;
  const article = operation === 'am' ? 'an' : 'a';
  throw new GitError(`Cannot commit to ${root} as a repository at rest: ${article} ${operation} is in progress`, {
    code: 'git/busy',
    path: root,
    hint:
      operation === 'bisect'
        ? 'Finish it, or give it up with git bisect reset'
        : `Finish it with git ${operation} --continue, or give it up with git ${operation} --abort`,
  });
}
