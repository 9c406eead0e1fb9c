import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceError } from '../../src/errors.js';
import { retryDelay } from '../../src/sources/retry-delay.js';

const busy = { status: 503, retryAfter: undefined };

test('retryDelay() draws from all of 0 to a bound that doubles up to five seconds', () => {
  expect([1, 2, 3, 4, 9].map((tries) => retryDelay(busy, tries, () => 1))).toEqual([200, 400, 800, 1600, 5000]);
  expect(retryDelay(busy, 3, () => 0)).toBe(0);
  expect(retryDelay(busy, 3, () => 0.5)).toBe(400);
});

test('retryDelay() adds what it draws to what the server says', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(100), (seconds, percent) => {
      const wait = retryDelay({ status: 429, retryAfter: `${seconds}` }, 1, () => percent / 100) ?? -1;
      return wait >= seconds * 1000 && wait <= seconds * 1000 + 200;
    }),
  );
});

test.each(['soon', '', '-5', '1e3'])('retryDelay() takes a Retry-After of %j for none', (retryAfter) => {
  expect(retryDelay({ status: 503, retryAfter }, 1, () => 0)).toBe(0);
});

test('retryDelay() waits for no date that is over', () => {
  expect(retryDelay({ status: 503, retryAfter: 'Wed, 21 Oct 2015 07:28:00 GMT' }, 1, () => 0)).toBe(0);
});

test.each([
  ['source/unreachable', 'ECONNRESET', true],
  ['source/unknown-host', 'EAI_AGAIN', true],
  ['source/unknown-host', 'ENOTFOUND', false],
  ['source/tls', 'CERT_HAS_EXPIRED', false],
  ['source/redirect', '', false],
  ['source/too-large', '', false],
])('retryDelay() of %s with %s: %s', (code, cause, again) => {
  const error = new SourceError('Cannot', { code, cause: Object.assign(new Error(''), { code: cause }) });
  expect(retryDelay(error, 1, () => 0) !== undefined).toBe(again);
});
