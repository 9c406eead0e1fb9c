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
  const message = commitMessage(plan, template);
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
