import { describe, expect, it } from 'vitest';
import { type Case, differingLines, edited, firstWeight, versionName, weight } from './edits.js';

const insertions: readonly Case[] = [
  {
    behaviour: 'adds after the last scalar on one line',
    before: 'a: 1 # c\nb: {c: 1}\n',
    edit: weight,
    after: 'a: 1 # c\nweight: 20\nb: {c: 1}\n',
  },
  {
    behaviour: 'adds after an alias on one line',
    before: 'a: &a [1]\nb: *a\nc:\n  d: 1\n',
    edit: weight,
    after: 'a: &a [1]\nb: *a\nweight: 20\nc:\n  d: 1\n',
  },
  {
    behaviour: 'adds below the comments of the pair before it',
    before: 'a: 1\n  # of a\n# of b\nb: {}\n',
    edit: weight,
    after: 'a: 1\n  # of a\nweight: 20\n# of b\nb: {}\n',
  },
  {
    behaviour: 'adds after a map that has no scalar',
    before: 'a:\n  b:\n    c: 1 # c\n    # of c\n\n# end\n',
    edit: weight,
    after: 'a:\n  b:\n    c: 1 # c\n    # of c\nweight: 20\n\n# end\n',
  },
  { behaviour: 'adds after a list', before: 'a:\n- 1\n-\n', edit: weight, after: 'a:\n- 1\n-\nweight: 20\n' },
  {
    behaviour: 'adds after a literal block',
    before: 'a: |\n  x\n\n# end\n',
    edit: weight,
    after: 'a: |\n  x\nweight: 20\n\n# end\n',
  },
  {
    behaviour: 'adds after a literal block that keeps its line breaks',
    before: 'a: |+\n  x\n\n# end\n',
    edit: weight,
    after: 'a: |+\n  x\n\nweight: 20\n# end\n',
  },
  {
    behaviour: 'adds after a literal block that ends the text',
    before: 'a: |\r\n  x',
    edit: weight,
    after: 'a: |\r\n  x\r\nweight: 20',
  },
  {
    behaviour: 'adds after a string over several lines',
    before: 'a: "x\n  y"\n',
    edit: weight,
    after: 'a: "x\n  y"\nweight: 20\n',
  },
  {
    behaviour: 'adds after a text without a final newline',
    before: 'b: 1\na: 1',
    edit: weight,
    after: 'b: 1\na: 1\nweight: 20',
  },
  { behaviour: 'adds with CRLF', before: 'a: 1\r\nb: {}\r\n', edit: weight, after: 'a: 1\r\nweight: 20\r\nb: {}\r\n' },
  {
    behaviour: 'adds before the end of the document',
    before: '---\na: {}\n...\n',
    edit: weight,
    after: '---\na: {}\nweight: 20\n...\n',
  },
  {
    behaviour: 'adds to an item of a list that is not indented',
    before: 'v:\n- name: a\n- name: b\n',
    edit: firstWeight,
    after: 'v:\n- name: a\n  weight: 20\n- name: b\n',
  },
  {
    behaviour: 'adds to an item of an indented list',
    before: 'v:\n    -   name: a\n    -   name: b\n',
    edit: firstWeight,
    after: 'v:\n    -   name: a\n        weight: 20\n    -   name: b\n',
  },
  {
    behaviour: 'adds to an item below its dash',
    before: 'v:\n-\n   name: a\n',
    edit: firstWeight,
    after: 'v:\n-\n   name: a\n   weight: 20\n',
  },
  {
    behaviour: 'adds after an empty value',
    before: 'v:\n- name: # none\n',
    edit: firstWeight,
    after: 'v:\n- name: # none\n  weight: 20\n',
  },
  {
    behaviour: 'adds to an item whose first value is a flow map',
    before: 'v:\n- metadata: {name: a}\n- b\n',
    edit: firstWeight,
    after: 'v:\n- metadata: {name: a}\n  weight: 20\n- b\n',
  },
  {
    behaviour: 'adds to a flow map',
    before: 'v:\n- {name: a} # c\n',
    edit: firstWeight,
    after: 'v:\n- {name: a, weight: 20} # c\n',
  },
  {
    behaviour: 'adds before the last comma of a flow map',
    before: 'v: [{name: a,}]\n',
    edit: firstWeight,
    after: 'v: [{name: a, weight: 20,}]\n',
  },
  {
    behaviour: 'adds to a flow map over several lines',
    before: 'v:\n- {\n  name: a # c\n  }\n',
    edit: firstWeight,
    after: 'v:\n- {\n  name: a, weight: 20 # c\n  }\n',
  },
  {
    behaviour: 'adds after a flow key without a value',
    before: 'v: [{name}, {b: }]\n',
    edit: firstWeight,
    after: 'v: [{name, weight: 20}, {b: }]\n',
  },
  {
    behaviour: 'adds after an empty value in a flow map',
    before: 'v: [{name: }]\n',
    edit: firstWeight,
    after: 'v: [{name:, weight: 20 }]\n',
  },
  {
    behaviour: 'adds after an anchor without a value in a flow map',
    before: 'v: [{name: &a }]\n',
    edit: firstWeight,
    after: 'v: [{name: &a, weight: 20 }]\n',
  },
  {
    behaviour: 'adds to an empty flow map',
    before: 'v: [{}, { }]\n',
    edit: firstWeight,
    after: 'v: [{weight: 20}, { }]\n',
  },
  {
    behaviour: 'adds to a flow map with nothing but a comment',
    before: 'v:\n- { # c\n  }\n',
    edit: firstWeight,
    after: 'v:\n- {weight: 20 # c\n  }\n',
  },
  {
    behaviour: 'adds an absent parent on one line',
    before: 'image: a\nweight: 0\n',
    edit: versionName,
    after: 'image: a\nweight: 0\nmetadata: {name: shop-0}\n',
  },
  {
    behaviour: 'adds an absent parent in a flow map',
    before: '{image: a}\n',
    edit: versionName,
    after: '{image: a, metadata: {name: shop-0}}\n',
  },
  {
    behaviour: 'adds into an empty flow parent',
    before: 'metadata: {}\n',
    edit: versionName,
    after: 'metadata: {name: shop-0}\n',
  },
  {
    behaviour: 'adds a string with a colon plain in a block map',
    before: 'a: 1\n',
    edit: { path: ['image'], value: 'shop:v1' },
    after: 'a: 1\nimage: shop:v1\n',
  },
  {
    behaviour: 'adds beside a merge key that has other keys',
    before: 'd: &d {a: 1}\nv:\n- <<: *d\n',
    edit: firstWeight,
    after: 'd: &d {a: 1}\nv:\n- <<: *d\n  weight: 20\n',
  },
  { behaviour: 'adds beside an explicit key', before: '? a\n: 1\n', edit: weight, after: '? a\n: 1\nweight: 20\n' },
];

describe('applyEdits() on a value that is absent', () => {
  it.each(insertions)('applyEdits() $behaviour', ({ before, edit, after }) => {
    expect(edited(before, edit)).toBe(after);
    const { removed, added } = differingLines(before, after);
    expect([removed, added]).toSatisfy(([a, b]) => b === 1 && a <= 1);
    expect(edited(after, edit)).toBe(after);
  });
});
