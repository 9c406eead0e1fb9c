import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { chartParts, chartSource, packageFacts } from '../../src/cli/chart-source.js';
import { strategies } from '../../src/strategies/registry.js';
import { chartFiles, defaultMaxVersions } from '../../src/synth/chart/chart-files.js';
import { chartedEnvironments } from '../../src/synth/chart/charted-environments.js';
import { cells } from '../laws/accepted.js';
import type { Cell } from '../laws/releases.js';
import { starterOf } from './starters.js';

const made = new Map<string, Promise<string>>();

afterAll(async () => {
  const folders = await Promise.allSettled(made.values());
  for (const folder of folders) {
    if (folder.status === 'fulfilled') await rm(folder.value, { recursive: true });
  }
});

/**
 * Returns the folder of the chart for that environment and strategy, without values of its own: Helm would merge those
 * that are given into them. It is made once and lasts as long as the tests of the file.
 */
export function cellChart(cell: Cell): Promise<string> {
  return once(`${cell.environment.id}-${cell.strategy.id}`, () => {
    const files = new Map(chartFiles(chartSource(starterOf(cell).loaded)));
    files.delete('values.yaml');
    return files;
  });
}

/** The cells that charts are made of. */
export const chartedCells = cells.filter(({ environment }) => environment.charts !== false);

/** Returns the folder of the chart for every environment and strategy, which has no values of its own. */
export function universalChart(): Promise<string> {
  return once('universal', () =>
    chartFiles({
      name: 'release',
      values: '',
      environments: chartedEnvironments,
      strategies: Object.values(strategies),
      maxVersions: defaultMaxVersions,
      parts: chartParts(),
      facts: packageFacts(),
      usage: { by: 'git' },
    }),
  );
}

function once(id: string, generate: () => ReadonlyMap<string, string>): Promise<string> {
  const known = made.get(id) ?? written(generate(), id);
  made.set(id, known);
  return known;
}

async function written(files: ReadonlyMap<string, string>, id: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `sluice-chart-${id}-`));
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
