import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../src/cli/demo/page.js';
import type { Happening, Row, Scene } from '../../../src/cli/demo/scene.js';
import { paint } from '../../../src/cli/demo/text.js';

const row: Row = {
  name: 'reviews-v1',
  role: 'primary',
  share: 95,
  traffic: { requests: 5700, errors: 57, latencySum: 114_000 },
  failing: false,
};
const advance: Happening = {
  at: 3600,
  kind: 'advance',
  summary: 'candidate reviews-v2 0 % → 5 %',
  reason: 'reviews-v2 enters',
  commit: '0123456789abcdef',
};
const hold: Happening = {
  at: 3660,
  kind: 'hold',
  summary: 'hold reviews-v2 at 5 %',
  reason: 'the first window is complete at 1970-01-01T01:02:05Z',
};

function page(scene: Partial<Scene>, columns = 80): string[] {
  const whole = { title: 'A title', now: 3600, rows: [row], happenings: [], ...scene };
  return pageOf(whole, columns).map((line) => paint(line, false));
}

describe('pageOf()', () => {
  it('pageOf() shows the share, requests, errors and latency of a version', () => {
    expect(page({})[3]).toMatch(/^ {2}reviews-v1 {2}━+─ {3}95 % +5,700 +1\.0 % +20 ms {2}primary$/);
  });

  it('pageOf() shows dashes and no number for a version without requests', () => {
    const line = page({ rows: [{ ...row, share: 0, traffic: undefined }] })[3];
    expect(line).toMatch(/^ {2}reviews-v1 {2}─+ +0 % +– +– +– {2}primary$/);
  });

  it('pageOf() gives the smallest share a cell of the bar, and all cells to none but the only version', () => {
    const bar = (share: number) => page({ rows: [{ ...row, share }] })[3]?.match(/[━─]+/)?.[0] ?? '';
    expect(bar(1)).toMatch(/^━─+$/);
    expect(bar(99)).toMatch(/^━+─$/);
    expect(bar(100)).toMatch(/^━+$/);
  });

  it('pageOf() leaves the bar out where it would leave no room for the numbers', () => {
    const lines = page({}, 62);
    expect(lines[2]).toBe('  version     traffic  requests   errors   latency');
    expect(lines[3]).toBe('  reviews-v1     95 %     5,700    1.0 %     20 ms  primary');
  });

  it('pageOf() paints the errors red where they are more than allowed', () => {
    const errors = (failing: boolean) => pageOf({ title: '', now: 0, rows: [{ ...row, failing }], happenings: [] }, 80);
    const styleOf = (failing: boolean) => errors(failing)[3]?.find(({ text }) => text.includes('1.0 %'))?.style;
    expect([styleOf(true), styleOf(false)]).toEqual(['red', 'dim']);
  });

  it('pageOf() explains the newest commit and tells a hold in one line', () => {
    expect(page({ happenings: [advance, { ...advance, at: 3630 }, hold] }).slice(5)).toEqual([
      `  01:00:00  candidate reviews-v2 0 % → 5 %${' '.repeat(31)}0123456`,
      `  01:00:30  candidate reviews-v2 0 % → 5 %${' '.repeat(31)}0123456`,
      '            reviews-v2 enters',
      '  01:01:00  hold reviews-v2 at 5 %: the first window is complete at 01:02:05',
    ]);
  });

  it('pageOf() forgets a hold once something was decided', () => {
    expect(page({ happenings: [hold, advance] }).join('\n')).not.toContain('hold');
  });
});
