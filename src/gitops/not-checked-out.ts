import { GitError } from '../errors.js';
import { runGit } from './git.js';

/**
 * Returns the files that HEAD has and a sparse checkout leaves out, by their paths from a folder.
 *
 * @param paths files and folders from that folder, taken literally
 * @throws GitError when git fails
 */
export async function notCheckedOut(directory: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const listing = await runGit(['ls-files', '-t', '-z', '--cached'], { cwd: directory, paths });
  const left = listing.split('\0').filter((entry) => entry.startsWith('S '));
  return new Set(left.map((entry) => entry.slice('S '.length)));
}

/** Returns the refusal to change a file that is there and not on disk. */
export function leftOut(path: string): GitError {
  return new GitError(`Cannot change ${path} as a file of the repository: it is not checked out`, {
    code: 'git/not-tracked',
    path,
    hint: 'Add it to the sparse checkout: git sparse-checkout add FOLDER',
  });
}
