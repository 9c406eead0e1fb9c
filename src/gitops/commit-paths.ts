import { GitError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { assertRepositoryPath } from './repository-path.js';

/**
 * Refuses the changes of a plan that no commit can hold.
 *
 * @throws ConfigError for a path that leads out of the repository; GitError for one that is changed twice
 */
export function assertPaths(changes: readonly FileChange[]): void {
  const seen = new Set<string>();
  for (const { path } of changes) {
    assertRepositoryPath(path);
    if (seen.has(path)) {
      throw new GitError(`Cannot commit ${path} as one change: the plan changes it twice`, {
        code: 'git/twice',
        path,
        hint: 'Check in sluice.yaml that no two releases or folders write the same file.',
      });
    }
    seen.add(path);
  }
}
