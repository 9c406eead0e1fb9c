import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMatrixText, WrittenValues } from '../../src/sources/matrix-text.js';

/** With every value as JSON has it. */
function plain(parsed: unknown): unknown {
  return JSON.parse(JSON.stringify(parsed, (_, value) => (value instanceof WrittenValues ? [...value] : value)));
}

function areWritten(parsed: unknown): boolean {
  const { result } = (parsed as { data: { result: { values: unknown }[] } }).data;
  return result.every(({ values }) => values instanceof WrittenValues);
}

const time = fc.oneof(
  fc.integer({ min: 1, max: 4e9 }),
  fc.integer({ min: 1_000, max: 4e12 }).map((milliseconds) => milliseconds / 1000),
);
const word = fc.oneof(
  fc.constantFrom('NaN', '+Inf', '-Inf', '0', '1.5', '2e-05', '1.7976931348623157e+308', ''),
  fc.double().map(String),
);
const matrix = fc.record({
  status: fc.constant('success'),
  data: fc.record({
    resultType: fc.constant('matrix'),
    result: fc.array(
      fc.record({ metric: fc.dictionary(fc.string(), fc.string()), values: fc.array(fc.tuple(time, word)) }),
    ),
  }),
  warnings: fc.array(fc.string()),
});

test('parseMatrixText() returns what JSON.parse does, with values as text', () => {
  fc.assert(
    fc.property(matrix, (answer) => {
      const text = JSON.stringify(answer);
      const parsed = parseMatrixText(text);
      expect(plain(parsed)).toEqual(JSON.parse(text));
      expect(areWritten(parsed)).toBe(true);
    }),
  );
});

test('parseMatrixText() returns what JSON.parse does of any JSON', () => {
  const tree = fc.letrec((tie) => ({
    tree: fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('tree')),
      fc.dictionary(fc.constantFrom('values', 'x"values', 'data', 'result', 'status'), tie('tree')),
    ),
  })).tree;
  fc.assert(
    fc.property(tree, fc.constantFrom(undefined, 1), (value, space) => {
      const text = JSON.stringify(value, null, space);
      expect(plain(parseMatrixText(text))).toEqual(JSON.parse(text));
    }),
  );
});

const series = (values: string, more = '') => `{"data":{"result":[{"metric":{},"values":${values}${more}}]}}`;

test.each([
  ['a time below 1', series('[[0.5,"1"]]')],
  ['a time with an exponent', series('[[1e9,"1"]]')],
  ['a time before 1970', series('[[-5,"1"]]')],
  ['blanks', series('[ [5, "1"] ]')],
  ['a number that is no text', series('[[5,1]]')],
  ['three parts', series('[[5,"1","2"]]')],
  ['an escape', series('[[5,"\\u0031"]]')],
  ['a list that is not there', series('null')],
  ['two lists of values', series('[[5,"1"]]', ',"values":[[6,"2"]]')],
  ['values elsewhere', `{"values":[[5,"1"]],"data":{"result":[]}}`],
  ['a key that ends like it', `{"data":{"result":[{"x\\"values":[[5,"1"]],"values":[[6,"2"]]}]}}`],
  ['a number in place of a list', `{"data":{"result":[{"values":0},{"values":[[6,"2"]]}]}}`],
])('parseMatrixText() takes %s as JSON.parse does', (_, text) => {
  expect(plain(parseMatrixText(text))).toEqual(JSON.parse(text));
});

test.each([
  '',
  '{',
  series('[[5,"1"]'),
  series('[[5.,"1"]]'),
  series('[[05,"1"]]'),
  series('[[,"1"]]'),
  `${series('[]')}x`,
])('parseMatrixText() refuses %j, which is no JSON', (text) => {
  expect(() => parseMatrixText(text)).toThrow(SyntaxError);
});
