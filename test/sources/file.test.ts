import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { parseCsv } from '../../src/sources/file/csv.js';
import { openSource } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';
import { blocks, page } from '../docs/pages.js';
import { subjectOf } from './subject-of.js';

const v1 = subjectOf('reviews-v1');
const v2 = subjectOf('reviews-v2');
const request = { subjects: [v1, v2], interval: 60, firstEnd: 600, lastEnd: 720 };

/** Returns the source that reads a file of this name with this text. */
function sourceOf(name: string, text: string | undefined) {
  const root = mkdtempSync(join(tmpdir(), 'sluice-file-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  if (text !== undefined) writeFileSync(join(root, name), text);
  const { metrics } = loadProject(`metrics: {source: file, path: ${name}}\n`, 'sluice.yaml');
  if (metrics === undefined) throw new Error('no metrics');
  return openSource(metrics, { root });
}

const csv = `end,release,version,requests,errors,latencySum,upTo100,upTo250,heap
600,reviews,reviews-v1,100,1,2000.5,80,95,-12.5
600,reviews,reviews-v2,10,0,300,,,
1970-01-01T00:11:00Z,reviews,reviews-v1,0,0,0,,,
1970-01-01T01:12:00+01:00,,reviews-v2,5,,10,,,NaN
600,ratings,reviews-v1,7,7,7,7,7,7
`;

test.each([
  ['windows.csv', csv],
  ['windows.csv', `\ufeff${csv.replaceAll('\n', '\r\n')}`],
])('file reads the windows of each version from %s', async (name, text) => {
  const answer = await sourceOf(name, text).read({ ...request, bucketsOf: [v1], gaugesOf: { heap: [v1, v2] } });
  expect(answer.sample(v1, 600)).toEqual({
    requests: 100,
    errors: 1,
    latencySum: 2000.5,
    latencyBuckets: [
      { upTo: 100, requests: 80 },
      { upTo: 250, requests: 95 },
    ],
    gauges: { heap: -12.5 },
  });
  expect(answer.sample(v2, 600)).toEqual({ requests: 10, errors: 0, latencySum: 300 });
  expect(answer.sample(v1, 660)).toEqual({ missing: 'no requests', idle: true });
  expect(answer.sample(v2, 720)).toEqual({ missing: 'no errors in windows.csv:5' });
  expect(answer.sample(v1, 720)).toEqual({ missing: 'no row in windows.csv for this window', idle: true });
  expect(answer.warnings).toEqual([]);
});

test('file reads JSON', async () => {
  const rows = [
    {
      end: 600,
      version: 'reviews-v1',
      requests: 4,
      errors: 1,
      latencySum: 9,
      latencyBuckets: [{ upTo: 5, requests: 3 }],
    },
    {
      end: '1970-01-01T00:11:00Z',
      version: 'reviews-v1',
      requests: 4,
      errors: null,
      latencySum: 9,
      gauges: { heap: 2 },
    },
  ];
  const answer = await sourceOf('windows.json', JSON.stringify(rows)).read({ ...request, bucketsOf: [v1] });
  expect(answer.sample(v1, 600)).toMatchObject({ requests: 4, latencyBuckets: [{ upTo: 5, requests: 3 }] });
  expect(answer.sample(v1, 660)).toEqual({ missing: 'no errors in windows.json [1]' });
});

test('file says which metric nobody has written down', async () => {
  const answer = await sourceOf('windows.csv', csv).read({ ...request, gaugesOf: { heap: [v2], disk: [v1] } });
  expect(answer.sample(v1, 600)).toEqual({ missing: 'no metric disk in windows.csv' });
  expect(answer.sample(v2, 600)).toEqual({ requests: 10, errors: 0, latencySum: 300 });
});

test('file counts requests per second', async () => {
  const answer = await sourceOf('windows.csv', csv).read({ ...request, gaugesOf: { 'request-rate': [v2] } });
  expect(answer.sample(v2, 600)).toMatchObject({ gauges: { 'request-rate': 10 / 60 } });
  expect(answer.sample(v1, 600)).toEqual({ requests: 100, errors: 1, latencySum: 2000.5, gauges: { heap: -12.5 } });
});

test('file wants buckets where a percentile is limited', async () => {
  const answer = await sourceOf('windows.csv', csv).read({ ...request, bucketsOf: [v2] });
  expect(answer.sample(v2, 600)).toEqual({ missing: 'no buckets in windows.csv:3' });
});

test('file warns of windows that end between those that are asked for', async () => {
  const source = sourceOf('windows.csv', csv.replace(/^600/gm, '630'));
  expect((await source.read(request)).warnings).toEqual([
    'windows.csv:2: 3 windows do not end on multiples of 60 s and are left out',
  ]);
});

const header = 'end,version,requests,errors,latencySum';
test.each([
  ['windows.csv', 'a,b\n', 'windows.csv:1', 'there is no column end, version, requests, errors, latencySum'],
  ['windows.csv', '', 'windows.csv:1', 'there is no column end'],
  ['windows.csv', `${header}\n\n1,v1,1,1\n`, 'windows.csv:3', '4 cells for 5 columns'],
  ['windows.csv', `${header}\n,v1,1,1,1\n`, 'windows.csv:2', 'end is ""'],
  ['windows.csv', `${header}\n2026-11-21 17:00,v1,1,1,1\n`, 'windows.csv:2', 'end is "2026-11-21 17:00"'],
  ['windows.csv', `${header}\n60,,1,1,1\n`, 'windows.csv:2', 'it names no version'],
  ['windows.csv', `${header},heap\n60,v1,1,1,1,12MB\n`, 'windows.csv:2', 'heap is "12MB", which is no number'],
  ['windows.csv', `${header},heap,heap\n`, 'windows.csv:1', '"heap" is no name of a column, or that of two'],
  ['windows.csv', `${header},my heap\n`, 'windows.csv:1', '"my heap" is no name'],
  ['windows.csv', `${header}\n60,"v1,1,1,1\n`, 'windows.csv:2', 'a quote does not end'],
  ['windows.csv', `${header}\n60,v1,1,1,1\n60,v1,1,1,1\n`, 'windows.csv:3', 'windows.csv:2 and windows.csv:3'],
  ['windows.json', '[{]', 'windows.json', 'it is no JSON'],
  ['windows.json', '[{"end": 1}]', 'windows.json [0].version', 'expected string'],
  ['windows.json', '[{"end":1,"version":"a","requests":1,"errors":0,"latencySum":1,"x":1}]', 'windows.json [0]', '"x"'],
])('file refuses %s %j', async (name, text, path, message) => {
  const error = await sourceOf(name, text)
    .read(request)
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'SourceError', code: 'source/bad-file', path, hint: expect.any(String) });
  expect((error as Error).message).toContain(message);
});

test('file says that there is none', async () => {
  await expect(sourceOf('windows.csv', undefined).read(request)).rejects.toMatchObject({
    code: 'source/no-file',
    message: 'Cannot read the file of metrics: ENOENT',
  });
});

test('parseCsv() reads what is written with quotes, whatever it holds', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\u00e9') });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 4 });
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, end, ends) => {
      const written = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
      const records = parseCsv(written.join(end) + (ends && rows.length > 0 ? end : ''));
      const filled = rows.filter((cells) => cells.some((text) => text !== ''));
      expect('open' in records ? records : records.map(({ cells }) => cells)).toEqual(filled);
    }),
  );
});

test('file reads what docs/sources.md shows', async () => {
  const [shown] = blocks(page('docs/sources.md'), 'csv');
  const end = Date.parse('2026-11-21T17:22:00Z') / 1000;
  const asked = { subjects: [v1, v2], bucketsOf: [v1], interval: 60, firstEnd: end, lastEnd: end };
  const answer = await sourceOf('windows.csv', shown?.text).read(asked);
  expect(answer.sample(v1, end)).toMatchObject({ requests: 1200, errors: 3, gauges: { memory: 210_000_000 } });
  expect(answer.sample(v2, end)).toMatchObject({ requests: 60, errors: 4, latencySum: 1900 });
});
