import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/release/json.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { loadValues } from '../../src/values/load.js';
import { sharedCases, sharedFolder } from '../iter8/cases.js';
import { type Cell, releasesOf, type WrittenValues } from '../laws/releases.js';
import { cellChart, chartedCells as cells, universalChart } from './cell-chart.js';
import { hardRelease, hardTexts } from './hard-releases.js';
import { expectSameObjects, isAccepted, isAcceptedText } from './same-objects.js';
import { starterOf, starters } from './starters.js';
import { requireTools, tools } from './tools.js';
import { valuesChanges } from './values-changes.js';

/** Another seed tries other releases; the titles name it, so that a failure can be had again. */
const seed = Number(process.env.SLUICE_TEST_SEED ?? 20260601);

/** Releases of all cells together; more at night. */
const RELEASES = Number(process.env.SLUICE_CHART_RELEASES ?? 300);
const runs = Math.ceil(RELEASES / cells.length);

/** Releases of each cell that the chart of all cells is tried with. */
const UNIVERSAL_RUNS = Math.ceil(runs / 5);

/** Milliseconds for a release and its change, on a very busy machine; a failure is not made smaller for longer. */
const PER_RELEASE = 10_000;
const SMALLER_WITHIN = 20_000;

beforeAll(async () => {
  requireTools(['helm', 'helm4']);
  await universalChart();
});

describe.concurrent('the chart of a starter', () => {
  test.each(starters)(
    'Helm 3 and 4 render $file as synth does, and lint finds no fault',
    async ({ cell, file, loaded }) => {
      const chart = await cellChart(cell);
      await expectSameObjects(chart, loaded.text);
      await expectSameObjects(chart, loaded.text, { helm: tools.helm4 });
      expect(lint(chart, file)).toContain('1 chart(s) linted, 0 chart(s) failed');
    },
  );

  test.each(cells)('Helm 3 and 4 render the values inside the chart of $title', async (cell) => {
    const chart = await cellChart(cell);
    const { text } = starterOf(cell).loaded;
    const release = { name: 'another', namespace: 'elsewhere', own: true };
    await expectSameObjects(chart, text, release);
    await expectSameObjects(chart, text, { ...release, helm: tools.helm4 });
  });
});

describe.concurrent('a label or an annotation of a version that is empty', () => {
  test.each(cells)('stands in place of that of the application in the chart of $title', async (cell) => {
    const { application, ...rest } = parse(starterOf(cell).loaded.text) as WrittenValues;
    const [first, ...versions] = application.versions;
    const texts = (text: string) => ({ labels: { team: text }, annotations: { 'example.com/note': text } });
    const own = { ...first, metadata: { ...first?.metadata, ...texts('') } };
    const metadata = { ...(application.metadata as object | undefined), ...texts('shop') };
    const values = { ...rest, application: { ...application, metadata, versions: [own, ...versions] } };
    await expectSameObjects(await cellChart(cell), toYaml(values as Json));
  });
});

/** A folder that is absent gives no case, and the title says so. */
const cases = sharedCases.length > 0 ? sharedCases.map(({ name }) => name) : [];

describe.concurrent(`the ${cases.length} cases of ${sharedFolder}`, () => {
  test.each(cases)('Helm renders %s as synth does', async (name) => {
    const text = readFileSync(join(sharedFolder, name, 'values.yaml'), 'utf8');
    const { release } = loadValues(text, { file: name, name: 'shop', namespace: 'floor' });
    await expectSameObjects(await cellChart(release), text);
    await expectSameObjects(await universalChart(), text);
  });

  test(cases.length === 0 ? 'are absent, so that none is tried' : 'are there', () => {
    expect(existsSync(sharedFolder)).toBe(cases.length > 0);
  });
});

describe.concurrent('the chart of a starter with hosts', () => {
  const hosts = ['shop', 'shop.floor', 'shop.floor.svc', 'shop.floor.svc.cluster.local', 'a.example', 'a.example'];
  const forms = cells
    .filter(({ environment }) => environment.supports.includes('hosts'))
    .flatMap((cell) => ['Serverless', 'RawDeployment'].map((mode) => ({ cell, mode, title: `${cell.title}, ${mode}` })))
    .map((form) => ({ ...form, values: withHosts(form.cell, form.mode) }))
    .filter(({ values }) => isAccepted(values));

  test('is tried for every environment that takes hosts', () => {
    const able = cells.filter(({ environment }) => environment.supports.includes('hosts'));
    const tried = forms.map(({ cell }) => cell.environment);
    expect(new Set(tried)).toEqual(new Set(able.map(({ environment }) => environment)));
  });

  test.each(forms)('$title: Helm drops those that the mesh knows anyway, as synth does', async ({ cell, values }) => {
    await expectSameObjects(await cellChart(cell), toYaml(values as Json));
  });

  function withHosts(cell: Cell, deploymentMode: string): WrittenValues {
    const { environment, application } = parse(starterOf(cell).loaded.text) as WrittenValues;
    const mode = cell.environment.supports.includes('deployment-mode') && { deploymentMode };
    return { environment, application: { ...application, ...mode, hosts: hosts.map((name) => ({ name })) } };
  }
});

describe.concurrent('hard texts in the chart of a cell', () => {
  test.each(cells)('$title: Helm renders hard texts as synth does', async (cell) => {
    const chart = await cellChart(cell);
    const starter = parse(starterOf(cell).loaded.text) as WrittenValues;
    await Promise.all(
      textsOf(cell).map(async (text) => {
        const { values, places } = hardRelease(starter, text);
        expect(places, JSON.stringify(text)).toBeGreaterThanOrEqual(3);
        await expectSameObjects(chart, toYaml(values as Json));
      }),
    );
  });
});

/** Scalars without quotes; a person writes them so, and each parser has its own idea of them. */
const plain = [
  ...[
    'yes',
    'No',
    'on',
    'y',
    'null',
    '~',
    '',
    'true',
    '0o7',
    '007',
    '017',
    '0x1f',
    '0b101',
    '1e3',
    '1E+6',
    'e656',
    '1_000',
  ],
  ...['1000000', '10000000', '123456789012', '12:30:45', '2020-01-01', '.5', '1.0', '1.50', '+7', '-0', '.inf', '.nan'],
  ...['é', 'a b', '{{ .Values }}', 'a{{b}}', '%s', '\\n'],
];

const plainCell = cells.find(({ title }) => title === 'istio x canary') as Cell;

/** Where any value may stand: such a text is refused, or is read as Helm reads it. */
describe.concurrent('values without quotes', () => {
  test.each(plain)('%j is read alike by Helm and by synth, or refused', async (scalar) => {
    const overlay = `  deployment: {spec: {template: {spec: {schedulerName: ${scalar}, args: [${scalar}]}}}}\n`;
    const values = `environment: istio\napplication:\n  strategy: canary\n${overlay}  versions:\n  - image: a:b\n`;
    if (isAcceptedText(values)) await expectSameObjects(await cellChart(plainCell), values);
  });

  test.each(plain)('%j as an annotation is read alike, or refused', async (scalar) => {
    const metadata = `  metadata: {annotations: {note: ${scalar}}}\n`;
    const values = `environment: istio\napplication:\n  strategy: canary\n${metadata}  versions:\n  - image: a:b\n`;
    if (isAcceptedText(values)) await expectSameObjects(await cellChart(plainCell), values);
  });
});

describe.concurrent(`the chart of a cell, with seed ${seed}`, () => {
  test.each(cells)(
    `$title: Helm renders ${runs} random releases, and each after a change`,
    async (cell) => expectSameReleases(await cellChart(cell), cell, runs),
    runs * PER_RELEASE * cells.length,
  );
});

describe.concurrent(`the chart of every cell, with seed ${seed}`, () => {
  test.each(cells)(
    `$title: Helm renders ${UNIVERSAL_RUNS} random releases, and each after a change`,
    async (cell) => expectSameReleases(await universalChart(), cell, UNIVERSAL_RUNS),
    runs * PER_RELEASE * cells.length,
  );
});

/** The strategies of an environment share the texts, as most of their charts is alike. */
function textsOf(cell: Cell): readonly string[] {
  const alike = cells.filter(({ environment }) => environment === cell.environment);
  const turn = alike.findIndex(({ strategy }) => strategy === cell.strategy);
  return hardTexts.filter((_, i) => i % alike.length === turn);
}

async function expectSameReleases(chart: string, cell: Cell, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(pairs(cell), async (pair) => {
      await Promise.all(pair.map((values) => expectSameObjects(chart, toYaml(values as Json))));
    }),
    {
      numRuns,
      seed,
      // The processes of the concurrent tests wait for one another.
      interruptAfterTimeLimit: runs * PER_RELEASE + SMALLER_WITHIN,
      markInterruptAsFailure: true,
    },
  );
}

/** A release, and what is left of it after a change in values, where that is accepted. */
function pairs(cell: Cell): fc.Arbitrary<readonly WrittenValues[]> {
  return fc
    .tuple(releasesOf(cell).filter(isAccepted), valuesChanges(cell))
    .map(([values, change]) => [values, ...[change(values)].filter(isAccepted)]);
}

function lint(chart: string, starter: string): string {
  return execFileSync(tools.helm, ['lint', '--strict', chart, '-f', `templates/values/${starter}`], {
    encoding: 'utf8',
  });
}
