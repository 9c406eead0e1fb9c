import { describe, expect, it } from 'vitest';
import { ConfigError, InternalError } from '../../src/errors.js';
import type { Edit } from '../../src/values/edit.js';
import { edited, file, firstWeight, primary, versionName, weight } from './edits.js';

interface RefusalCase {
  readonly what: string;
  readonly text: string;
  readonly edit: Edit;
  /** Line, column, path and message of the problem. */
  readonly where: readonly [number, number, string, string];
}

const refusals: readonly RefusalCase[] = [
  { what: 'an alias', text: 'a: &w 1\nweight: *w\n', edit: weight, where: [2, 9, 'weight', 'is an alias (*w)'] },
  {
    what: 'an alias on the way',
    text: 'a: &a {weight: 1}\nv:\n- *a\n',
    edit: firstWeight,
    where: [3, 3, 'v[0]', 'is an alias (*a)'],
  },
  {
    what: 'an alias for a key',
    text: 'a: &k weight\n*k : 1\n',
    edit: weight,
    where: [2, 1, 'weight', 'has an alias for its key (*k)'],
  },
  {
    what: 'an anchor on the value',
    text: 'weight: &w 1\nb: *w\n',
    edit: weight,
    where: [1, 12, 'weight', 'has an anchor (&w)'],
  },
  {
    what: 'an anchor without a value',
    text: 'weight: &w\n',
    edit: weight,
    where: [1, 11, 'weight', 'has an anchor (&w)'],
  },
  {
    what: 'an anchor that is used on a map',
    text: 'v:\n- &a\n  weight: 1\n- *a\n',
    edit: firstWeight,
    where: [3, 3, 'v[0]', 'has an anchor (&a)'],
  },
  {
    what: 'an anchor that is merged on a map',
    text: 'v:\n- &a {name: a}\n- <<: *a\n',
    edit: firstWeight,
    where: [2, 6, 'v[0]', 'has an anchor (&a)'],
  },
  {
    what: 'an anchor that is used further up',
    text: 'v: &v [{a: 1}]\nw: *v\n',
    edit: firstWeight,
    where: [1, 7, 'v', 'has an anchor (&v)'],
  },
  {
    what: 'a tag',
    text: 'weight: !!int 1\n',
    edit: weight,
    where: [1, 15, 'weight', 'has a tag (tag:yaml.org,2002:int)'],
  },
  { what: 'a tag that makes a string', text: 'weight: ! 1\n', edit: weight, where: [1, 11, 'weight', 'has a tag (!)'] },
  {
    what: 'a tag on the way',
    text: 'v: !!seq\n- a: 1\n',
    edit: firstWeight,
    where: [2, 1, 'v', 'has a tag (tag:yaml.org,2002:seq)'],
  },
  {
    what: 'a merge key that supplies the key',
    text: 'd: &d {weight: 1}\nv:\n- name: a\n  <<: *d\n',
    edit: firstWeight,
    where: [4, 3, 'v[0].weight', 'comes from a merge key (<<)'],
  },
  {
    what: 'a list of merged maps',
    text: 'd: &d {weight: 1}\nv:\n- <<: [{a: 1}, *d]\n',
    edit: firstWeight,
    where: [3, 3, 'v[0].weight', 'comes from a merge key (<<)'],
  },
  {
    what: 'a literal block',
    text: 'primary: |-\n  a\n',
    edit: primary,
    where: [1, 10, 'primary', 'is a block scalar (| or >)'],
  },
  {
    what: 'a folded block',
    text: 'primary: >\n  a\n',
    edit: primary,
    where: [1, 10, 'primary', 'is a block scalar (| or >)'],
  },
  {
    what: 'a string over several lines',
    text: 'primary: a\n  b\n',
    edit: primary,
    where: [1, 10, 'primary', 'goes over several lines'],
  },
  {
    what: 'an explicit key',
    text: '? weight\n: 1\n',
    edit: weight,
    where: [1, 3, 'weight', 'has an explicit key (?)'],
  },
  {
    what: 'an explicit key on the way',
    text: '? v\n: - a: 1\n',
    edit: firstWeight,
    where: [1, 3, 'v', 'has an explicit key (?)'],
  },
  {
    what: 'a key that an alias repeats',
    text: 'a: &k weight\nweight: 1\n*k : 1\n',
    edit: weight,
    where: [3, 1, 'weight', 'has an alias for its key (*k)'],
  },
  {
    what: 'a map for a scalar',
    text: 'weight: {a: 1}\n',
    edit: weight,
    where: [1, 9, 'weight', 'is a map, not a scalar'],
  },
  {
    what: 'a list for a scalar',
    text: 'weight:\n- 1\n',
    edit: weight,
    where: [2, 1, 'weight', 'is a list, not a scalar'],
  },
  {
    what: 'a map for a list',
    text: 'v:\n  0:\n    weight: 1\n',
    edit: firstWeight,
    where: [2, 3, 'v', 'is a map, not a list'],
  },
  {
    what: 'a list for a map',
    text: 'metadata: [a]\n',
    edit: versionName,
    where: [1, 11, 'metadata', 'is a list, not a map'],
  },
  {
    what: 'a scalar for a map',
    text: 'metadata: a\n',
    edit: versionName,
    where: [1, 11, 'metadata', 'is a scalar, not a map'],
  },
  { what: 'nothing for a list', text: 'a: 1\nv:\n', edit: firstWeight, where: [2, 3, 'v', 'is empty, not a list'] },
  { what: 'a list that is missing', text: 'a: 1\n', edit: firstWeight, where: [1, 1, 'v', 'is missing'] },
  {
    what: 'an item that is missing',
    text: 'v:\n- a: 1\n',
    edit: { path: ['v', 1, 'weight'], value: 20 },
    where: [2, 1, 'v[1]', 'does not exist'],
  },
  {
    what: 'a map without braces',
    text: 'v: [a: 1]\n',
    edit: firstWeight,
    where: [1, 5, 'v[0]', 'is a map without braces'],
  },
];

function problemsOf(run: () => unknown): ConfigError['problems'] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('applyEdits() refusals', () => {
  it.each(refusals)('applyEdits() refuses $what with its place', ({ text, edit, where }) => {
    const [line, column, path, message] = where;
    const problems = problemsOf(() => edited(text, edit));
    expect(problems).toEqual([{ file, line, column, path, message, hint: expect.stringMatching(/\.$/) }]);
  });

  it('applyEdits() refuses a duplicate key with its place', () => {
    const problems = problemsOf(() => edited('weight: 1\nweight: 2\n', weight));
    expect(problems).toEqual([expect.objectContaining({ file, line: 2, column: 1 })]);
  });

  it('applyEdits() reports every edit that it refuses, at the lines of the text as it stands', () => {
    const text = 'v:\n- name: a\n- weight: !!int 1\nprimary: |\n  a\n';
    const edits: Edit[] = [firstWeight, { path: ['v', 1, 'weight'], value: 2 }, primary];
    expect(problemsOf(() => edited(text, ...edits))).toEqual([
      expect.objectContaining({ line: 4, path: 'primary' }),
      expect.objectContaining({ line: 3, path: 'v[1].weight' }),
    ]);
  });

  it('applyEdits() refuses two values for one path', () => {
    expect(() => edited('weight: 1\n', weight, { ...weight, value: 30 })).toThrow(InternalError);
    expect(edited('weight: 1\n', weight, weight)).toBe('weight: 20\n');
  });

  it('applyEdits() proves the data and throws InternalError for what YAML cannot give back', () => {
    expect(() => edited('weight: 1\n', { ...weight, value: -0 })).toThrow(InternalError);
  });
});
