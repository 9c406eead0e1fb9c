import * as z from 'zod';
import type { LedgerRow } from '../../release/evaluation.js';

const Entry = z.union([
  z.looseObject({ requests: z.number().positive(), errors: z.number().min(0), latencySum: z.number().min(0) }),
  z.strictObject({ missing: z.string() }),
]);

const Row = z.object({ end: z.number(), versions: z.record(z.string(), Entry) });

/** A line of `ledger.jsonl`; what is not read for a replay is compared as it stands. */
const LedgerLine = z.looseObject({
  iteration: z.int(),
  decision: z.string().optional(),
  queries: z.string().optional(),
  verdict: z.string().optional(),
  since: z.iso.datetime().optional(),
  startedAt: z.record(z.string(), z.iso.datetime()).optional(),
  windows: z.array(Row),
});

/** A line of `ledger.jsonl`. */
export interface LedgerLine {
  readonly decision?: string | undefined;
  readonly queries?: string | undefined;
  readonly verdict?: string | undefined;
  /** From when on windows counted, and when each candidate entered; absent in lines of before a merge was told. */
  readonly since?: string | undefined;
  readonly startedAt?: { readonly [version: string]: string } | undefined;
  readonly windows: readonly LedgerRow[];
  readonly [key: string]: unknown;
}

/** Returns what a line of a ledger says; undefined for one that is none of ours. */
export function ledgerLine(text: string): LedgerLine | undefined {
  try {
    return LedgerLine.safeParse(JSON.parse(text)).data as LedgerLine | undefined;
  } catch {
    return undefined;
  }
}

/** Returns the lines that a text has more than the one before; all that are new, where it was not only appended to. */
export function linesAdded(before: string, after: string): string[] {
  const known = new Set(before.split('\n'));
  const added = after.startsWith(before)
    ? after.slice(before.length).split('\n')
    : after.split('\n').filter((line) => !known.has(line));
  return added.filter((line) => line !== '');
}
