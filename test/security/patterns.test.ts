import { expect, test } from 'vitest';
import { loadValues } from '../../src/values/load.js';
import { reviewsValues } from '../cli/workspace.js';
import { cpuTime } from '../cpu-time.js';
import { attacks, type Pattern, patterns, timeOf } from './patterns.js';

const short = 5_000;
const long = 100_000;

/** Eight times the text takes a linear expression eight times as long, and a quadratic one 64 times. */
const growth = 8;
const tooMuch = 20;

test('no regular expression of ours takes quadratic time on long texts', { timeout: 600_000 }, () => {
  const all = patterns();
  const slow = all.flatMap((pattern) => {
    const { time, text } = worstOf(pattern, short);
    // At this length a quadratic one takes milliseconds, a linear one a fraction of one.
    if (time < 1) return [];
    // The collection of garbage may have slowed one of the looks down, and none makes all of them linear.
    return Array.from({ length: 3 }).every(() => growsTooFast(pattern, text)) ? [pattern.at] : [];
  });
  expect(all.length).toBeGreaterThan(250);
  expect(slow).toEqual([]);
});

test('the search for slow expressions finds one', () => {
  const pattern = { at: 'here', expression: /[a-z]+:\/\// };
  const { text } = worstOf(pattern, 2_000);
  expect(timeOf(pattern, text.repeat(growth))).toBeGreaterThan(tooMuch * timeOf(pattern, text, 5));
});

function growsTooFast(pattern: Pattern, text: string): boolean {
  const once = timeOf(pattern, text, 5);
  const more = timeOf(pattern, `${text.repeat(growth)}\u0001`, 5);
  return more > 25 && more > tooMuch * once;
}

/** Returns the text, without its end, on which an expression takes longest. */
function worstOf(pattern: Pattern, length: number): { readonly time: number; readonly text: string } {
  let worst = { time: 0, text: '' };
  for (const attack of attacks(pattern, length)) {
    const time = timeOf(pattern, attack);
    if (time > worst.time) worst = { time, text: attack.slice(0, -1) };
  }
  return worst;
}

/** Sluice hands them on to proxies, which run RE2: it never runs one itself. */
test('an expression in the values is never run here', () => {
  const text = reviewsValues
    .replace('blue-green', 'canary')
    .replace('weight: 0', () => `match: [{headers: {who: {regex: '${'(a+)+'.repeat(20)}$'}}}]`);
  const start = cpuTime();
  expect(() => loadValues(text, { file: 'values.yaml', name: 'reviews', namespace: 'default' })).not.toThrow();
  expect(cpuTime() - start).toBeLessThan(5_000);
});

test.each(['interval', 'image', 'name', 'regex', 'prefix', 'unknown'] as const)(
  'a scalar of 100 kB as %s is read or refused at once',
  (kind) => {
    const texts: { readonly [K in typeof kind]: (word: string) => string } = {
      interval: (word) => `${reviewsValues}analysis: {interval: '${word}'}\n`,
      image: (word) => reviewsValues.replace('registry.example/reviews:v2', `'${word}'`),
      name: (word) => reviewsValues.replace('name: reviews-v2', `name: '${word}'`),
      regex: (word) =>
        reviewsValues.replace('blue-green', 'canary').replace('weight: 0', `match: [{uri: {regex: '${word}'}}]`),
      prefix: (word) => reviewsValues.replace('port: 9080', `port: 9080\n  prefix: '${word}'`),
      unknown: (word) => `${reviewsValues}${word}: 1\n`,
    };
    for (const pump of ['0', 'a', '/', '-', '.', ' ', ':', 'a.', '(', '[', '{{', '0h', '\\\\', '<']) {
      const word = pump.repeat(long / pump.length);
      const start = cpuTime();
      try {
        loadValues(texts[kind](word), { file: 'values.yaml', name: 'reviews', namespace: 'default' });
      } catch (error) {
        expect(error).toHaveProperty('code', 'values/invalid');
      }
      expect.soft(cpuTime() - start, JSON.stringify(pump)).toBeLessThan(2_000);
    }
  },
);
