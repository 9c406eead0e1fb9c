import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chartSource } from '../../src/cli/chart-source.js';
import { chartFiles } from '../../src/synth/chart/chart-files.js';
import { afterFile } from '../clean-up.js';
import { cells } from '../laws/accepted.js';
import type { Cell } from '../laws/releases.js';
import { starterOf } from './starters.js';

const made = new Map<string, Promise<string>>();

/**
 * Returns the folder of the chart for that environment and strategy, without values of its own: Helm would merge those
 * that are given into them. It is made once and lasts as long as the tests of the file.
 */
export function cellChart(cell: Cell): Promise<string> {
  return once(`${cell.environment.id}-${cell.strategy.id}`, async (folder) => {
    for (const [path, text] of chartFiles(chartSource(starterOf(cell).loaded))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
}

/** The cells that charts are made of. */
export const chartedCells = cells.filter(({ environment }) => environment.charts !== false);

/**
 * Returns the folder of the chart for every environment and strategy, without values of its own. It is what the package
 * holds; `npm run check:generated` makes sure that this is what the sources make.
 */
export function universalChart(): Promise<string> {
  return once('universal', (folder) => cp('charts/release', folder, { recursive: true }));
}

function once(id: string, make: (folder: string) => Promise<void>): Promise<string> {
  const known = made.get(id) ?? withoutValues(id, make);
  made.set(id, known);
  return known;
}

async function withoutValues(id: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `sluice-chart-${id}-`));
  afterFile(() => {
    made.delete(id);
    return rm(folder, { recursive: true });
  });
  await make(folder);
  await rm(join(folder, 'values.yaml'));
  return folder;
}
