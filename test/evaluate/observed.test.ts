import { describe, expect, test } from 'vitest';
import { silenceIn, unsyncedIn } from '../../src/evaluate/phases/observed.js';
import type { Ledger } from '../../src/release/evaluation.js';

/** Requests per window and version; 0 is no sample. */
function ledger(...rows: readonly { readonly [version: string]: number }[]): Ledger {
  return {
    interval: 60,
    rows: rows.map((counts, i) => ({
      end: 60 * (i + 1),
      versions: Object.fromEntries(
        Object.entries(counts).map(([name, requests]) => [
          name,
          requests === 0 ? { missing: 'no requests' } : { requests, errors: 0, latencySum: 0 },
        ]),
      ),
    })),
  };
}

describe('silenceIn()', () => {
  const since = [{ name: 'v2', startedAt: 30 }];

  test('knows nobody where the newest window has both', () => {
    expect(silenceIn(ledger({ v1: 9, v2: 0 }, { v1: 9, v2: 1 }), 'v1', since)).toBeUndefined();
  });

  test('counts from the last window that had both, or from where the first one begins', () => {
    expect(silenceIn(ledger({ v1: 9, v2: 1 }, { v1: 9, v2: 0 }), 'v1', since)).toEqual({ of: ['v2'], since: 60 });
    expect(silenceIn(ledger({ v1: 0, v2: 1 }, { v1: 0, v2: 1 }), 'v1', since)).toEqual({ of: ['v2'], since: 60 });
  });
});

describe('silenceIn() of windows that begin later', () => {
  test('takes nobody for silent before them', () => {
    const { interval, rows } = ledger({ v1: 9, v2: 1 }, { v1: 9, v2: 1 }, { v1: 9, v2: 0 });
    const asked = [{ name: 'v2', startedAt: 0 }];
    expect(silenceIn({ interval, rows: rows.slice(2) }, 'v1', asked)).toEqual({ of: ['v2'], since: 120 });
  });
});

describe('unsyncedIn()', () => {
  const asked = { candidates: ['v2'], since: 60, shares: { v1: 95, v2: 5 } };

  test('says what is there instead of what is declared', () => {
    expect(unsyncedIn(ledger({ v1: 950, v2: 50 }, { v1: 10_000, v2: 0 }), asked)).toEqual({
      found: 'v2 has 0 % of the requests where 5 % are declared',
    });
    expect(unsyncedIn(ledger({}, { v1: 8000, v2: 2000 }), asked)?.found).toMatch(/^v2 has 20 %/);
  });

  test('knows nothing before a window since the change has ended, and is done with the first that has the split', () => {
    expect(unsyncedIn(ledger({ v1: 1000, v2: 0 }), asked)).toBeUndefined();
    expect(unsyncedIn(ledger({}, { v1: 9500, v2: 500 }, { v1: 10_000, v2: 0 }), asked)).toBeUndefined();
  });

  test('takes what chance makes of few requests for the split', () => {
    expect(unsyncedIn(ledger({}, { v1: 36, v2: 4 }), asked)).toBeUndefined();
    expect(unsyncedIn(ledger({}, { v1: 97, v2: 3 }), asked)).toBeUndefined();
  });

  test('is content with any requests where no shares are declared', () => {
    const some = { ...asked, shares: undefined };
    expect(unsyncedIn(ledger({}, { v1: 900, v2: 1 }), some)).toBeUndefined();
    expect(unsyncedIn(ledger({}, { v1: 900, v2: 0 }), some)).toEqual({ found: 'v2 has no requests yet' });
  });
});
