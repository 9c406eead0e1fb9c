import type { Backend } from '../gitops/backend.js';
import { openBackend } from '../gitops/backends.js';
import { allowanceOf } from '../gitops/budget.js';
import { openSettled } from '../gitops/open-settled.js';
import type { CommitPlan } from '../gitops/plan.js';
import { rehearse } from '../gitops/plan-proposals.js';
import type { Outcome, Proposal } from '../gitops/proposal.js';
import { publish } from '../gitops/publish.js';
import { assertBranch } from '../gitops/remote.js';
import { assertClean, openRepository, type Repository } from '../gitops/repository.js';
import { defaultGit } from '../values/project/git.js';
import type { OptionValues } from './command.js';
import { filesOf } from './folder-at.js';
import type { Io } from './io.js';
import { openWorkingCopy, type WorkingCopy } from './working-copy.js';
import { openWorkspace, projectFile, type Workspace } from './workspace.js';

/** A workspace in a repository, ready to be committed to. */
export interface Session {
  /** As it stands at the tip that others see. */
  readonly workspace: Workspace;
  /** Publishes a commit for each proposal, and returns what became of them; in a dry run nothing is written. */
  publish(proposals: readonly Proposal[]): Promise<Outcome[]>;
  /** As that of the working copy; `publish` sees to it by itself. */
  readonly guard: WorkingCopy['guard'];
}

/**
 * Opens the workspace of a folder for commits: what a killed process left is finished or undone, and the working copy
 * is brought to the tip of the server where commits are pushed.
 *
 * @throws GitError when the repository, or the server, is in no state for that, or sluice.yaml differs from HEAD
 */
export async function openSession(options: OptionValues, io: Io): Promise<Session> {
  if (options['dry-run'] === true) return openRehearsal(io);
  const tell = (text: string) => void io.stderr.write(text);
  const settled = await openSettled(io.cwd, tell, { waiting: io.stderr.isTTY ? tell : undefined });
  const before = openWorkspace(io.cwd);
  await assertSettled(settled, before);
  const settings = withPush(before, options);
  assertBranch(settled, settings);
  const backend = await openBackend({ directory: io.cwd, settings, tell });
  const repository = backend.name === 'local' ? settled : await backend.sync();
  const found = repository.head === settled.head ? before : openWorkspace(io.cwd);
  const copy = await openWorkingCopy(repository, found);
  const { workspace } = copy;
  const limits = () => allowanceOf(repository, settings, io.now() * 1000);
  return {
    workspace,
    guard: copy.guard,
    async publish(proposals) {
      await copy.refresh();
      return publish(proposals.map(copy.guard), {
        backend: following(backend, copy),
        repository,
        read: filesOf(workspace).read,
        allowance: backend.name === 'local' ? undefined : limits,
      });
    },
  };
}

/** What is planned in a dry run is planned on what is there. */
async function openRehearsal(io: Io): Promise<Session> {
  const repository = await openRepository(io.cwd);
  const found = openWorkspace(io.cwd);
  await assertSettled(repository, found);
  const { workspace, guard } = await openWorkingCopy(repository, found);
  return { workspace, guard, publish: async (proposals) => rehearse(proposals.map(guard), filesOf(workspace).read) };
}

/** The settings count for every release, so nothing goes by some that nobody else has. */
async function assertSettled(repository: Repository, { project }: Workspace): Promise<void> {
  const { prefix, head } = repository;
  const settings = [projectFile, ...project.canaryConfigs].map((path) => prefix + path);
  await assertClean(repository, head === undefined ? [prefix || '.'] : settings);
}

/** Returns a backend after whose moves the working copy is looked at again. */
function following(backend: Backend, { refresh, committed }: WorkingCopy): Backend {
  return {
    ...backend,
    async sync() {
      const repository = await backend.sync();
      await refresh();
      return repository;
    },
    async publish(repository, plans) {
      const published = await backend.publish(repository, plans);
      if (published.kind === 'published') await committed();
      return published;
    },
  };
}

/** `--push` pushes once; a backend that publishes by itself stays. */
function withPush({ project }: Workspace, { push }: OptionValues): Workspace['project']['git'] {
  const { git } = project;
  return push === true && git.backend === 'local' ? { ...git, backend: 'push' } : git;
}

/**
 * Commits one plan in the repository of a folder, wherever other commits go.
 *
 * @returns the commit, and the repository that it is in
 */
export async function commitHere(
  root: string,
  plan: (repository: Repository) => CommitPlan,
  io: Pick<Io, 'stderr'>,
): Promise<{ readonly commit: string | undefined; readonly root: string }> {
  const tell = (text: string) => void io.stderr.write(text);
  const backend = await openBackend({ directory: root, settings: defaultGit, tell });
  const repository = await backend.sync();
  const proposal: Proposal = { release: 'sluice', urgent: false, plan: () => plan(repository) };
  const [outcome] = await publish([proposal], { backend, repository, read: () => undefined });
  if (outcome?.kind === 'failed') throw outcome.error;
  return { commit: outcome?.kind === 'committed' ? outcome.commit : undefined, root: repository.root };
}
