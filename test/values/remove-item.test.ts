import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { removeItem } from '../../src/values/remove-item.js';

const file = 'values.yaml';

describe('removeItem()', () => {
  it.each([
    ['the first', 'a:\n- x: 1 # one\n  y: 2\n# two\n- x: 2\nb: 1\n', 0, 'a:\n# two\n- x: 2\nb: 1\n'],
    ['the middle', 'a:\n  - 1\n  - {x: 2}\n  - 3\n', 1, 'a:\n  - 1\n  - 3\n'],
    ['the last, without an end', 'a:\r\n- 1\r\n- x:\r\n    y: 2', 1, 'a:\r\n- 1'],
    ['the first of a line', 'a: [1, 2, 3] # c\n', 0, 'a: [2, 3] # c\n'],
    ['the last of a line', 'a: [1, {x: 2}] # c\n', 1, 'a: [1] # c\n'],
  ])('removes %s', (_, before, index, after) => {
    expect(removeItem(before, ['a'], { index, file })).toBe(after);
  });

  it.each([
    ['the only one', 'a: [1]\n', /is the only one/],
    ['one that shares its line', '- - 1\n  - 2\n', /shares its line/],
    ['one behind an alias', 'b: &a [1, 2]\na: *a\n', /is an alias/],
  ])('refuses %s', (_, text, message) => {
    expect(() => removeItem(text, text.startsWith('-') ? [0] : ['a'], { index: 0, file })).toThrow(message);
  });

  it('leaves the other items as they are, however they are written', () => {
    const item = fc.oneof(fc.integer(), fc.record({ x: fc.integer(), y: fc.array(fc.string()) }));
    const lists = fc.tuple(fc.array(item, { minLength: 2, maxLength: 5 }), fc.nat(), fc.constantFrom('block', 'flow'));
    fc.assert(
      fc.property(lists, ([items, at, style]) => {
        const index = at % items.length;
        const text = style === 'flow' ? `a: ${JSON.stringify(items)}\nb: 1\n` : stringify({ a: items, b: 1 });
        const rest = items.filter((_, position) => position !== index);
        expect(parse(removeItem(text, ['a'], { index, file }))).toEqual({ a: rest, b: 1 });
      }),
    );
  });
});
