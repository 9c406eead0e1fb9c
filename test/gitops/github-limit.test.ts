import { describe, expect, it } from 'vitest';
import { limitOf, Patience } from '../../src/gitops/github/limit.js';

const now = 1_000_000_000_000;
const secondary = 'You have exceeded a secondary rate limit';

describe('limitOf()', () => {
  it.each([
    ['no limit', { status: 403, headers: {}, words: 'Resource not accessible' }, undefined],
    ['an answer', { status: 200, headers: { 'x-ratelimit-remaining': '0' }, words: 'NOT_FOUND: no' }, undefined],
    ['a server in trouble', { status: 503, headers: { 'retry-after': '5' }, words: 'busy' }, undefined],
    ['Retry-After', { status: 403, headers: { 'retry-after': '7' }, words: secondary }, 7000],
    ['Retry-After that is over', { status: 429, headers: { 'retry-after': '0' }, words: '' }, 1000],
    ['no time', { status: 403, headers: {}, words: secondary }, 60_000],
    ['Retry-After of another form', { status: 429, headers: { 'retry-after': 'soon' }, words: '' }, 60_000],
    [
      'a reset',
      { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000000030' }, words: '' },
      31_000,
    ],
    [
      'a reset that is over',
      { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '999999000' }, words: '' },
      1000,
    ],
    [
      'a reset of something that is left',
      { status: 429, headers: { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '1000003600' }, words: '' },
      60_000,
    ],
  ])('of %s', (_, answered, expected) => {
    expect(limitOf(answered, now)).toBe(expected);
  });

  it('goes by the clock of the server', () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1000000030',
      date: new Date(now + 20_000).toUTCString(),
    };
    expect(limitOf({ status: 403, headers, words: 'API rate limit exceeded' }, now - 86_400_000)).toBe(11_000);
  });
});

describe('Patience', () => {
  it('waits as long as all waits together are short', async () => {
    const slept: number[] = [];
    const patience = new Patience({ most: 60_000, sleep: async (milliseconds) => void slept.push(milliseconds) });
    expect(await patience.wait(40_000)).toBe(true);
    expect(await patience.wait(30_000)).toBe(false);
    expect(await patience.wait(20_000)).toBe(true);
    expect(await patience.wait(1)).toBe(false);
    expect(slept).toEqual([40_000, 20_000]);
  });
});
