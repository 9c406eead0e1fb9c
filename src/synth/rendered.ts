import { ConfigError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { isInside } from '../values/project.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { manifestsOf } from './manifests.js';
import { toYamlStream } from './yaml-writer.js';

/** A release of a workspace: its folder below `releases/` is its identity. */
export interface RenderedRelease {
  /** Such as `team/reviews`. */
  readonly id: string;
  /** The values file, for the note on top of the manifests. */
  readonly file: string;
  /** Undefined where the values cannot be used, or are not checked out: what was rendered before stays. */
  readonly release: ResolvedRelease | undefined;
}

/** What lies in a folder that sluice writes now. */
export interface RenderedFolder {
  /** Such as `rendered`, or of a chart `releases/reviews`. */
  readonly path: string;
  /** Returns the text of a file, or undefined where there is none. */
  read(path: string): string | undefined;
  /** The files of it that a sparse checkout leaves out; of these `read` may know the inventory alone. @default none */
  readonly leftOut?:
    | { has(path: string): boolean /** Whether the file says just that. */; holds(path: string, text: string): boolean }
    | undefined;
}

/** Whether a file of the folder says just that. */
export function isWritten({ read, leftOut }: RenderedFolder, path: string, text: string): boolean {
  return read(path) === text || leftOut?.holds(path, text) === true;
}

/** Returns where the manifests of a release are written. */
export function renderedFile(folder: string, id: string): string {
  return `${folder}/${id}/manifests.yaml`;
}

const renderedHeader = '# Rendered by sluice';

/** Returns the text of the manifests of a release. */
export function renderedText({ file, release }: { readonly file: string; readonly release: ResolvedRelease }): string {
  return `${renderedHeader} from ${file}; what is changed here is overwritten.\n${toYamlStream(manifestsOf(release))}`;
}

/** What of a folder of manifests is not as the values have it. */
export interface RenderedPlan {
  /** Files to write and to remove; those whose text is right already are not among them. */
  readonly manifests: readonly FileChange[];
  /** What the inventory names once all of them are carried out; relative to the folder. */
  readonly listed: readonly string[];
  /** Files that would be written if there were none of a person's in their place. */
  readonly foreign: readonly FileChange[];
}

/**
 * Returns what it takes for the folder to hold exactly the manifests of these releases. Files that the inventory does
 * not name are nobody's business. What a sparse checkout leaves out is never removed.
 *
 * @throws ConfigError when the inventory names a path outside the folder
 */
export function planRendered(releases: readonly RenderedRelease[], folder: RenderedFolder): RenderedPlan {
  const known = listedIn(folder);
  const wanted = new Map<string, string | undefined>();
  for (const { id, file, release } of releases) {
    const path = `${id}/manifests.yaml`;
    if (release !== undefined) wanted.set(path, renderedText({ file, release }));
    else if (known.includes(path)) wanted.set(path, undefined);
  }
  const others = known.filter((path) => !wanted.has(path));
  const gone = others.filter((path) => folder.read(`${folder.path}/${path}`) !== undefined);
  const unseen = others.filter((path) => folder.leftOut?.has(`${folder.path}/${path}`));
  const manifests: FileChange[] = gone.map((path) => ({ path: `${folder.path}/${path}`, content: null }));
  const foreign: FileChange[] = [];
  for (const [path, content] of wanted) {
    const file = `${folder.path}/${path}`;
    if (content === undefined || isWritten(folder, file, content)) continue;
    (isForeign(folder, file) ? foreign : manifests).push({ path: file, content });
  }
  const refused = foreign.map(({ path }) => path.slice(folder.path.length + 1));
  return { manifests, listed: [...wanted.keys(), ...unseen].filter((path) => !refused.includes(path)), foreign };
}

/**
 * Returns the paths that the inventory names, relative to the folder.
 *
 * @throws ConfigError when one leads out of the folder
 */
export function listedIn(folder: RenderedFolder): string[] {
  const file = `${folder.path}/${inventoryName}`;
  return parseInventory(folder.read(file) ?? '', file).map(({ path }) => path);
}

/** Returns the inventory that names these paths; undefined where it is there already, or would be new and empty. */
export function inventoryOf(folder: RenderedFolder, listed: Iterable<string>): FileChange | undefined {
  const path = `${folder.path}/${inventoryName}`;
  const lines = [...new Set(listed)].sort().map((each) => `${each}\n`);
  const content = inventoryHeader + lines.join('');
  const before = folder.read(path);
  return content === before || (before === undefined && lines.length === 0) ? undefined : { path, content };
}

/** Whether a file is somebody's: the inventory does not name it, and it does not start as ours do. */
export function isForeign(folder: RenderedFolder, file: string): boolean {
  const text = folder.read(file);
  if (text === undefined || text.startsWith(renderedHeader)) return false;
  return !listedIn(folder).includes(file.slice(folder.path.length + 1));
}

/** Returns the refusal to write over a file that is somebody's. */
export function foreignFile(file: string): ConfigError {
  return new ConfigError(`Cannot render to ${file} without overwriting: sluice did not write it`, {
    code: 'synth/foreign-file',
    path: file,
    hint: 'Move it away; a release renders to a folder of its own.',
  });
}

const inventoryHeader = '# The files that sluice writes in this folder, and removes when their release is gone.\n';

/** The list of what sluice wrote, in the folder of the manifests or of a chart. */
export const inventoryName = '.sluice-inventory';

/** A file that an inventory names. */
export interface InventoryEntry {
  readonly path: string;
  /** The SHA-256 of what sluice wrote, where the inventory says it. */
  readonly digest: string | undefined;
}

/**
 * Reads the text of an inventory: a path per line, with the SHA-256 of its file before it as `sha256sum` prints it.
 *
 * @throws ConfigError when a path leads out of the folder
 */
export function parseInventory(text: string, file: string): InventoryEntry[] {
  const lines = text.split(/\r?\n/).map((line, i) => {
    const [, digest, path = line] = /^([0-9a-f]{64}) {2}(.*)$/.exec(line) ?? [];
    return { path, digest, line: i + 1 };
  });
  const entries = lines.filter(({ path }) => path !== '' && !path.startsWith('#'));
  const problems = entries
    .filter(({ path }) => !isInside(path))
    .map(({ path, line }) => ({
      file,
      line,
      column: 1,
      path: '',
      message: `names a path outside its folder: ${JSON.stringify(path)}`,
      hint: 'Restore the file from Git; sluice alone writes it.',
    }));
  if (problems.length > 0) {
    throw new ConfigError(`Cannot use the inventory ${file} as it stands: a path leaves its folder`, {
      code: 'synth/inventory-path',
      path: file,
      problems,
    });
  }
  return entries.map(({ path, digest }) => ({ path, digest }));
}
