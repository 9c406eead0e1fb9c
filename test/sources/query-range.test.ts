import { expect, test } from 'vitest';
import { endpoint } from '../../src/sources/endpoint.js';
import { queryRange, rangePath } from '../../src/sources/query-range.js';
import { withTimeLimit } from '../../src/sources/time-limit.js';
import { sendJson, startServer } from './answer-server.js';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Asks for so many minutes of a server that has `of` for a range of them; returns the answer, and what was asked. */
async function asked(minutes: number, of: (range: Range) => { status?: number; result: unknown; warnings?: string[] }) {
  const ranges: Range[] = [];
  const url = await startServer(({ form }, response) => {
    const range = { start: Number(form.get('start')), end: Number(form.get('end')) };
    ranges.push(range);
    const { status = 200, result, warnings } = of(range);
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result }, warnings }, status);
  });
  const target = endpoint(url, rangePath);
  const windows = { interval: 60, firstEnd: 60, lastEnd: minutes * 60 };
  const answer = await withTimeLimit(target, 10, (limit) =>
    queryRange(target, { query: 'up', ...windows }, { fetch, limit, random: () => 0 }),
  ).catch((error: unknown) => error);
  return { answer, ranges: ranges.sort((a, b) => a.start - b.start) };
}

test('queryRange() asks for at most 11,000 points at once, and for each once', async () => {
  const { ranges } = await asked(25_000, () => ({ result: [] }));
  expect(ranges).toEqual([
    { start: 60, end: 11_000 * 60 },
    { start: 11_001 * 60, end: 22_000 * 60 },
    { start: 22_001 * 60, end: 25_000 * 60 },
  ]);
  expect((await asked(11_000, () => ({ result: [] }))).ranges).toHaveLength(1);
});

test('queryRange() joins the parts of a series, whatever the order of its labels, and says each warning once', async () => {
  const { answer } = await asked(12_000, ({ start, end }) => {
    const early = start === 60;
    const labels = early ? { a: '1', b: '2' } : { b: '2', a: '1' };
    const values = [
      [start, '1'],
      [end, '2'],
    ];
    const other = early ? [] : [{ metric: { a: '9' }, values: [[end, '3']] }];
    return { result: [...other, { metric: labels, values }], warnings: ['partial response', early ? 'a' : 'b'] };
  });
  expect(answer).toMatchObject({
    data: {
      result: [
        {
          metric: { a: '1', b: '2' },
          values: [
            [60, '1'],
            [660_000, '2'],
            [660_060, '1'],
            [720_000, '2'],
          ],
        },
        { metric: { a: '9' }, values: [[720_000, '3']] },
      ],
    },
    warnings: ['partial response', 'a', 'b'],
  });
});

test('queryRange() has no answer where a part of it fails', async () => {
  const { answer } = await asked(12_000, ({ start }) => ({ status: start === 60 ? 200 : 400, result: [] }));
  expect(answer).toMatchObject({ name: 'SourceError', code: 'source/http-status' });
});

test('queryRange() leaves two series of the same labels two', async () => {
  const { answer } = await asked(12_000, ({ end }) => ({
    result: [1, 2].map(() => ({ metric: { a: '1' }, values: [[end, '1']] })),
  }));
  expect(answer).toMatchObject({ data: { result: [{}, {}] } });
});
