import { GitError } from '../../errors.js';
import type { Draft } from '../chain.js';
import type { ImportedChange } from '../fast-import.js';
import { runGit } from '../git.js';
import { oneLine } from '../one-line.js';
import { commitMessage } from '../plan.js';
import type { GithubCommit } from './api.js';

/**
 * Returns what GitHub is asked to commit: what git would store, which is not always what the working tree holds.
 *
 * @throws GitError when git fails
 */
export async function githubCommit(root: string, { plan, changes }: Draft, template: string): Promise<GithubCommit> {
  return commitOf(root, commitMessage(plan, template), changes);
}

/**
 * Returns what GitHub is asked to commit to have a commit of git's once more, and on what.
 *
 * @throws GitError when it holds a file that GitHub would not make as it is, or git fails
 */
export async function githubCommitOf(
  root: string,
  id: string,
): Promise<{ readonly base: string; readonly commit: GithubCommit }> {
  const shown = await runGit(['log', '-1', '--encoding=UTF-8', '--format=%P%n%B'], { cwd: root, revisions: [id] });
  const [base = ''] = shown.split('\n', 1);
  const fields = (await runGit(['diff-tree', '-r', '-z', '--no-renames', base, id], { cwd: root })).split('\0');
  const changes: ImportedChange[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = '', , object = ''] = (fields[i] ?? '').slice(1).split(' ');
    const entry = /^0+$/.test(object) ? undefined : { mode, id: object };
    changes.push({ path: fields[i + 1] ?? '', entry, content: undefined });
  }
  const fault = modeFault(changes);
  if (fault !== undefined) throw fault;
  return { base, commit: await commitOf(root, shown.slice(base.length + 1), changes) };
}

async function commitOf(root: string, message: string, changes: readonly ImportedChange[]): Promise<GithubCommit> {
  const end = message.indexOf('\n');
  const additions: GithubCommit['additions'][number][] = [];
  const deletions: GithubCommit['deletions'][number][] = [];
  for (const change of changes) {
    if (change.entry === undefined) deletions.push({ path: change.path });
    else additions.push({ path: change.path, contents: (await contentOf(root, change)).toString('base64') });
  }
  return { headline: message.slice(0, end), body: message.slice(end).trim(), additions, deletions };
}

async function contentOf(root: string, { content, entry }: ImportedChange): Promise<Buffer> {
  if (content !== undefined) return Buffer.from(content);
  const stored = await runGit(['cat-file', 'blob', entry?.id ?? ''], { cwd: root, encoding: 'latin1' });
  return Buffer.from(stored, 'latin1');
}

function isNotPlain({ entry }: ImportedChange): boolean {
  return entry !== undefined && entry.mode !== '100644';
}

/** Returns why changes cannot be carried out: the API makes every file that it writes a plain one. */
export function modeFault(changes: readonly ImportedChange[]): GitError | undefined {
  const paths = changes.filter(isNotPlain).map(({ path }) => oneLine(path));
  if (paths.length === 0) return undefined;
  return new GitError(`Cannot change ${paths.join(', ')} by the API of GitHub as a plain file: it is executable`, {
    code: 'git/not-plain',
    path: paths[0] ?? '',
    hint: 'The API would take that from it: make it a plain file (git update-index --chmod=-x FILE), or set git.backend to push.',
  });
}
