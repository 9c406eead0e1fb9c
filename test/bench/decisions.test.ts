import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Cell, cells, grid, isEqualOf, matching } from '../../bench/decisions/cells.js';
import { withBlocks } from '../../bench/decisions/document.js';
import { goalsOf, type Lookup } from '../../bench/decisions/goals.js';
import { pictureOf } from '../../bench/decisions/picture.js';
import { type Found, play } from '../../bench/decisions/play.js';
import { rules } from '../../bench/decisions/rules/registry.js';
import {
  equalTable,
  markdownTable,
  missedList,
  playedText,
  rulesTable,
  worseTable,
} from '../../bench/decisions/tables.js';
import { wilsonInterval } from '../../src/stats/wilson-interval.js';

const page = readFileSync(new URL('../../docs/comparison.md', import.meta.url), 'utf8');
const picture = readFileSync(new URL('../../docs/comparison.svg', import.meta.url), 'utf8');

describe('the cells', () => {
  test('are sixty with names of their own, and part of the grid', () => {
    expect(cells).toHaveLength(60);
    for (const list of [cells, grid]) expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
    expect(cells.every(({ name }) => grid.some((cell) => cell.name === name))).toBe(true);
  });

  test.each([
    ['the sixty', cells],
    ['the grid', grid],
  ])('of %s have equal versions for every service', (_, list) => {
    for (const cell of list) expect(list.filter((other) => isEqualOf(cell, other))).toHaveLength(1);
  });

  test('that match come with the equal versions of their services', () => {
    const names = (pattern?: string) => matching(cells, pattern).map(({ name }) => name);
    expect(names('^20/s, (flat|bursts), .1 pp$')).toEqual([
      '20/s, flat, A/A',
      '20/s, bursts, A/A',
      '20/s, flat, +1 pp',
      '20/s, bursts, +1 pp',
    ]);
    expect(names()).toHaveLength(60);
  });
});

test('play() finds the same with the same seed, and something else with another', () => {
  const task = { cell: '20/s, pods .5, AR .8, +1 pp', rule: 'flagger', runs: 20 };
  expect(play({ ...task, seed: 3 })).toEqual(play({ ...task, seed: 3 }));
  expect(play({ ...task, seed: 4 }).excess).not.toBe(play({ ...task, seed: 3 }).excess);
});

test('play() counts what a promoted candidate costs for four hours after that', () => {
  const { excess, summary } = play({ cell: '20/s, flat, +1 pp', rule: 'argo-rollouts', runs: 3, seed: 1 });
  expect(summary.promoted.count).toBe(3);
  // 40 minutes at 50 % in the mean, and 240 at all.
  expect(excess / (20 * 60 * 0.01)).toBeCloseTo(20 + 240, -1);
});

/** What would have been found: nothing special, but for these. */
function lookupOf(
  special: (cell: Cell, rule: string) => Partial<Record<'rolledBack' | 'promoted' | 'excess', number>>,
): Lookup {
  return (cell, rule): Found => {
    const { rolledBack = 0, promoted = 0, excess = 100 } = special(cell, rule);
    const part = (share: number) => {
      const [from, to] = wilsonInterval(500 * share, 500);
      return { count: 500 * share, share, from, to };
    };
    const summary = {
      ...{ runs: 500, minutes: { median: 12.4, p90: 30 }, excess: { failures: excess, slow: 0 } },
      ...{
        promoted: part(promoted),
        rolledBack: part(rolledBack),
        inconclusive: part(0),
        promotedBeforeOnset: part(0),
      },
    };
    return { cell: cell.name, rule, summary, excess, error: 1 };
  };
}

describe('goalsOf()', () => {
  const missed = (found: Lookup) =>
    goalsOf(cells, found)
      .filter(({ met }) => !met)
      .map(({ kind, cell }) => `${kind}: ${cell}`);

  test('are met where sluice is as good as everybody', () => {
    expect(missed(lookupOf(() => ({})))).toEqual([]);
  });

  test('are missed with more than one in a hundred good candidates rolled back', () => {
    const found = lookupOf(({ name }) => ({ rolledBack: name === '20/s, bursts, A/A' ? 0.012 : 0.01 }));
    expect(missed(found)).toEqual(['false rollback: 20/s, bursts, A/A']);
  });

  test('are missed with more than one in twenty promoted at +1 pp, from 20 requests a second on', () => {
    const found = lookupOf(({ harm }) => ({ promoted: harm?.startsWith('+') ? 0.06 : 0 }));
    const expected = cells.filter(({ harm, rate }) => harm?.startsWith('+1 pp') && rate > 1);
    expect(missed(found)).toEqual(expected.map(({ name }) => `false promotion: ${name}`));
  });

  test('are missed where a peer costs less that rolls back under 5 % of good candidates', () => {
    const cheap = (peer: string) =>
      lookupOf(({ service, harm }, rule) => ({
        rolledBack: harm === undefined && rule === 'flagger' ? 0.05 : 0,
        excess: rule === peer && service === 'bursts' ? 60 : 100,
      }));
    expect(missed(cheap('kayenta'))).toEqual([1, 20, 500].map((rate) => `excess: ${rate}/s, bursts, +1 pp`));
    expect(missed(cheap('flagger'))).toEqual([]);
  });
});

describe('what is written', () => {
  test('markdownTable() has a head and a row for each of the rest', () => {
    const rows = [
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ];
    expect(markdownTable(rows)).toBe('| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |');
  });

  test('the tables show shares in percent, and the least cost in bold', () => {
    const found = lookupOf(({ harm }, rule) => ({
      rolledBack: 0.004,
      promoted: 0.1,
      excess: rule === 'kayenta' && harm ? 1234.5 : 2000,
    }));
    const [, , first] = equalTable(cells, found).split('\n');
    expect(first).toMatch(/^\| 1\/s, flat \| 0\.4 \(0\.1–1\.4\) \|/);
    const [, , worse] = worseTable(cells, found).split('\n');
    expect(worse).toContain('| 2,000 (10) |');
    expect(worse).toContain('| **1,235** (10) |');
    expect(worse).toMatch(/\| 12 \|$/);
    expect(missedList(goalsOf(cells, found))).toContain(
      '| excess | 1/s, flat, +0.5 pp | 2,000 failures; best peer: Kayenta, one look 1,235 |',
    );
  });

  test('playedText() says how often what was found was played', () => {
    const found = lookupOf(() => ({}));
    expect(playedText(cells, found, 7)).toBe('500 releases of each rule in each cell, seed 7.');
    const fewer: Lookup = (cell, rule) => {
      const all = found(cell, rule);
      return cell === cells[0] ? { ...all, summary: { ...all.summary, runs: 20 } } : all;
    };
    expect(playedText(cells, fewer, 7)).toBe('20 to 500 releases of each rule in each cell, seed 7.');
  });

  test('the picture says how its scales are drawn, and where they end', () => {
    const svg = pictureOf(
      cells,
      lookupOf(() => ({})),
    );
    const said = (picture: string) =>
      [...picture.matchAll(/<text class="muted"[^>]*>([^<\d][^<]*)</g)].map(([, text]) => text);
    expect(said(svg)).toEqual(['by the square root', 'by the square root', 'logarithmic, clipped at 1,000']);
    expect(said(picture)).toEqual(said(svg));
    const frame = /<svg [^>]*>/;
    expect(frame.exec(picture)?.[0]).toBe(frame.exec(svg)?.[0]);
  });

  test('the picture has a dot for every cell and rule, all of them inside', () => {
    const svg = pictureOf(
      cells,
      lookupOf((_, rule) => ({ excess: rule === 'sluice' ? 1 : 1e9 })),
    );
    const dots = [...svg.matchAll(/<circle class="[^"]*" cx="([\d.]+)" cy="([\d.]+)"/g)];
    expect(dots).toHaveLength(rules.length * (24 + 36 + 36));
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
    for (const [, x, y] of dots) {
      expect(Number(x)).toBeLessThan(width);
      expect(Number(y)).toBeLessThan(height);
    }
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  test('withBlocks() replaces what stands between comments, and wants all of them', () => {
    const text = 'a\n<!-- x -->\nold\n<!-- /x -->\nb';
    expect(withBlocks(text, { x: 'new' })).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb');
    expect(() => withBlocks(text, { y: 'new' })).toThrow('between <!-- y --> and <!-- /y -->');
  });
});

describe('docs/comparison.md', () => {
  test('says how often each rule was played', () => {
    expect(page).toContain('\n500 releases of each rule in each cell, seed 1.\n');
    expect(page).not.toMatch(/undefined|NaN/);
  });

  test('says how the picture is drawn', () => {
    for (const said of ['square root', 'logarithm', 'more than 1,000 times']) expect(page).toContain(said);
  });

  test('describes every rule as it is', () => {
    expect(page).toContain(rulesTable());
  });

  test('has every cell', () => {
    const [equal, worse] = [
      cells.filter(({ harm }) => harm === undefined),
      cells.filter(({ harm }) => harm !== undefined),
    ];
    for (const { rate, service } of equal) expect(page).toContain(`\n| ${rate}/s, ${service} | `);
    for (const { name } of worse) expect(page).toContain(`\n| ${name} | `);
  });
});
