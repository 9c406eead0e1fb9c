import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../../errors.js';
import { ServiceName } from '../../values/dns-label.js';
import { type LoadedValues, loadValues } from '../../values/load.js';
import { readTextInside } from '../read-inside.js';
import { unreadable } from '../read-text.js';
import { readReleases, valuesFile, type Workspace } from '../workspace.js';

/** A values file that is validated. */
export interface ValuesFile {
  /** From the folder that the command runs in, with forward slashes. */
  readonly file: string;
  /** The values, or why they cannot be used. */
  readonly loaded: LoadedValues | ConfigError;
  /** Whether it is a release of the workspace. */
  readonly isRelease: boolean;
}

/**
 * Returns the values files that are meant, each once: those of the paths, or every release of the workspace. What belongs
 * to the workspace is read as its release, so that two of one name are found; any other file stands for itself.
 *
 * @throws ConfigError when a path is not there or holds no values file, or when there is no folder of releases
 */
export function valuesFilesOf(paths: readonly string[], workspace: Workspace): ValuesFile[] {
  const { root, project } = workspace;
  const isWorkspace = paths.length === 0 || existsSync(join(root, project.releases));
  const releases = isWorkspace ? readReleases(workspace).map((entry) => ({ ...entry, isRelease: true })) : [];
  if (paths.length === 0) return releases;
  const found = paths.flatMap((path) => filesAt(path, workspace, releases));
  return [...new Map(found.map((each) => [each.file, each])).values()];
}

function filesAt(path: string, workspace: Workspace, releases: readonly ValuesFile[]): ValuesFile[] {
  const { root } = workspace;
  const place = fromRoot(root, path);
  const within = releases.filter(({ file }) => place === '' || file === place || file.startsWith(`${place}/`));
  const known = new Set(within.map(({ file }) => file));
  const others = onDisk(root, path)
    .filter((file) => !known.has(file))
    .map((file) => ({ file, loaded: load(file, workspace), isRelease: false }));
  if (within.length + others.length > 0) return [...within, ...others];
  throw new ConfigError(`Cannot find a values file in ${path}: there is no values.yaml below it`, {
    code: 'cli/no-values',
    path,
    hint: 'Name the files themselves where they are called otherwise.',
  });
}

function fromRoot(root: string, path: string): string {
  return relative(root, resolve(root, path)).split(sep).join('/');
}

/** Returns a file itself, and of a folder every values.yaml below it; links are not followed. */
function onDisk(root: string, path: string): string[] {
  const stats = statSync(resolve(root, path), { throwIfNoEntry: false });
  if (stats === undefined) throw absent(path);
  if (!stats.isDirectory()) return [fromRoot(root, path)];
  return walk(resolve(root, path))
    .map((file) => fromRoot(root, file))
    .sort();
}

function absent(path: string): ConfigError {
  return new ConfigError(`Cannot validate ${path} as values: there is no such file or folder`, {
    code: 'cli/no-values',
    path,
    hint: 'Name a values file, a folder that holds some, or nothing for every release of the workspace.',
  });
}

const skipped = new Set(['.git', 'node_modules']);

function walk(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(path);
    return entry.name === valuesFile ? [path] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function load(file: string, { root, project }: Workspace): LoadedValues | ConfigError {
  return orConfigError(() => {
    const text = readTextInside(root, file);
    const { namespace, analyses } = project;
    return loadValues(text, { file, name: nameFor(resolve(root, file)), namespace, analyses });
  });
}

/** Returns what is loaded, or why it cannot be. */
export function orConfigError(load: () => LoadedValues): LoadedValues | ConfigError {
  try {
    return load();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** A values.yaml is called like its folder, as in a workspace; any other file like itself. */
export function nameFor(path: string): string {
  const name = basename(path) === valuesFile ? basename(dirname(path)) : basename(path).replace(/\.[^.]*$/, '');
  return ServiceName.safeParse(name).success ? name : 'unnamed';
}
