import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { ConfigError } from '../../errors.js';
import { filesAt, pathsBelow, type Snapshot, snapshotOf } from '../../gitops/files-at.js';
import { type LoadedValues, loadValues } from '../../values/load.js';
import { defaultProject, type Project } from '../../values/project.js';
import { projectThen } from '../project-then.js';
import { decodeText } from '../read-text.js';
import { isSameRelease } from '../same-release.js';
import { isSameWords } from '../same-words.js';
import { projectFile, valuesFile, type Workspace } from '../workspace.js';
import { nameFor, orConfigError, type ValuesFile } from './values-files.js';

/** Values files as they were in a commit. */
export interface Before {
  /** Returns the same release as it was: undefined where it was not there, the error where it could not be used. */
  of(loaded: LoadedValues): LoadedValues | ConfigError | undefined;
}

/**
 * Reads files as they were in a commit. A release whose file was moved since is found by its name and namespace.
 *
 * @param ref a branch, a tag or a commit
 * @throws GitError when there is no such commit or no repository
 */
export async function openBefore(
  ref: string,
  files: readonly ValuesFile[],
  { root, project }: Workspace,
): Promise<Before> {
  const snapshot = await snapshotOf(root, ref);
  const located = (file: string) => `${ref}:${posix.join(snapshot.prefix, file)}`;
  const old = await filesAt(snapshot, [projectFile, ...files.map(({ file }) => file)]);
  const { releases, namespace, analyses } = await projectIn(old.get(projectFile), project, snapshot);
  const loadAs = (bytes: Buffer, file: string, name: string) =>
    orConfigError(() =>
      loadValues(decodeText(bytes, located(file)), { name, namespace, analyses, file: located(file) }),
    );
  const isMoved = files.some(({ file, isRelease }) => isRelease && !old.has(file));
  const below = isMoved ? await pathsBelow(snapshot, releases, valuesFile) : [];
  const gone = below.map((path) => `${releases}/${path}`).filter((path) => !existsSync(resolve(root, path)));
  const movable = [...(await filesAt(snapshot, gone))].map(([file, bytes]) => loadAs(bytes, file, nameFor(file)));
  return {
    of(loaded) {
      const { file, identity } = loaded;
      const bytes = old.get(file);
      if (bytes === undefined) return movable.find((each) => isSameRelease(each, loaded));
      const isAsItWas = isSameWords(loaded, { text: bytes.toString(), identity: { namespace, analyses } });
      return isAsItWas ? loaded : loadAs(bytes, file, identity.name);
    },
  };
}

/** The settings as they were; broken ones, which placed nothing, are taken as they are now. */
async function projectIn(bytes: Buffer | undefined, now: Project, snapshot: Snapshot): Promise<Project> {
  if (bytes === undefined) return defaultProject;
  try {
    return await projectThen(decodeText(bytes, projectFile), projectFile, snapshot);
  } catch (error) {
    if (error instanceof ConfigError) return now;
    throw error;
  }
}
