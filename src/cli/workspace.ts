import { existsSync, readdirSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { ConfigError, type Problem } from '../errors.js';
import { DnsLabel } from '../values/dns-label.js';
import { type LoadedValues, loadValues } from '../values/load.js';
import { defaultProject, loadProject, type Project } from '../values/project.js';
import { obstacleTo } from './obstacle.js';
import { readText, readTextIfThere } from './read-text.js';

/** The file with the settings of a workspace. */
export const projectFile = 'sluice.yaml';

/** A folder with releases, and its settings. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly project: Project;
}

/** One values file below the folder of the releases. */
export interface ReleaseEntry {
  /** The folder below it, such as `team/reviews`: the identity of the release. */
  readonly id: string;
  /** From the root of the workspace, with forward slashes. */
  readonly file: string;
  /** The values, or why they cannot be used. */
  readonly loaded: LoadedValues | ConfigError;
}

/** Opens a folder as a workspace. `sluice.yaml` may be absent: then every setting has its default. */
export function openWorkspace(root: string): Workspace {
  const text = readTextIfThere(join(root, projectFile), projectFile);
  const project = text === undefined ? defaultProject : loadProject(text, projectFile);
  for (const folder of [project.releases, project.rendered]) assertInside(root, folder);
  return { root, project };
}

/** A folder may be a link, but not one that leads out of the workspace. */
function assertInside(root: string, folder: string): void {
  const obstacle = obstacleTo(root, folder);
  if (obstacle === undefined) return;
  throw new ConfigError(`Cannot use ${folder} as a folder of the workspace: ${obstacle}`, {
    code: 'cli/outside',
    path: projectFile,
    hint: `Replace it by a folder inside the repository, or name another one in ${projectFile}.`,
  });
}

/**
 * Reads every release of a workspace, in the order of their ids; a broken one is an entry with its error.
 *
 * @throws ConfigError when two releases would write the same objects
 */
export function readReleases({ root, project }: Workspace): ReleaseEntry[] {
  const files = findValues(join(root, project.releases)).sort();
  const entries = files.map((below) => {
    const id = below.split(sep).slice(0, -1).join('/') || '.';
    const file = `${project.releases}/${below.split(sep).join('/')}`;
    return { id, file, loaded: load({ root, project }, id, file) };
  });
  assertDistinct(entries);
  return entries;
}

/** Returns the releases of a workspace that a command works on: the one named, or all. */
export function selectReleases(entries: readonly ReleaseEntry[], name: string | undefined): ReleaseEntry[] {
  if (name === undefined) return [...entries];
  const found = entries.filter(({ id }) => id === name || id.endsWith(`/${name}`));
  if (found.length === 1) return found;
  const ids = (found.length === 0 ? entries : found).map(({ id }) => id).join(', ');
  throw new ConfigError(`Cannot find one release as ${name}: ${found.length} fit`, {
    code: 'cli/no-such-release',
    path: name,
    hint: ids === '' ? 'The workspace has no releases.' : `The releases are: ${ids}.`,
  });
}

function findValues(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => basename(path) === 'values.yaml');
}

function load({ root, project }: Workspace, id: string, file: string): LoadedValues | ConfigError {
  const name = id.slice(id.lastIndexOf('/') + 1);
  try {
    assertLabel(name, file);
    return loadValues(readText(join(root, file), file), { file, name, namespace: project.namespace });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function assertLabel(name: string, file: string): void {
  if (DnsLabel.safeParse(name).success) return;
  const reason = name === '.' ? 'it lies in no folder of its own' : `${JSON.stringify(name)} is no DNS label`;
  throw new ConfigError(`Cannot use the folder of ${file} as the name of a release: ${reason}`, {
    code: 'cli/release-name',
    path: file,
    hint: 'Name the folder with a-z, 0-9 and -, with a letter or digit at both ends, at most 63 characters.',
  });
}

function assertDistinct(entries: readonly ReleaseEntry[]): void {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { file, loaded } of entries) {
    if (loaded instanceof ConfigError) continue;
    const { name, namespace } = loaded.release.model;
    const other = first.get(`${namespace}/${name}`);
    first.set(`${namespace}/${name}`, other ?? file);
    if (other === undefined) continue;
    const message = `is the release ${name} in namespace ${namespace}, as ${other} is`;
    const hint = 'Give one of them another application.metadata.name or namespace.';
    problems.push({ file, path: 'application.metadata', message, hint });
  }
  if (problems.length === 0) return;
  throw new ConfigError('Cannot render two releases as one: they would write the same objects', {
    code: 'cli/same-release',
    path: problems[0]?.file ?? '',
    problems,
  });
}
