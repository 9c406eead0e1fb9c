import { join, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { chartFiles } from '../synth/chart/chart-files.js';
import { planChart, refuseEdited } from '../synth/rendered-chart.js';
import type { LoadedValues } from '../values/load.js';
import { lostNulls } from '../values/lost-nulls.js';
import { assertInstallable } from './assert-installable.js';
import { chartSource, stampOf } from './chart-source.js';
import type { OptionValues } from './command.js';
import { folderAt } from './folder-at.js';
import { exitCodes, type Io } from './io.js';
import { loadFile } from './load-file.js';
import { reportError, reportNotices } from './report-error.js';
import { openWorkspace, readReleases } from './workspace.js';
import { writeFiles } from './write-files.js';

/** One chart that is to be written. */
interface Order {
  readonly loaded: LoadedValues;
  /** The folder as the user calls it. */
  readonly folder: string;
  readonly maxVersions: number | undefined;
}

/** Writes the chart of one values file, or that of every release of the workspace. */
export async function chart(options: OptionValues, io: Io): Promise<number> {
  const { file, name, output } = options as Readonly<Record<string, string | undefined>>;
  const maxVersions = versionsOf(options.versions);
  const folder = outputOf(output);
  if (file !== undefined) {
    const loaded = await loadFile({ file, name }, io);
    reportNotices([...loaded.notices, ...lostNulls(loaded)], io.stderr);
    await writeChart({ loaded, folder, maxVersions }, io);
    return exitCodes.done;
  }
  if (name !== undefined) {
    throw new ConfigError('Cannot use --name as given: it belongs to --file', {
      code: 'cli/arguments',
      hint: 'Every release of the workspace gets a chart, under its own name; add -f values.yaml for one file.',
    });
  }
  return chartWorkspace({ folder, maxVersions }, io);
}

async function chartWorkspace({ folder, maxVersions }: Omit<Order, 'loaded'>, io: Io): Promise<number> {
  let code: number = exitCodes.done;
  for (const { id, loaded } of readReleases(openWorkspace(io.cwd))) {
    try {
      if (loaded instanceof ConfigError) throw loaded;
      reportNotices([...loaded.notices, ...lostNulls(loaded)], io.stderr);
      await writeChart({ loaded, folder: `${folder}/${id}`, maxVersions }, io);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      reportError(error, io.stderr);
      code = exitCodes.couldNotRun;
    }
  }
  return code;
}

async function writeChart({ loaded, folder, maxVersions }: Order, io: Io): Promise<void> {
  assertInstallable(loaded);
  const root = resolve(io.cwd, folder);
  const files = new Map(chartFiles(chartSource(loaded, maxVersions)));
  // Where the chart is made around its values, they are the user's and no file of ours.
  if (resolve(io.cwd, loaded.file) === join(root, 'values.yaml')) files.delete('values.yaml');
  const below = (path: string) => path.slice(folder.length + 1);
  const there = folderAt(io.cwd, folder);
  refuseEdited(files, there, loaded.file);
  const planned = planChart({ stamp: stampOf(files), generate: () => files }, there);
  const changes = planned.map(({ path, content }) => ({ path: below(path), content }));
  await writeFiles(root, changes);
  const count = changes.length === 1 ? '1 file' : `${changes.length} files`;
  io.stderr.write(`chart of ${loaded.release.model.name} in ${folder}/, ${count} changed\n`);
}

function outputOf(option: string | undefined): string {
  const folder = (option ?? '').replace(/(?<=[^/]|^\/)(?<!\/\/)\/+$/, '');
  if (folder !== '') return folder;
  const current = option === undefined ? 'missing' : 'empty';
  throw new ConfigError(`Cannot write a chart without a folder: --output is ${current}`, {
    code: 'cli/arguments',
    hint: 'Add --output DIR, such as -o charts; the folder is made.',
  });
}

function versionsOf(option: unknown): number | undefined {
  if (option === undefined) return undefined;
  if (/^[1-9][0-9]{0,2}$/.test(String(option))) return Number(option);
  throw new ConfigError(`Cannot make a chart for ${JSON.stringify(option)} versions: it is no number from 1 to 999`, {
    code: 'cli/arguments',
    hint: 'Add --versions 8, or leave it out for 4.',
  });
}
