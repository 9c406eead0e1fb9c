import { expect } from 'vitest';
import { isSample, type LedgerRow } from '../../src/release/evaluation.js';
import { scrapeInterval } from './real-prometheus.js';
import { interval, type Shop } from './shop.js';

/**
 * Compares every window in the ledger of a shop with what the sender of the requests saw in it. At either end of a
 * window the requests between two scrapes may fall to the other side, and counts are rounded.
 */
export async function expectCountsAsSent({ repository, load, primary, candidate }: Shop): Promise<void> {
  const lines = (await repository.ledger()).map((line) => JSON.parse(line) as { windows: readonly LedgerRow[] });
  const rows = lines.flatMap(({ windows }) => windows);
  expect(rows).not.toHaveLength(0);
  for (const { end, versions } of rows) {
    for (const { name } of [primary, candidate]) {
      const answers = load.answersOf(name, { after: end - interval, until: end });
      const sent = { requests: answers.length, errors: answers.filter(({ status }) => status === 500).length };
      const counted = versions[name];
      if (!isSample(counted)) throw new Error(`Cannot compare ${name} as a sample: ${JSON.stringify(counted)}`);
      const tolerance = 1 + (2 * scrapeInterval * sent.requests) / interval;
      const difference = `${name} until ${end}: sent ${JSON.stringify(sent)}, counted ${JSON.stringify(counted)}`;
      expect(Math.abs(counted.requests - sent.requests), difference).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(counted.errors - sent.errors), difference).toBeLessThanOrEqual(tolerance);
    }
  }
}
