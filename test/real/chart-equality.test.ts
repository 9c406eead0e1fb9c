import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/release/json.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { loadValues } from '../../src/values/load.js';
import { sharedCases, sharedFolder } from '../iter8/cases.js';
import { cells } from '../laws/accepted.js';
import { type Cell, releasesOf, type WrittenValues } from '../laws/releases.js';
import { cellChart } from './cell-chart.js';
import { expectSameObjects, isAccepted } from './same-objects.js';
import { starterOf, starters } from './starters.js';
import { requireTools, tools } from './tools.js';
import { valuesChanges } from './values-changes.js';

/** Another seed tries other releases; the titles name it, so that a failure can be had again. */
const seed = Number(process.env.SLUICE_TEST_SEED ?? 20260601);

/** Releases of all cells together; more at night. */
const RELEASES = Number(process.env.SLUICE_CHART_RELEASES ?? 300);
const runs = Math.ceil(RELEASES / cells.length);

/** Milliseconds for a release and its change, on a busy machine; a failure is not made smaller for longer. */
const PER_RELEASE = 1_000;
const SMALLER_WITHIN = 20_000;

beforeAll(() => requireTools(['helm', 'helm4']));

describe.concurrent('the chart of a starter', () => {
  test.each(starters)('Helm 3 and 4 render $file as synth does', async ({ cell, loaded }) => {
    const chart = await cellChart(cell);
    await expectSameObjects(chart, loaded.text);
    await expectSameObjects(chart, loaded.text, { helm: tools.helm4 });
  });

  test.each(cells)('Helm 3 and 4 render the values inside the chart of $title', async (cell) => {
    const chart = await cellChart(cell);
    const { text } = starterOf(cell).loaded;
    const release = { name: 'another', namespace: 'elsewhere', own: true };
    await expectSameObjects(chart, text, release);
    await expectSameObjects(chart, text, { ...release, helm: tools.helm4 });
  });
});

/** A folder that is absent gives no case, and the title says so. */
const cases = sharedCases.length > 0 ? sharedCases.map(({ name }) => name) : [];

describe.concurrent(`the ${cases.length} cases of ${sharedFolder}`, () => {
  test.runIf(cases.length > 0).each(cases)('Helm renders %s as synth does', async (name) => {
    const text = readFileSync(join(sharedFolder, name, 'values.yaml'), 'utf8');
    const { release } = loadValues(text, { file: name, name: 'shop', namespace: 'floor' });
    await expectSameObjects(await cellChart(release), text);
  });

  test.runIf(cases.length === 0)(`none is tried: there is no ${sharedFolder}`, () => {
    expect(cases).toEqual([]);
  });
});

describe.concurrent(`the chart of a cell, with seed ${seed}`, () => {
  test.each(cells)(
    `$title: Helm renders ${runs} random releases, and each after a change`,
    async (cell) => {
      const chart = await cellChart(cell);
      await fc.assert(
        fc.asyncProperty(pairs(cell), async (pair) => {
          await Promise.all(pair.map((values) => expectSameObjects(chart, toYaml(values as Json))));
        }),
        {
          numRuns: runs,
          seed,
          interruptAfterTimeLimit: runs * PER_RELEASE + SMALLER_WITHIN,
          markInterruptAsFailure: true,
        },
      );
    },
    runs * PER_RELEASE * cells.length,
  );
});

/** A release, and what is left of it after a change in values, where that is accepted. */
function pairs(cell: Cell): fc.Arbitrary<readonly WrittenValues[]> {
  return fc
    .tuple(releasesOf(cell).filter(isAccepted), valuesChanges(cell))
    .map(([values, change]) => [values, change(values)].filter(isAccepted));
}
