import { describe, expect, test } from 'vitest';
import { allowancesOf } from '../../src/lints/allowances.js';
import { findingsIn } from './lint-test.js';

describe('allowancesOf()', () => {
  test.each([
    ['a: 1 # sluice: allow x', [['x', 1, 22, [1]]]],
    [
      '# sluice: allow x, y-z\na: 1',
      [
        ['x', 1, 17, [1, 2]],
        ['y-z', 1, 20, [1, 2]],
      ],
    ],
    ['#sluice:allow x', [['x', 1, 15, [1]]]],
    ['#sluice: allow  x : why not', [['x', 1, 17, [1]]]],
    [
      '# sluice: allow x\n# because\nb:\n  # sluice: allow y\n  c: [1, 2] # more',
      [
        ['x', 1, 17, [1, 3]],
        ['y', 4, 19, [4, 5]],
      ],
    ],
    ['a: "# sluice: allow x"\nb: |\n  # sluice: allow x\nc: d#sluice: allow x', []],
    [
      'a:\n- {b: 1, # sluice: allow x\n   c: 2}\n# sluice: allow y',
      [
        ['x', 2, 26, [2]],
        ['y', 4, 17, [4]],
      ],
    ],
    ['a: > # sluice: allow x\n  text', [['x', 1, 22, [1]]]],
    ['# sluice: allows x\n# sluice: disallow x\n# allow x', []],
  ])('reads %j', (text, expected) => {
    const found = allowancesOf(text).map(({ id, line, column, covers }) => [id, line, column, covers]);
    expect(found).toEqual(expected);
  });
});

describe('a comment that allows', () => {
  const values = (comment: string) => `environment: istio
application:
  versions:
  # sluice: allow no-readiness-probe
  - metadata: {name: v1}
    image: shop:latest # sluice: allow ${comment}
`;
  const said = (comment: string) => findingsIn({ text: values(comment) }).map(({ message }) => message);

  test('silences only what it names', () => {
    expect(said('mutable-tag')).toEqual([]);
    expect(said('overload')).toEqual([
      'has the tag latest, which is moved',
      'allows overload, which is not found here',
    ]);
    expect(said('overload, mutable-tag')).toEqual(['allows overload, which is not found here']);
  });

  test('of no lint is a finding with the nearest one', () => {
    const [, unknown] = findingsIn({ text: values('mutable-tags') });
    expect(unknown).toMatchObject({ line: 6, column: 40, code: 'lint/unused-allow', severity: 'warning' });
    expect(unknown?.message).toBe('allows mutable-tags, which is no lint');
    expect(unknown?.hint).toMatch(/^Did you mean mutable-tag\? The lints are: changed-candidate, /);
  });

  test.each(['sudden-leave', 'no-metrics'])('is not called unused where %s was not looked for', (id) => {
    expect(said(`mutable-tag, ${id}`)).toEqual([]);
  });
});
