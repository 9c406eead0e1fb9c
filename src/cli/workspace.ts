import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../errors.js';
import type { LeftOut } from '../gitops/not-checked-out.js';
import { setAsideHint } from '../gitops/repository.js';
import { nameHint, ServiceName } from '../values/dns-label.js';
import { type LoadedValues, loadValues } from '../values/load.js';
import type { ReadBeside } from '../values/project/canary-layer.js';
import { defaultProject, loadProject, type Project } from '../values/project.js';
import { parseSourceText } from '../values/source-text.js';
import { type Found, findFiles } from './find-files.js';
import { obstacleTo } from './obstacle.js';
import { readTextInside, readTextInsideIfThere } from './read-inside.js';

/** The file with the settings of a workspace. */
export const projectFile = 'sluice.yaml';

/** A folder with releases, and its settings. */
export interface Workspace {
  /** Absolute. */
  readonly root: string;
  readonly project: Project;
  /** What a sparse checkout leaves out, from the root. @default nothing */
  readonly leftOut?: LeftOut | undefined;
  /** Files that differ from HEAD, from the root; a release among them is not used. @default not looked at */
  readonly dirty?: ReadonlySet<string>;
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
  const text = readTextInsideIfThere(root, projectFile);
  const project = text === undefined ? defaultProject : loadProject(text, projectFile, besideIn(root));
  for (const folder of [project.releases, project.rendered]) assertInside(root, folder);
  return { root, project };
}

/** Returns the canary configs that the sluice.yaml of a folder names, as paths from there. */
export function canaryConfigsIn(root: string): readonly string[] {
  const text = readTextInsideIfThere(root, projectFile);
  return text === undefined ? [] : loadProject(text, projectFile).canaryConfigs;
}

/** Reads what a sluice.yaml names beside itself. */
function besideIn(root: string): ReadBeside {
  return (file) => (existsSync(join(root, file)) ? { text: readTextInside(root, file), file } : undefined);
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
 * @throws ConfigError when there is no folder of releases: an empty one is no reason to remove what is rendered
 */
export function readReleases(workspace: Workspace): ReleaseEntry[] {
  const entries = findReleases(workspace).map((found) => entryOf(workspace, found));
  return refuseCollisions(workspace.project.render === 'helm' ? refuseNested(entries) : entries);
}

/**
 * Reads one release by its id or the end of it, and looks into no other one: whether another one writes the same objects
 * is not found out.
 */
export function readRelease(workspace: Workspace, name: string): ReleaseEntry | undefined {
  const [found] = selectReleases(findReleases(workspace), name);
  return found && entryOf(workspace, found);
}

/** A values file that was found and not read yet. */
interface FoundRelease extends Found {
  readonly id: string;
}

/** Returns the releases that the repository has and a sparse checkout leaves out. */
export function releasesLeftOut({ project, leftOut }: Workspace): Pick<ReleaseEntry, 'id' | 'file'>[] {
  return valuesAmong(leftOut?.paths ?? [], project);
}

function valuesAmong(paths: Iterable<string>, { releases }: Project): Pick<ReleaseEntry, 'id' | 'file'>[] {
  const [start, end] = [`${releases}/`, `/${valuesFile}`];
  const files = [...paths].filter((path) => path.startsWith(start) && path.endsWith(end));
  return files.map((file) => ({ id: file.slice(start.length, -end.length), file }));
}

function findReleases({ root, project, leftOut, dirty = new Set() }: Workspace): FoundRelease[] {
  const found = findFiles(root, project.releases, {
    name: valuesFile,
    isSparse: leftOut !== undefined && leftOut.size > 0,
  });
  const there = found.map((each) => ({ ...each, id: each.path.split('/').slice(0, -1).join('/') || '.' }));
  const ids = new Set(there.map(({ id }) => id));
  // What a person has removed and not committed is not gone yet.
  const removed = valuesAmong(dirty, project).filter(({ id }) => !ids.has(id));
  if (removed.length === 0) return there;
  return [...there, ...removed.map(({ id }) => ({ id, path: `${id}/${valuesFile}` }))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

function entryOf(workspace: Workspace, { id, path, obstacle }: FoundRelease): ReleaseEntry {
  const file = `${workspace.project.releases}/${path}`;
  if (obstacle !== undefined) return { id, file, loaded: notGoneInto(file, obstacle) };
  const dirty = ownFiles
    .map((name) => file.slice(0, -valuesFile.length) + name)
    .filter((each) => workspace.dirty?.has(each));
  return { id, file, loaded: dirty.length > 0 ? uncommitted(file, dirty) : load(workspace, id, file) };
}

/** What is decided rests on what is committed, so that others can tell from what. */
function uncommitted(file: string, dirty: readonly string[]): ConfigError {
  const differ = dirty.length === 1 ? 'differs' : 'differ';
  return new ConfigError(`Cannot use ${file} as a release that is committed: ${dirty.join(', ')} ${differ} from HEAD`, {
    code: 'git/dirty',
    path: file,
    hint: setAsideHint,
  });
}

/**
 * Returns the releases that are gone but for what sluice wrote beside their values, in the order of their ids.
 *
 * @param inventory the name of the file that lists it
 */
export function findGone({ root, project, leftOut, dirty }: Workspace, inventory: string): string[] {
  const search = { name: inventory, isSparse: leftOut !== undefined && leftOut.size > 0 };
  const files = findFiles(root, project.releases, search).filter(({ obstacle }) => obstacle === undefined);
  const ids = files.map(({ path }) => path.split('/').slice(0, -1).join('/')).filter((id) => id !== '');
  const valuesOf = (id: string) => `${project.releases}/${id}/${valuesFile}`;
  const isThere = (file: string) => existsSync(join(root, file)) || leftOut?.has(file) || dirty?.has(file);
  return ids.filter((id) => !isThere(valuesOf(id)));
}

/** Returns the releases of a workspace that a command works on: the one named, by its id or the end of it, or all. */
export function selectReleases<Entry extends Pick<ReleaseEntry, 'id'>>(
  entries: readonly Entry[],
  name: string | undefined,
): Entry[] {
  if (name === undefined) return [...entries];
  const exact = entries.filter(({ id }) => id === name);
  const found = exact.length === 1 ? exact : entries.filter(({ id }) => id.endsWith(`/${name}`));
  if (found.length === 1) return found;
  const current = found.length === 0 ? 'no release is called that' : `${found.length} are called that`;
  const ids = (found.length === 0 ? entries : found).map(({ id }) => id).join(', ');
  throw new ConfigError(`Cannot find the release ${name}: ${current}`, {
    code: 'cli/no-such-release',
    path: name,
    hint: ids === '' ? 'The workspace has no releases.' : `The releases are: ${ids}.`,
  });
}

/** What the values of a release are called, in a folder of its own. */
export const valuesFile = 'values.yaml';

/** What a release is decided on by. */
const ownFiles = [valuesFile, 'status.yaml', 'ledger.jsonl'];

function notGoneInto(file: string, obstacle: string): ConfigError {
  return new ConfigError(`Cannot read ${file} as the values of a release: ${obstacle}`, {
    code: 'cli/obstacle',
    path: file,
    hint: 'Make it a folder of its own that can be read.',
  });
}

function load({ root, project }: Workspace, id: string, file: string): LoadedValues | ConfigError {
  const name = id.slice(id.lastIndexOf('/') + 1);
  try {
    assertLabel(name, file);
    const { namespace, analyses } = project;
    return loadValues(readTextInside(root, file), { file, name, namespace, analyses });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function assertLabel(name: string, file: string): void {
  if (ServiceName.safeParse(name).success) return;
  const reason = name === '.' ? 'it lies in no folder of its own' : `${JSON.stringify(name)} is no DNS label`;
  throw new ConfigError(`Cannot use the folder of ${file} as the name of a release: ${reason}`, {
    code: 'cli/release-name',
    path: file,
    hint: `Rename the folder. ${nameHint}`,
  });
}

/** A chart cannot hold another one: Helm would take a folder below it for a part of it. */
function refuseNested(entries: readonly ReleaseEntry[]): ReleaseEntry[] {
  const ids = new Set(entries.map(({ id }) => id));
  return entries.map((entry) => {
    const outer = foldersAbove(entry.id).find((folder) => ids.has(folder));
    if (outer === undefined) return entry;
    const loaded = new ConfigError(`Cannot use the folder of ${entry.file} as a chart: it lies in that of ${outer}`, {
      code: 'cli/nested-chart',
      path: entry.file,
      hint: 'Move it to a folder of its own; render: manifests can do with the one that it has.',
    });
    return { ...entry, loaded };
  });
}

function foldersAbove(id: string): string[] {
  const parts = id.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** A release that would write an object of another one is broken; the other one, which came first, is not. */
function refuseCollisions(entries: readonly ReleaseEntry[]): ReleaseEntry[] {
  const owners = new Map<string, string>();
  return entries.map((entry) => {
    const { file, loaded } = entry;
    if (loaded instanceof ConfigError) return entry;
    const { name, namespace, versions } = loaded.release.model;
    const generated = versions.filter((version) => version.external === undefined);
    const objects = new Set([
      `${namespace}/${name}`,
      ...generated.flatMap((version) => [
        `${version.namespace}/${version.instance}`,
        `${version.address.namespace}/${version.address.service}`,
      ]),
    ]);
    const taken = [...objects].find((each) => owners.has(each));
    if (taken !== undefined) return { ...entry, loaded: collision(loaded, taken, owners.get(taken)) };
    for (const each of objects) owners.set(each, file);
    return entry;
  });
}

function collision({ file, text }: LoadedValues, object: string, owner: string | undefined): ConfigError {
  const message = `would write objects called ${object}, as ${owner} does`;
  const hint = 'Give the release or its versions other names, or another application.metadata.namespace.';
  return new ConfigError(`Cannot render ${file} beside ${owner}: both write objects called ${object}`, {
    code: 'cli/same-object',
    path: file,
    problems: [parseSourceText(text, file).problem(['application'], message, { hint })],
  });
}
