import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/release/json.js';
import { Draw, type Place, randomNumbers } from '../../../src/synth/chart/draw.js';
import { start } from '../../../src/synth/chart/expand.js';
import { mergeSequence } from '../../../src/synth/chart/merge-sequence.js';

/** The elements of 40 lists, of which every part is kept as its JSON text. */
function merged(make: (root: Place, draw: Draw) => readonly Json[]) {
  const random = randomNumbers(1);
  const rows = Array.from({ length: 40 }, () => {
    const draw = new Draw(random);
    return { ...start(draw), value: make(draw.root, draw) };
  });
  return mergeSequence<Json, string>(rows, {
    markOf: (part) => part,
    nameOf: ({ value }) => (Array.isArray(value) ? 'list' : shown(value)),
    merge: (parts) => shown(parts[0]?.value),
  });
}

function shown(value: Json | undefined): string {
  return JSON.stringify(value).replaceAll(/zq\d+qz/g, 'HOLE');
}

describe('mergeSequence()', () => {
  test('keeps what is in every row as it is', () => {
    expect(merged(() => ['a', 'b'])).toEqual([
      { kind: 'one', element: '"a"' },
      { kind: 'one', element: '"b"' },
    ]);
  });

  test('puts what is in some rows under a question, in an order that every row agrees with', () => {
    const elements = merged((root) => [
      'a',
      ...(root.at('x').flag() ? ['x'] : []),
      ...(root.at('y').flag() ? ['y'] : []),
      'z',
    ]);
    expect(elements).toEqual([
      { kind: 'one', element: '"a"' },
      {
        kind: 'if',
        condition: { kind: 'ask', expression: '$release.x', not: false },
        elements: [{ kind: 'one', element: '"x"' }],
      },
      {
        kind: 'if',
        condition: { kind: 'ask', expression: '$release.y', not: false },
        elements: [{ kind: 'one', element: '"y"' }],
      },
      { kind: 'one', element: '"z"' },
    ]);
  });

  test('makes a loop of the items of a list, and one inside another of a list in its items', () => {
    const elements = merged((root, draw) =>
      root
        .at('rules')
        .list('rule', 1 + draw.upTo(1), (rule) =>
          rule.at('backends').list('backend', 1 + draw.upTo(1), (backend) => backend.at('name').text()),
        )
        .flat(),
    );
    expect(elements).toEqual([
      {
        kind: 'each',
        item: 'rule',
        over: '$release.rules',
        elements: [
          { kind: 'each', item: 'backend', over: '$rule.backends', elements: [{ kind: 'one', element: '"HOLE"' }] },
        ],
      },
    ]);
  });

  test('leaves the loop to a part that holds several items', () => {
    const elements = merged((root, draw) => [root.at('hosts').list('host', draw.upTo(2), (host) => host.text())]);
    expect(elements.map(({ kind }) => kind)).toEqual(['one']);
  });

  test('refuses what is there by no question, and shows it', () => {
    const random = randomNumbers(2);
    expect(() => merged((root) => ['a', ...(random() < 0.5 ? [root.at('name').text()] : [])])).toThrow(
      'no question tells when "<release.name>" stands there',
    );
  });
});
