import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { chartSource } from '../../src/cli/chart-source.js';
import { chartFiles } from '../../src/synth/chart/chart-files.js';
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
  const id = `${cell.environment.id}-${cell.strategy.id}`;
  const known = made.get(id) ?? written(cell, id);
  made.set(id, known);
  return known;
}

async function written(cell: Cell, id: string): Promise<string> {
  const files = new Map(chartFiles(chartSource(starterOf(cell).loaded)));
  files.delete('values.yaml');
  const folder = await mkdtemp(join(tmpdir(), `sluice-chart-${id}-`));
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
