import { expect, test } from 'vitest';
import { jsonFault } from '../../src/values/project/json-fault.js';

const long = `{\n  "k": "${'x'.repeat(60)}",\n`;

test.each<[string, string, { line: number; column: number }]>([
  ['a comma too many', `${long}  "a": 1,\n}`, { line: 4, column: 1 }],
  ['no comma', `${long}  "a": 1\n  "b": 2}`, { line: 4, column: 3 }],
  ['a word', `${long}  "a": yes,\n  "b": [1, 2, 3, 4, 5, 6]}`, { line: 3, column: 8 }],
  ['an end too early', `${long}  "a": [1,\n`, { line: 3, column: 11 }],
])('jsonFault() finds %s', (_, text, place) => {
  const { message, ...found } = jsonFault(text) ?? expect.fail('no fault');
  expect(found).toEqual(place);
  expect(message).not.toMatch(/position|\.\.\.|xx/);
});

test('jsonFault() finds nothing in JSON', () => {
  expect(jsonFault(`${long}"a": 1}`)).toBeUndefined();
});
