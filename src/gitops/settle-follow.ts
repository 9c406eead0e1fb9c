import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { GitError } from '../errors.js';
import { blobId } from './blob.js';
import { runGit } from './git.js';
import type { Journal } from './journal.js';
import { moveBranch } from './move-branch.js';
import { oneLine } from './one-line.js';
import { type Repository, readHead } from './repository.js';
import { assertRepositoryPath } from './repository-path.js';
import { removeWorkingFile } from './working-tree.js';

/** A path that differs between two commits; ids without a digit above 0 stand for no file. */
interface Difference {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly modes: readonly string[];
}

/**
 * Brings to rest what git was doing when it, or its sluice, died on the way to another commit: finished when the index
 * is there already, else every file goes back to what it was. The journal stays.
 *
 * @throws GitError when a file is neither what it was nor what it was to become, nor the start of that
 */
export async function settleFollow(repository: Repository, journal: Journal): Promise<'finished' | 'undone'> {
  const { root } = repository;
  const { head } = await readHead(root);
  const to = journal.follow ?? '';
  if (head === to) return 'finished';
  // A person moved the branch since: the files are theirs to look at, by git status.
  if ((head ?? null) !== journal.head) return 'undone';
  const differences = await differencesOf(root, head, to);
  const staged = await stagedIds(root);
  const isThere = ({ path, after }: Difference) => (staged.get(path)?.id ?? '') === nameless(after);
  if (differences.length > 0 && differences.every(isThere)) {
    await moveBranch(repository, { from: head, to });
    return 'finished';
  }
  await restore(
    root,
    differences.filter(({ path }) => staged.get(path)?.flag !== 'S'),
  );
  return 'undone';
}

async function restore(root: string, differences: readonly Difference[]): Promise<void> {
  const changed: Difference[] = [];
  const foreign: string[] = [];
  for (const difference of differences.filter(({ modes }) => !modes.includes('160000'))) {
    assertRepositoryPath(difference.path);
    const found = await look(root, difference);
    if (found === 'foreign') foreign.push(difference.path);
    else if (found === 'changed') changed.push(difference);
  }
  if (foreign.length > 0) throw touched(root, foreign);
  for (const { path } of changed.filter(({ before }) => nameless(before) === '')) await removeWorkingFile(root, path);
  const input = changed.filter(({ before }) => nameless(before) !== '').map(({ path }) => `${path}\0`);
  if (input.length > 0)
    await runGit(['checkout-index', '--force', '-u', '-z', '--stdin'], { cwd: root, input: input.join('') });
}

/** Whether a file is as it was, on its way to what it was to become, or somebody's. */
async function look(root: string, { path, before, after }: Difference): Promise<'same' | 'changed' | 'foreign'> {
  const content = await contentAt(join(root, path));
  if (content === undefined) return nameless(before) === '' ? 'same' : 'changed';
  const ids = [blobId(content, before.length), await cleanId(root, path)];
  if (ids.includes(before)) return 'same';
  if (ids.includes(after)) return 'changed';
  if (nameless(after) === '') return 'foreign';
  const whole = await runGit(['cat-file', '--filters', `--path=${path}`, after], { cwd: root, encoding: 'latin1' });
  return whole.startsWith(content.toString('latin1')) ? 'changed' : 'foreign';
}

/** Returns what lies at a path, of a link where it leads; undefined for nothing. */
async function contentAt(file: string): Promise<Buffer | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return undefined;
  return stats.isSymbolicLink() ? Buffer.from(await readlink(file)) : readFile(file);
}

/** A leading `./` keeps a quote at the start of a name from being read as quoting. */
async function cleanId(root: string, path: string): Promise<string> {
  const stats = await lstat(join(root, path));
  if (!stats.isFile()) return '';
  return (await runGit(['hash-object', '--stdin-paths'], { cwd: root, input: `./${path}\n` })).trim();
}

async function differencesOf(root: string, from: string | undefined, to: string): Promise<Difference[]> {
  const start = from ?? (await runGit(['hash-object', '-t', 'tree', '--stdin'], { cwd: root })).trim();
  const fields = (await runGit(['diff-tree', '-r', '-z', '--no-renames', start, to], { cwd: root })).split('\0');
  const differences: Difference[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [oldMode = '', newMode = '', before = '', after = ''] = (fields[i] ?? '').slice(1).split(' ');
    differences.push({ path: fields[i + 1] ?? '', before, after, modes: [oldMode, newMode] });
  }
  return differences;
}

/** Returns the entries of the index; the flag is S for a file outside of a sparse checkout. */
async function stagedIds(root: string): Promise<ReadonlyMap<string, { readonly flag: string; readonly id: string }>> {
  const listing = await runGit(['ls-files', '-z', '-t', '--stage'], { cwd: root });
  return new Map(
    listing.split('\0').flatMap((line) => {
      const [, flag = '', id = '', path] = /^(\S) \d+ ([0-9a-f]{40,}) \d\t(.*)$/s.exec(line) ?? [];
      return path === undefined ? [] : [[path, { flag, id }] as const];
    }),
  );
}

/** Returns an id, or nothing for the one that stands for no file. */
function nameless(id: string): string {
  return /^0+$/.test(id) ? '' : id;
}

function touched(root: string, paths: readonly string[]): GitError {
  return new GitError(
    `Cannot undo what an earlier run left as nobody else changed it: ${paths.map(oneLine).join(', ')}`,
    {
      code: 'git/touched',
      path: root,
      hint: 'Commit these files as they should be, or put them back (git restore --staged --worktree -- FILE; delete new ones), and run sluice again.',
    },
  );
}
