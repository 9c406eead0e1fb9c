import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageOf } from '../../src/cli/status/age.js';
import { columnsOf, pad, shorten, tableLines, wrapText } from '../../src/cli/status/columns.js';
import { spark } from '../../src/cli/status/spark.js';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '断', 'ｗ', '한', '🚀', '👍🏽', 'e\u0301', ' ', '…', 'ß') });

test.each([
  ['reviews', 7],
  ['断片', 4],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['e\u0301', 1],
  ['🚀', 2],
  ['20 % → 35 %', 11],
  ['▁▂█·…', 5],
])('columnsOf() says how many columns %s takes', (word, columns) => {
  expect(columnsOf(word)).toBe(columns);
});

test('shorten() never goes beyond the columns, and leaves alone what fits', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 12 }), (word, columns) => {
      const short = shorten(word, columns);
      expect(columnsOf(short)).toBeLessThanOrEqual(columns);
      if (columnsOf(word) <= columns) expect(short).toBe(word);
    }),
  );
});

test('wrapText() keeps every character but spaces, and goes beyond no edge', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 12 }), (sentence, columns) => {
      const lines = wrapText(sentence, columns);
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      expect(lines.join('').replaceAll(' ', '')).toBe(sentence.replaceAll(' ', ''));
    }),
  );
});

test('pad() fills up to the columns', () => {
  expect(pad('断', 4)).toBe('断  ');
  expect(pad('reviews', 3)).toBe('reviews');
});

test('tableLines() shortens the flexible columns in their order, and gives up where that is not enough', () => {
  const rows = [[{ text: 'reviews' }, { text: 'a long verdict' }, { text: 'what comes next' }]];
  const lines = (columns: number) => {
    const found = tableLines(rows, {
      columns,
      flexible: [
        [2, 6],
        [1, 6],
      ],
    });
    return found?.map((line) => line.map((span) => span.text).join(''));
  };
  expect(lines(80)).toEqual(['reviews  a long verdict  what comes next']);
  expect(lines(34)).toEqual(['reviews  a long verdict  what com…']);
  expect(lines(24)).toEqual(['reviews  a long…  what …']);
  expect(lines(20)).toBeUndefined();
});

test('spark() goes from 0 to the top, shows what is missing, and lifts what is small off the ground', () => {
  expect(spark([0, 0.001, 0.5, 1, undefined], 1, 24)).toBe('▁▂▅█·');
  expect(spark([0, 0], 0, 24)).toBe('▁▁');
  expect(spark([], 1, 24)).toBe('');
});

test('spark() puts values together where there are too many', () => {
  const line = spark(
    Array.from({ length: 1440 }, (_, i) => (i < 720 ? 0 : 1)),
    1,
    24,
  );
  expect(line).toBe('▁'.repeat(12) + '█'.repeat(12));
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [7199, '1 h'],
  [3 * 86_400, '3 d'],
  [-30, '0 s'],
])('ageOf() says how long %i seconds are', (seconds, age) => {
  expect(ageOf('2026-11-21T12:00:00Z', Date.parse('2026-11-21T12:00:00Z') / 1000 + seconds)).toBe(age);
});

test('ageOf() says nothing of what is no time', () => {
  expect(ageOf(undefined, 0) + ageOf('yesterday', 0)).toBe('');
});
