import { describe, expect, test } from 'vitest';
import { Draw, type Place, randomNumbers } from '../../../src/synth/chart/draw.js';
import { start } from '../../../src/synth/chart/expand.js';
import {
  answersOf,
  isTrue,
  listOf,
  loopOf,
  referencesIn,
  signatureOf,
  unboundItem,
} from '../../../src/synth/chart/instance.js';

const draw = new Draw(randomNumbers(1));
const { root } = draw;
const names = root
  .at('rules')
  .list('rule', 2, (rule) => rule.at('backends').list('backend', 1, (backend) => backend.at('version.name').text()));
const outside = start(draw);
const inFirst = { draw, bound: new Map([...outside.bound, ['rule0', 'rule'], ['rule0>backend0', 'backend']]) };

describe('unboundItem()', () => {
  test('is the first item on the way whose loop was not entered', () => {
    expect(unboundItem('rule1>backend0', outside.bound)).toBe('rule1');
    expect(unboundItem('rule0>backend1', inFirst.bound)).toBe('rule0>backend1');
    expect(unboundItem('rule0>backend0', inFirst.bound)).toBeUndefined();
    expect(unboundItem('', outside.bound)).toBeUndefined();
  });
});

test('loopOf() is the variable of the innermost loop', () => {
  expect(loopOf('rule0>backend12')).toBe('backend');
  expect(loopOf('version3')).toBe('version');
});

describe('referencesIn()', () => {
  test('puts references in place of holes, by the variables that are bound', () => {
    const text = `${root.at('name').text()}:${names[0]?.[0]}!`;
    expect(referencesIn(text, inFirst)).toEqual([
      { variable: 'release', path: 'name', type: 'text' },
      ':',
      { variable: 'backend', path: 'version.name', type: 'text' },
      '!',
    ]);
  });

  test('refuses an item whose loop was not entered', () => {
    expect(() => referencesIn(names[1]?.[0] ?? '', inFirst)).toThrow('version.name of rule1>backend0 stands outside');
  });
});

test('signatureOf() is one for what stands at the same place of two releases, and another for all else', () => {
  const elsewhere = new Draw(randomNumbers(1));
  elsewhere.root.at('port').int();
  const other = start(elsewhere);
  const name = (place: Place) => `${place.at('name').text()}!`;
  expect(signatureOf(name(root), outside)).toBe(signatureOf(name(elsewhere.root), other));
  expect(signatureOf(name(root), outside)).not.toBe(signatureOf(name(root.at('primary')), outside));
  expect(signatureOf(name(root), outside)).not.toBe(signatureOf(root.at('name').text(), outside));
  expect(signatureOf('plain', outside)).not.toBe(signatureOf('plainer', outside));
});

test('listOf() is the expression that a loop goes over', () => {
  expect(listOf(root.at('rules'), outside.bound)).toBe('$release.rules');
});

test('isTrue() asks every bound item', () => {
  const other = new Draw(() => 0);
  other.root.at('quiet').flag(true);
  other.root.at('hosts').list('host', 2, (host) => host.at('open').flag(host.scope === 'host1'));
  const first = { draw: other, bound: new Map([...start(other).bound, ['host0', 'host']]) };
  const second = { draw: other, bound: new Map([...start(other).bound, ['host1', 'host']]) };
  expect([first, second].map((each) => isTrue('$host.open', each))).toEqual([false, true]);
  expect([first, second].map((each) => isTrue('$release.quiet', each))).toEqual([true, true]);
  expect(isTrue('$release.open', second)).toBe(false);
});

describe('answersOf()', () => {
  test('has the answers of every bound item, the nearest first', () => {
    const other = new Draw(() => 0);
    other.root.at('gateway').optional((gateway) => gateway.at('namespace').optional((name) => name.text()));
    other.root.at('mode').option(['a', 'b']);
    other.root.at('hosts').list('host', 2, (host) => host.at('open').flag(false));
    const bound = new Map([...start(other).bound, ['host1', 'host']]);
    expect(answersOf({ draw: other, bound }).map((answers) => [...answers])).toEqual([
      [['$host.open', false]],
      [
        ['$release.gateway', true],
        ['$release.gateway.namespace', true],
        ['eq $release.mode "a"', true],
        ['$release.hosts', true],
        ['gt (len $release.hosts) 1', true],
      ],
    ]);
  });
});
