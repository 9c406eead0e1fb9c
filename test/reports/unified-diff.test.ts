import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineEdits } from '../../src/reports/line-edits.js';
import { unifiedDiff } from '../../src/reports/unified-diff.js';
import { cpuTime } from '../cpu-time.js';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });

/** The length of the longest common subsequence, by the textbook's table. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let above = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const row = [0];
    for (const [j, y] of b.entries())
      row.push(x === y ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0));
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** Carries out hunks as `patch` does, and fails where the text is not what they say. */
function patched(text: readonly string[], diff: string): string[] {
  const left = [...text];
  const result: string[] = [];
  let taken = 0;
  for (const line of diff.split('\n').slice(0, -1)) {
    const [, start, count = '1'] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line) ?? [];
    if (start !== undefined) {
      const until = count === '0' ? Number(start) : Number(start) - 1;
      result.push(...left.splice(0, until - taken));
      taken = until;
      continue;
    }
    if (line[0] !== '+') {
      expect(left.shift()).toBe(line.slice(1));
      taken += 1;
    }
    if (line[0] !== '-') result.push(line.slice(1));
  }
  return [...result, ...left];
}

const textOf = (list: readonly string[]) => list.map((line) => `${line}\n`).join('');

describe('lineEdits()', () => {
  it('keeps as many lines as can be kept, and gives both lists', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = lineEdits(before, after);
        const without = (other: string) => edits.filter(({ kind }) => kind !== other).map(({ line }) => line);
        expect([without('+'), without('-')]).toEqual([before, after]);
        expect(edits.filter(({ kind }) => kind === ' ')).toHaveLength(commonLength(before, after));
      }),
      { numRuns: 500 },
    );
  });

  it('replaces texts that have little in common as a whole, in no time', () => {
    const [before, after] = ['x', 'y'].map((letter) => Array.from({ length: 20_000 }, (_, i) => `${letter}${i}`));
    const started = cpuTime();
    expect(lineEdits(before ?? [], after ?? [])).toHaveLength(40_000);
    expect(cpuTime() - started).toBeLessThan(5000);
  });
});

describe('unifiedDiff()', () => {
  it('is what turns one text into the other', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 3 }), fc.array(lines, { maxLength: 3 }), (some, others) => {
        const [before, after] = [some.flat(), others.flat()];
        expect(patched(before, unifiedDiff(textOf(before), textOf(after)))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  it('is empty for the same text', () => {
    expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
  });

  it('shows three lines around a change, as diff -u does', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
    const after = before.with(1, 'other').with(15, 'another');
    expect(unifiedDiff(textOf(before), textOf(after))).toBe(
      [
        ...['@@ -1,5 +1,5 @@', ' line 1', '-line 2', '+other', ' line 3', ' line 4', ' line 5'],
        ...['@@ -13,7 +13,7 @@', ' line 13', ' line 14', ' line 15', '-line 16', '+another', ' line 17', ' line 18'],
        ...[' line 19', ''],
      ].join('\n'),
    );
  });

  it('counts from 0 where a text is not there', () => {
    expect(unifiedDiff('', 'a\nb\n')).toBe('@@ -0,0 +1,2 @@\n+a\n+b\n');
    expect(unifiedDiff('a\n', '')).toBe('@@ -1 +0,0 @@\n-a\n');
  });
});
