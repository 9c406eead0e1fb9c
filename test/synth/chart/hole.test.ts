import { describe, expect, test } from 'vitest';
import { Holes, longWords, readable, shortWords } from '../../../src/synth/chart/hole.js';

const name = { scope: '', path: 'name', type: 'text' } as const;
const port = { scope: 'version1', path: 'address.port', type: 'int' } as const;

describe.each([
  ['shortWords', shortWords],
  ['longWords', longWords],
])('Holes in %s', (_, spelling) => {
  test('stand for the same hole by the same word', () => {
    const holes = new Holes(spelling);
    expect(holes.wordFor(name)).toBe(holes.wordFor({ ...name }));
    expect(holes.wordFor(name)).not.toBe(holes.wordFor(port));
    expect(holes.wordAt(port.scope, port.path)).toBe(holes.wordFor(port));
    expect(holes.wordAt(port.scope, name.path)).toBeUndefined();
  });

  test('are found in a text, one after another and among others', () => {
    const holes = new Holes(spelling);
    const [one, other] = [holes.wordFor(name), holes.wordFor(port)];
    expect(holes.partsOf(`${one}${one}.svc:${other}0`)).toEqual([name, name, '.svc:', port, '0']);
    expect(holes.partsOf('plain 8080')).toEqual(['plain 8080']);
    expect(holes.partsOf('')).toEqual([]);
  });

  test('are found in a tree by their items, keys included', () => {
    const holes = new Holes(spelling);
    const tree = { [String(holes.wordFor(name))]: [{ port: holes.wordFor(port) }], fixed: 80 };
    expect([...holes.scopesIn(tree)]).toEqual(['', 'version1']);
  });
});

test('longWords writes numbers as numbers, and texts in the opposite order', () => {
  expect(typeof longWords.wordOf(1, 'int')).toBe('number');
  expect(String(longWords.wordOf(1, 'text')) > String(longWords.wordOf(2, 'text'))).toBe(true);
  expect(String(shortWords.wordOf(1, 'text')) < String(shortWords.wordOf(2, 'text'))).toBe(true);
});

test('readable() names the item and the path', () => {
  expect(readable(name)).toBe('<release.name>');
  expect(readable({ scope: 'rule0>backend1', path: 'share' })).toBe('<rule0.backend1.share>');
  expect(readable({ scope: 'host0', path: '' })).toBe('<host0>');
});
