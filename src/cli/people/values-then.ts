import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { ConfigError, GitError } from '../../errors.js';
import { fetchHint, filesAt, openSnapshot, pathsBelow, type Snapshot } from '../../gitops/files-at.js';
import { runGit } from '../../gitops/git.js';
import { oneLine } from '../../gitops/one-line.js';
import { type LoadedValues, loadValues } from '../../values/load.js';
import type { Project } from '../../values/project.js';
import { decodeText } from '../read-text.js';
import { isSameRelease } from '../same-release.js';
import { type ReleaseEntry, valuesFile, type Workspace } from '../workspace.js';

/** The values of a release as a commit has them. */
export interface ValuesThen {
  readonly text: string;
  /** How the commit is called: as it was asked for, with the start of its hash where that says something else. */
  readonly name: string;
}

/**
 * Returns the values of a release as they were at a commit, wherever its folder was then.
 *
 * @throws GitError when there is no such commit
 * @throws ConfigError when the release was not there, or what was there cannot be used today; with positions in it
 */
export async function valuesThen(workspace: Workspace, entry: ReleaseEntry, revision: string): Promise<ValuesThen> {
  const snapshot = await openSnapshot(workspace.root, revision);
  if (snapshot === undefined) throw noCommit(revision);
  const short = snapshot.commit.slice(0, 10);
  const name = snapshot.commit.startsWith(revision) ? short : `${oneLine(revision)} (${short})`;
  const found = await findThen(workspace, entry, snapshot);
  if (found === undefined) throw notThere(entry, name);
  const { id } = entry;
  const file = `${short}:${snapshot.prefix}${found.file}`;
  const text = decodeText(found.bytes, file);
  // The file may be broken today, but not what is put in its place.
  const { namespace, analyses } = workspace.project;
  loadValues(text, { file, name: basename(id), namespace, analyses });
  return { text, name };
}

interface Found {
  readonly file: string;
  readonly bytes: Buffer;
}

async function findThen(workspace: Workspace, entry: ReleaseEntry, snapshot: Snapshot): Promise<Found | undefined> {
  const moved = async () =>
    (await renamedFrom(workspace, entry.file, snapshot)) ?? namesake(workspace, entry, snapshot);
  return (await fileThen(snapshot, entry.file)) ?? (await moved());
}

async function fileThen(snapshot: Snapshot, file: string): Promise<Found | undefined> {
  const bytes = (await filesAt(snapshot, [file])).get(file);
  return bytes && { file, bytes };
}

/** What git itself takes for the file under its former name. */
async function renamedFrom({ root }: Workspace, file: string, snapshot: Snapshot): Promise<Found | undefined> {
  const { prefix, commit } = snapshot;
  const args = ['diff-tree', '-r', '-z', '--find-renames', '--name-status', '--diff-filter=R'];
  const fields = (await runGit(args, { cwd: root, revisions: [commit, 'HEAD'] })).split('\0');
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [from = '', to = ''] = fields.slice(i + 1, i + 3);
    if (to === prefix + file && from.startsWith(prefix)) return fileThen(snapshot, from.slice(prefix.length));
  }
  return undefined;
}

/** A folder that was renamed and changed beyond what git follows holds the release of the same name all the same. */
async function namesake(
  { root, project }: Workspace,
  { loaded }: ReleaseEntry,
  snapshot: Snapshot,
): Promise<Found | undefined> {
  if (loaded instanceof ConfigError) return undefined;
  const paths = await pathsBelow(snapshot, project.releases, valuesFile);
  const gone = paths.map((path) => `${project.releases}/${path}`).filter((path) => !existsSync(join(root, path)));
  const files = await filesAt(snapshot, gone);
  const [file, bytes] = [...files].find(([path, then]) => isSameRelease(tryLoad(path, then, project), loaded)) ?? [];
  return file === undefined || bytes === undefined ? undefined : { file, bytes };
}

function tryLoad(file: string, bytes: Buffer, { namespace, analyses }: Project): LoadedValues | ConfigError {
  try {
    return loadValues(decodeText(bytes, file), { file, name: basename(dirname(file)), namespace, analyses });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function noCommit(revision: string): GitError {
  return new GitError(`Cannot roll back to ${JSON.stringify(revision)} as a commit: git knows none of that name here`, {
    code: 'git/no-such-commit',
    path: revision,
    hint: `Name a commit, a tag or a branch, such as HEAD~1. ${fetchHint}`,
  });
}

function notThere({ id, file }: ReleaseEntry, name: string): ConfigError {
  return new ConfigError(`Cannot roll ${id} back to ${name}: the release was not there, under this name or another`, {
    code: 'cli/not-there',
    path: file,
    hint: `sluice history ${id} lists the commits that it has.`,
  });
}
