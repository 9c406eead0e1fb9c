import { isSluiceError } from '../errors.js';
import { runGit } from '../gitops/git.js';
import { isByHand, statusFile } from './release-status.js';
import type { Workspace } from './workspace.js';

/** A few are asked of git one by one: for them that is quicker. */
const few = 4;

/** So many commits for each status are looked at together: decisions on them are mostly the newest commits there are. */
const commitsForEach = 4;

/**
 * Returns what tells whether a person wrote the status beside a values file, as `isByHand` does. Of many, one look at
 * the newest commits tells it; git is asked for each of the others.
 */
export async function writtenByHand(
  workspace: Workspace,
  files: readonly string[],
): Promise<(file: string) => Promise<boolean>> {
  const known = files.length <= few ? new Map<string, boolean>() : await newestWriters(workspace, files.length);
  return async (file) => known.get(statusFile(file)) ?? isByHand(workspace, file);
}

/** By status file. */
async function newestWriters({ root, project }: Workspace, count: number): Promise<ReadonlyMap<string, boolean>> {
  const format = '--format=%x00%x01%P%x00%(trailers:key=Sluice-Decision,valueonly)%x00';
  const names = ['--name-only', '--no-renames', '--relative', '-m', '-z'];
  try {
    const log = await runGit(['log', '--first-parent', `-${count * commitsForEach}`, ...names, format], {
      cwd: root,
      config: { 'log.follow': 'false', 'log.diffMerges': 'first-parent' },
      revisions: ['HEAD'],
      paths: [project.releases],
    });
    return writersIn(log);
  } catch (error) {
    // Then it fails for each of them, too, and says so there.
    if (isSluiceError(error)) return new Map();
    throw error;
  }
}

/** What changed last in a merge may have come from either side: that is not told here. */
function writersIn(log: string): Map<string, boolean> {
  const seen = new Set<string>();
  const writers = new Map<string, boolean>();
  for (const [, parents = '', decision = '', paths = ''] of log.matchAll(commit)) {
    for (const path of paths.split('\0')) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (!parents.includes(' ')) writers.set(path, parents !== '' && decision.trim() === '');
    }
  }
  return writers;
}

/** The parents, the trailer and the paths of one commit, each with a NUL behind it; paths are never empty. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what git writes between them.
const commit = /\0\u0001([0-9a-f ]*)\0([^\0]*)\0\0\n((?:[^\0]+\0)*)/g;
