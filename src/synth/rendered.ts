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
  /** Undefined where the values could not be used: what was rendered before stays. */
  readonly release: ResolvedRelease | undefined;
}

/** What lies in a folder that sluice writes now. */
export interface RenderedFolder {
  /** Such as `rendered`, or of a chart `releases/reviews`. */
  readonly path: string;
  /** Returns the text of a file, or undefined where there is none. */
  read(path: string): string | undefined;
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
}

/**
 * Returns what it takes for the folder to hold exactly the manifests of these releases. Files that the inventory does
 * not name are nobody's business.
 *
 * @throws ConfigError when the inventory names a path outside the folder, or a person's file stands where one belongs
 */
export function planRendered(releases: readonly RenderedRelease[], folder: RenderedFolder): RenderedPlan {
  const known = listedIn(folder);
  const wanted = new Map<string, string | undefined>();
  for (const { id, file, release } of releases) {
    const path = `${id}/manifests.yaml`;
    if (release !== undefined) wanted.set(path, renderedText({ file, release }));
    else if (known.includes(path)) wanted.set(path, undefined);
  }
  const unlisted = [...wanted.keys()].filter((path) => !known.includes(path));
  refuseForeign(unlisted, folder);
  const gone = known.filter((path) => !wanted.has(path) && folder.read(`${folder.path}/${path}`) !== undefined);
  const manifests: FileChange[] = gone.map((path) => ({ path: `${folder.path}/${path}`, content: null }));
  for (const [path, content] of wanted) {
    const file = `${folder.path}/${path}`;
    if (content !== undefined && folder.read(file) !== content) manifests.push({ path: file, content });
  }
  return { manifests, listed: [...wanted.keys()] };
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

/** A file that the inventory does not name and that does not start as ours do is somebody's. */
function refuseForeign(paths: readonly string[], folder: RenderedFolder): void {
  const files = paths.map((path) => `${folder.path}/${path}`);
  const foreign = files.filter((file) => !(folder.read(file) ?? renderedHeader).startsWith(renderedHeader));
  if (foreign.length === 0) return;
  throw new ConfigError(`Cannot render to ${foreign.join(', ')} without overwriting: sluice did not write it`, {
    code: 'synth/foreign-file',
    path: foreign[0] ?? folder.path,
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
