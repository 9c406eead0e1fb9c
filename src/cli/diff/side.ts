import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, formatProblems } from '../../errors.js';
import { fetchHint, filesAt, openSnapshot, pathsBelow, type Snapshot } from '../../gitops/files-at.js';
import type { Obstacle } from '../../reports/difference.js';
import type { Project } from '../../values/project.js';
import { onLeave } from '../demo/on-leave.js';
import { describeError } from '../report-error.js';
import {
  canaryConfigsIn,
  openWorkspace,
  projectFile,
  type ReleaseEntry,
  readReleases,
  valuesFile,
} from '../workspace.js';

/** One of two workspaces that are compared. */
export interface Side {
  /** Undefined where its settings cannot be used; then nothing of it can. */
  readonly project: Project | undefined;
  readonly entries: readonly ReleaseEntry[];
  readonly obstacles: readonly Obstacle[];
}

/** How a side is called, and its files. */
interface Naming {
  readonly label: string;
  /** Returns what a file of it is called from where the command runs. */
  located(file: string): string;
}

/** Returns the workspace in a folder as it stands on the disk. */
export function sideOf(root: string, naming: Naming = { label: 'the workspace', located: (file) => file }): Side {
  try {
    const workspace = openWorkspace(root);
    const entries = readReleases(workspace);
    const obstacles = entries.flatMap(({ id, loaded }) =>
      loaded instanceof ConfigError ? [obstacleOf(loaded, naming, id)] : [],
    );
    return { project: workspace.project, entries, obstacles };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { project: undefined, entries: [], obstacles: [obstacleOf(error, naming)] };
  }
}

/**
 * Returns the workspace that another one is compared with: a commit by any name that git knows, else a folder. A word
 * that starts like a path is a folder.
 *
 * @throws ConfigError when it is neither
 */
export async function sideAgainst(cwd: string, against: string): Promise<Side> {
  const isPath = /^(\.\.?(\/|$)|\/)/.test(against);
  const snapshot = isPath || against === '' ? undefined : await openSnapshot(cwd, against);
  if (snapshot !== undefined) return sideAt(snapshot, against);
  const folder = resolve(cwd, against);
  if (against === '' || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw neither(against);
  return sideOf(folder, { label: against, located: (file) => join(against, file) });
}

/** The files are written out for the moment, so that they are read as those of the disk are. */
async function sideAt(snapshot: Snapshot, revision: string): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-diff-'));
  const leave = onLeave(() => rmSync(folder, { recursive: true, force: true }));
  const naming: Naming = { label: revision, located: (file) => `${revision}:${snapshot.prefix}${file}` };
  try {
    await writeOut(snapshot, [projectFile], folder);
    await writeOut(snapshot, canaryConfigsIn(folder), folder);
    const { releases } = openWorkspace(folder).project;
    // Before the first release there is no folder: git keeps no empty ones.
    mkdirSync(join(folder, releases), { recursive: true });
    const files = await pathsBelow(snapshot, releases, valuesFile);
    await writeOut(
      snapshot,
      files.map((file) => `${releases}/${file}`),
      folder,
    );
    return sideOf(folder, naming);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { project: undefined, entries: [], obstacles: [obstacleOf(error, naming)] };
  } finally {
    leave();
  }
}

async function writeOut(snapshot: Snapshot, paths: readonly string[], folder: string): Promise<void> {
  for (const [path, content] of await filesAt(snapshot, paths)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function obstacleOf(error: ConfigError, { label, located }: Naming, release?: string): Obstacle {
  const problems = error.problems.map((problem) => ({ ...problem, file: located(problem.file) }));
  const message = problems.length > 0 ? formatProblems(problems) : describeError(error).trimEnd();
  return { ...(release !== undefined && { release }), side: label, message, problems };
}

function neither(against: string): ConfigError {
  return new ConfigError(`Cannot compare with ${JSON.stringify(against)} as a commit or a folder: it is neither`, {
    code: 'cli/against',
    path: against,
    hint: `Name a branch, a tag, a commit, or a folder such as ../base. ${fetchHint}`,
  });
}
