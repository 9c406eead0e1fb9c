import { GitError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { chunksOf } from './chunks.js';
import { runGit } from './git.js';
import { type Journal, recordFiles } from './journal.js';
import type { Repository } from './repository.js';
import { digestOf, missingFolders, type WorkingFile } from './working-tree.js';

/** A change of a plan that really changes something, beside the file as it is. */
export interface PendingChange extends FileChange {
  readonly before: WorkingFile | undefined;
}

/** Returns the content that a change leads to, byte for byte. */
export function contentOf({ content }: FileChange): Buffer | null {
  return content === null ? null : Buffer.from(content);
}

/**
 * Returns the paths that a sparse checkout leaves out.
 *
 * @throws GitError for a file that git ignores, and so does not see as it is
 */
export async function pathsLeftOut({ root }: Repository, pending: readonly PendingChange[]): Promise<string[]> {
  const tracked = new Set<string>();
  for (const paths of chunksOf(pending.map(({ path }) => path))) {
    const listed = await runGit(['ls-files', '-z', '--cached'], { cwd: root, paths });
    for (const path of listed.split('\0')) tracked.add(path);
  }
  const ignored = pending.find(({ path, before }) => before !== undefined && !tracked.has(path));
  if (ignored === undefined) {
    return pending.filter(({ path, before }) => before === undefined && tracked.has(path)).map(({ path }) => path);
  }
  throw new GitError(`Cannot change ${ignored.path} as a file of the repository: git ignores it`, {
    code: 'git/not-tracked',
    path: ignored.path,
    hint: 'Take it out of .gitignore and commit it, or move it away.',
  });
}

/** Puts on disk what will be written, under the lock that is held. */
export async function journalOf(
  repository: Repository,
  lock: Journal,
  pending: readonly PendingChange[],
): Promise<Journal> {
  const folders = new Set<string>();
  for (const { path, content } of pending) {
    if (content === null) continue;
    for (const folder of await missingFolders(repository.root, path)) folders.add(folder);
  }
  const files = pending.map((change) => ({
    path: change.path,
    before: change.before ? { content: change.before.content.toString('base64'), mode: change.before.mode } : null,
    after: digestOf(contentOf(change)),
  }));
  const journal = { ...lock, folders: [...folders], files };
  await recordFiles(repository, journal);
  return journal;
}
