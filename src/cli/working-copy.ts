import type { Proposal } from '../gitops/proposal.js';
import { dirtyFiles, notClean, type Repository } from '../gitops/repository.js';
import { foreignFile, isForeign } from '../synth/rendered.js';
import { folderIn } from './folder-at.js';
import { findLeftOut } from './left-out.js';
import { projectFile, type Workspace } from './workspace.js';

/** A workspace beside what its working copy has otherwise than HEAD. */
export interface WorkingCopy {
  /** With what a sparse checkout leaves out, and what differed from HEAD when it was opened. */
  readonly workspace: Workspace;
  /** Looks again: the branch has moved, or time has passed. */
  refresh(): Promise<void>;
  /** Looks again after commits of this process. */
  committed(): Promise<void>;
  /** Returns the proposal, which is refused where it would write over what is a person's. */
  guard<Guarded extends Proposal>(proposal: Guarded): Guarded;
}

/** Looks at a workspace and its repository. @throws GitError when git fails */
export async function openWorkingCopy(repository: Repository, found: Workspace): Promise<WorkingCopy> {
  const [leftOut, differing] = await Promise.all([findLeftOut(found), dirtyIn(repository, found)]);
  const workspace = { ...found, leftOut, dirty: differing };
  let dirty = differing;
  return {
    workspace,
    async refresh() {
      [dirty] = await Promise.all([dirtyIn(repository, workspace), leftOut.refresh()]);
    },
    async committed() {
      if (leftOut.size > 0) await leftOut.refresh();
    },
    guard(proposal) {
      const plan: Proposal['plan'] = (files) => {
        const planned = proposal.plan(files);
        if (planned !== undefined && 'changes' in planned) {
          const paths = planned.changes.map(({ path }) => path);
          assertOurs(paths, workspace);
          const differ = paths.filter((path) => dirty.has(path)).map((path) => repository.prefix + path);
          if (differ.length > 0) throw notClean(repository, differ);
        }
        return planned;
      };
      return { ...proposal, plan };
    },
  };
}

/** Returns the files of the workspace that differ from HEAD: those changes are a person's. */
async function dirtyIn(repository: Repository, { project }: Workspace): Promise<ReadonlySet<string>> {
  const { prefix } = repository;
  const folders = [projectFile, project.releases, ...(project.render === 'manifests' ? [project.rendered] : [])];
  const paths = await dirtyFiles(
    repository,
    folders.map((path) => prefix + path),
  );
  return new Set(paths.map((path) => path.slice(prefix.length)));
}

/** Manifests are written over those of sluice alone. */
function assertOurs(paths: readonly string[], workspace: Workspace): void {
  const { render, rendered } = workspace.project;
  if (render !== 'manifests') return;
  const manifests = paths.filter((path) => path.startsWith(`${rendered}/`) && path.endsWith('/manifests.yaml'));
  const foreign = manifests.find((path) => isForeign(folderIn(workspace, rendered), path));
  if (foreign !== undefined) throw foreignFile(foreign);
}
