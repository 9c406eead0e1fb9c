import { describe, expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import { gaugeIds, metricIds } from '../../src/release/evaluation.js';
import { defaultTelemetry, telemetries } from '../../src/sources/telemetry/registry.js';
import type { Telemetry } from '../../src/sources/telemetry/telemetry.js';
import { metricNames } from '../../src/values/metric-names.js';
import { loadProject } from '../../src/values/project.js';
import { blocks, inlineCode, page } from './pages.js';

const metrics = page('docs/metrics.md');

/** The cells of the rows of a table whose first one begins so. */
function rowsOf(first: string): string[][] {
  const lines = metrics.text.split('\n').filter((line) => line.startsWith('|'));
  const rows = lines.map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')));
  return rows.map((cells) => cells.slice(1, -1)).filter(([cell = '']) => cell.startsWith(first));
}

describe('docs/metrics.md', () => {
  test('names every metric and every name of Iter8', () => {
    expect(
      [...metricIds, ...gaugeIds, ...metricNames].filter((name) => !inlineCode(metrics.text).includes(name)),
    ).toEqual([]);
  });

  test('says who counts for every environment', () => {
    for (const environment of Object.keys(environments)) {
      const row = metrics.text.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${environment}\``));
      expect(row, environment).toContain(`\`${(defaultTelemetry as Record<string, string>)[environment]}\``);
    }
  });

  test.each(Object.entries<Telemetry>(telemetries))('has the counters of %s', (id, { generations }) => {
    const rows = rowsOf(`\`${id}\``).filter((cells) => cells.length === 5);
    for (const { requests, failed, durations } of generations) {
      const cells = [requests, failed, durations].map((text) => `\`${text}\``);
      expect(rows.map((row) => row.slice(1, 4))).toContainEqual(cells);
    }
  });

  test.each(Object.entries<Telemetry>(telemetries))('has the bounds of %s', (id, { buckets }) => {
    const row = metrics.text
      .split('\n')
      .find((line) => /^\| `[^|]*\| 0?\.?\d/.test(line) && line.includes(`\`${id}\``));
    const bounds = (row?.split('|')[2] ?? '').split(',').map((text) => text.trim());
    const known = bounds.at(-1) === '…' ? bounds.slice(0, -1) : bounds;
    expect(known).toEqual(buckets.slice(0, known.length).map(String));
    expect(known.length).toBe(bounds.at(-1) === '…' ? bounds.length - 1 : buckets.length);
  });

  test('has settings that sluice takes', () => {
    const settings = blocks(metrics, 'yaml').filter(({ text }) => text.startsWith('# sluice.yaml'));
    expect(settings).not.toEqual([]);
    for (const { text } of settings) expect(loadProject(text, 'sluice.yaml').metrics).toBeDefined();
  });
});
