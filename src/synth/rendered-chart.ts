import { createHash } from 'node:crypto';
import { ConfigError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';
import { inventoryName, isWritten, parseInventory, type RenderedFolder } from './rendered.js';

/** The chart of a release as it should be; what a person writes, such as `values.yaml`, is no part of it. */
export interface ReleaseChart {
  /** One line that names all that the files follow from: they are made anew only where it changes. */
  readonly stamp: string;
  /** Returns the text of every file by its path in the chart. It may take seconds. */
  generate(): ReadonlyMap<string, string>;
}

/**
 * Returns what it takes for the folder of a release to hold its chart, and no file of a chart before it. Nothing is
 * generated where the inventory carries the stamp and every file is as the inventory has it. Files that it does not
 * name are nobody's business.
 *
 * @param chart undefined where the release is gone: then its chart is removed
 * @throws ConfigError when the inventory names a path outside the folder, or a person's file stands where one belongs
 */
export function planChart(chart: ReleaseChart | undefined, folder: RenderedFolder): FileChange[] {
  const inventory = `${folder.path}/${inventoryName}`;
  const before = folder.read(inventory);
  const known = new Map(parseInventory(before ?? '', inventory).map(({ path, digest }) => [path, digest]));
  if (chart !== undefined && before?.startsWith(header(chart)) && isIntact(known, folder)) return [];

  const files = chart?.generate() ?? new Map<string, string>();
  refuseForeign(files, known, folder);
  // Values that `sluice chart` once wrote are a person's where the chart lies around them.
  const gone = [...known.keys()].filter(
    (path) => !files.has(path) && path !== 'values.yaml' && textOf(folder, path) !== undefined,
  );
  const changed = [...files].filter(([path, text]) => !isWritten(folder, `${folder.path}/${path}`, text));
  const content = chart === undefined ? null : inventoryText(chart, files);
  return [
    ...gone.map((path) => ({ path: `${folder.path}/${path}`, content: null })),
    ...changed.map(([path, text]) => ({ path: `${folder.path}/${path}`, content: text })),
    ...(content === (before ?? null) ? [] : [{ path: inventory, content }]),
  ];
}

/**
 * Refuses to write a chart over what a person changed in it since, which nothing else may hold: without Git around the
 * folder, it would be lost.
 *
 * @param source the values file that the chart is made of, for the hint
 * @throws ConfigError naming each file that is neither what sluice wrote nor what it would write
 */
export function refuseEdited(files: ReadonlyMap<string, string>, folder: RenderedFolder, source: string): void {
  const inventory = `${folder.path}/${inventoryName}`;
  const known = parseInventory(folder.read(inventory) ?? '', inventory);
  const edited = known.filter(({ path, digest }) => {
    const text = textOf(folder, path);
    // Values that the chart is now made around are the person's, and stay.
    const kept = path === 'values.yaml' && !files.has(path);
    return text !== undefined && !kept && text !== files.get(path) && digestOf(text) !== digest;
  });
  if (edited.length === 0) return;
  const paths = edited.map(({ path }) => `${folder.path}/${path}`);
  const values = `${folder.path}/values.yaml`;
  const generated = paths.filter((path) => path !== values).join(', ');
  const hints = [
    ...(paths.includes(values) ? [`Bring the change into ${source}, or remove ${values}.`] : []),
    ...(generated === '' ? [] : [`Keep the change in a file of your own beside it, and remove ${generated}.`]),
  ];
  const current = 'it is not as sluice wrote it';
  throw new ConfigError(`Cannot write a chart to ${paths.join(', ')} without losing a change: ${current}`, {
    code: 'synth/edited-file',
    path: paths[0] ?? folder.path,
    hint: hints.join(' '),
  });
}

function textOf(folder: RenderedFolder, path: string): string | undefined {
  return folder.read(`${folder.path}/${path}`);
}

function isIntact(known: ReadonlyMap<string, string | undefined>, folder: RenderedFolder): boolean {
  if (known.size === 0) return false;
  return [...known].every(([path, digest]) => {
    const text = textOf(folder, path);
    return text !== undefined && digestOf(text) === digest;
  });
}

/** A file that the inventory does not name and that is not what would be written is somebody's. */
function refuseForeign(
  files: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, unknown>,
  folder: RenderedFolder,
): void {
  const foreign = [...files]
    .filter(([path, text]) => !known.has(path) && ![undefined, text].includes(textOf(folder, path)))
    .map(([path]) => `${folder.path}/${path}`);
  if (foreign.length === 0) return;
  throw new ConfigError(`Cannot write a chart to ${foreign.join(', ')} without overwriting: sluice did not write it`, {
    code: 'synth/foreign-file',
    path: foreign[0] ?? folder.path,
    hint: 'Move it away; with render: helm the folder of a release is its chart.',
  });
}

/** The digests are as `sha256sum --check` reads them. */
function inventoryText(chart: ReleaseChart, files: ReadonlyMap<string, string>): string {
  const lines = [...files].map(([path, text]) => `${digestOf(text)}  ${path}\n`);
  return header(chart) + lines.sort((a, b) => (a.slice(64) < b.slice(64) ? -1 : 1)).join('');
}

function header({ stamp }: ReleaseChart): string {
  return `# The files of this chart that sluice writes, and removes when their release is gone.\n# ${stamp}\n`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
