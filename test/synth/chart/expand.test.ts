import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/release/json.js';
import { Draw, randomNumbers } from '../../../src/synth/chart/draw.js';
import { expand, itemsOf, referring, start } from '../../../src/synth/chart/expand.js';
import { longWords } from '../../../src/synth/chart/hole.js';
import type { Element, Template } from '../../../src/synth/chart/template.js';

const draw = new Draw(randomNumbers(1));
const hosts = draw.root
  .at('hosts')
  .list('host', 2, (host) => ({ name: host.text(), open: host.at('open').flag(host.scope === 'host0') }));
draw.root.at('quiet').flag(true);
const labels = draw.root.at('labels').tree<JsonObject>();
const position = start(draw);

const name: Template = { kind: 'text', parts: ['to ', { variable: 'host', path: '', type: 'text' }] };
const one = (element: Template): Element<Template> => ({ kind: 'one', element });

describe('expand()', () => {
  test('goes over the items of a loop, and answers each one for itself', () => {
    const condition = { kind: 'ask', expression: '$host.open', not: false } as const;
    const list: Element<Template> = {
      kind: 'each',
      item: 'host',
      over: '$release.hosts',
      elements: [one(name), { kind: 'if', condition, elements: [one({ kind: 'constant', value: 80 })] }],
    };
    expect(expand([list], position)).toEqual([`to ${hosts[0]?.name}`, 80, `to ${hosts[1]?.name}`]);
  });

  test('shows a value that the draw does not have', () => {
    const parts = [{ variable: 'release', path: 'gateway.name', type: 'text' }] as const;
    expect(expand([one({ kind: 'text', parts })], position)).toEqual(['<release.gateway.name>']);
  });

  test('takes the branch of a choice that holds, or else the other', () => {
    const choice = (not: boolean): Template => ({
      kind: 'choice',
      branches: [
        {
          condition: { kind: 'and', terms: [{ kind: 'ask', expression: '$release.quiet', not }] },
          template: { kind: 'empty', value: '{}' },
        },
      ],
      otherwise: { kind: 'list', items: [one({ kind: 'empty', value: '[]' })] },
    });
    expect(expand([one(choice(false)), one(choice(true))], position)).toEqual([{}, [[]]]);
  });

  test.each([
    ['and', []],
    ['or', ['there']],
  ] as const)('joins a question with yes and one with no by %s', (kind, expected) => {
    const terms = [true, false].map((not) => ({ kind: 'ask', expression: '$release.quiet', not }) as const);
    const there = one({ kind: 'constant', value: 'there' });
    expect(expand([{ kind: 'if', condition: { kind, terms }, elements: [there] }], position)).toEqual(expected);
  });

  test('writes a map, and a tree for an entry without a value', () => {
    const entries = [
      { kind: 'one', element: { key: ['kind'], value: { kind: 'constant', value: 'Pod' } } },
      { kind: 'one', element: { key: [{ variable: 'release', path: 'labels', type: 'tree' }], value: undefined } },
    ] as const;
    expect(expand([one({ kind: 'map', entries })], position)).toEqual([{ kind: 'Pod', ...labels }]);
  });
});

test('itemsOf() has the scopes of a loop that starts at a bound item', () => {
  expect(itemsOf('host', position)).toEqual(['host0', 'host1']);
  expect(itemsOf('rule', position)).toEqual([]);
});

describe('referring()', () => {
  test('shows the holes of keys, texts and lists by their items', () => {
    const [first] = hosts;
    expect(referring({ [`x-${first?.name}`]: [first?.name ?? '', 80, null] }, position)).toEqual({
      'x-<host0>': ['<host0>', 80, null],
    });
  });

  test('shows a number that is a hole, and leaves others', () => {
    const other = new Draw(randomNumbers(1), longWords);
    const port = other.root.at('port').int();
    expect(referring([port, port + 1, 80], start(other))).toEqual(['<release.port>', port + 1, 80]);
  });
});
