import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/release/json.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import type { Cell, WrittenValues } from '../laws/releases.js';
import { cellChart, chartedCells as cells } from './cell-chart.js';
import { hardRelease, hardTexts } from './hard-releases.js';
import { expectSameObjects, isAcceptedText } from './same-objects.js';
import { starterOf } from './starters.js';
import { requireTools } from './tools.js';

beforeAll(() => requireTools(['helm']));

describe.concurrent('the chart of a cell', () => {
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

/** The strategies of an environment share the texts, as most of their charts is alike. */
function textsOf(cell: Cell): readonly string[] {
  const alike = cells.filter(({ environment }) => environment === cell.environment);
  const turn = alike.findIndex(({ strategy }) => strategy === cell.strategy);
  return hardTexts.filter((_, i) => i % alike.length === turn);
}

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

const cell = cells.find(({ title }) => title === 'istio x canary') as Cell;

/** Where any value may stand: such a text is refused, or is read as Helm reads it. */
describe.concurrent('values without quotes', () => {
  test.each(plain)('%j is read alike by Helm and by synth, or refused', async (scalar) => {
    const overlay = `  deployment: {spec: {template: {spec: {schedulerName: ${scalar}, args: [${scalar}]}}}}\n`;
    const values = `environment: istio\napplication:\n  strategy: canary\n${overlay}  versions:\n  - image: a:b\n`;
    if (isAcceptedText(values)) await expectSameObjects(await cellChart(cell), values);
  });

  test.each(plain)('%j as an annotation is read alike, or refused', async (scalar) => {
    const metadata = `  metadata: {annotations: {note: ${scalar}}}\n`;
    const values = `environment: istio\napplication:\n  strategy: canary\n${metadata}  versions:\n  - image: a:b\n`;
    if (isAcceptedText(values)) await expectSameObjects(await cellChart(cell), values);
  });
});
