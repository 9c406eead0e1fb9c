import { commitLocally } from '../gitops/commit.js';
import type { CommitPlan } from '../gitops/plan.js';
import { recover } from '../gitops/recover.js';
import { assertClean, openRepository, type Repository } from '../gitops/repository.js';
import type { Io } from './io.js';
import { projectFile, type Workspace } from './workspace.js';

/** Commits to the repository of a workspace, one plan after the other. */
export interface Writer {
  /** Returns the id of the commit, or undefined when the plan changes nothing. Paths are those of the workspace. */
  commit(plan: CommitPlan): Promise<string | undefined>;
}

/**
 * Opens the repository of a folder for commits: what a killed process left half done is finished or undone first.
 *
 * @throws GitError when it is no repository, or in no state to be committed to
 */
export async function openForWriting(root: string, stderr: Io['stderr']): Promise<Repository> {
  const repository = await openRepository(root);
  const outcome = await recover(repository);
  if (outcome === 'nothing') return repository;
  stderr.write(`${outcome} what an earlier run had left half written\n`);
  return openRepository(root);
}

/** Refuses a workspace in which sluice's own files differ from HEAD: those changes are a person's. */
export async function assertUntouched(repository: Repository, { project }: Workspace): Promise<void> {
  const paths = [projectFile, project.releases, ...(project.render === 'manifests' ? [project.rendered] : [])];
  await assertClean(
    repository,
    paths.map((path) => repository.prefix + path),
  );
}

/** Returns a writer on top of the repository as it stands. */
export function writerFor(repository: Repository): Writer {
  let { head } = repository;
  return {
    async commit(plan) {
      const changes = plan.changes.map((change) => ({ ...change, path: repository.prefix + change.path }));
      const commit = await commitLocally({ ...repository, head }, { ...plan, changes });
      head = commit ?? head;
      return commit;
    },
  };
}
