import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import * as z from 'zod';
import { isSample, type LedgerRow } from '../../release/evaluation.js';

/** The evidence on one candidate so far. */
export interface CandidateEvidence {
  readonly candidate: string | undefined;
  /** What it was compared with last. */
  readonly baseline: string | undefined;
  /** The percents that the candidate had, oldest first. */
  readonly shares: readonly number[];
  /** Every window once, oldest first. */
  readonly windows: readonly LedgerRow[];
}

/** Where nothing is known. */
export const noEvidence: CandidateEvidence = {
  candidate: undefined,
  baseline: undefined,
  shares: [],
  windows: [],
};

/** What windows held of one version. */
export interface VersionEvidence {
  readonly requests: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly latencySum: number;
  /** The share of requests answered with an error, per window; undefined where it has none. */
  readonly errorRates: readonly (number | undefined)[];
}

const Entry = z.union([
  z.object({ requests: z.number().positive(), errors: z.number().min(0), latencySum: z.number().min(0) }),
  z.object({ missing: z.string() }),
]);

/** What is read of a line of `ledger.jsonl`. */
const LedgerLine = z.object({
  candidate: z.string(),
  baseline: z.string().optional(),
  from: z.number().min(0).max(100).optional(),
  to: z.number().min(0).max(100).optional(),
  windows: z.array(z.object({ end: z.number(), versions: z.record(z.string(), Entry) })).optional(),
});

type LedgerLine = z.infer<typeof LedgerLine>;

/** The end of a ledger that is read: some days of a release that is looked at every minute. */
const mostBytes = 1024 * 1024;

/** Returns what the ledger of a release knows of a candidate; nothing where there is no ledger. */
export function evidenceIn(path: string, candidate: string): CandidateEvidence {
  const lines = linesOf(tailOf(path));
  // A candidate that came back starts anew: only the last lines in a row are about it as it is.
  const other = lines.findLastIndex((line) => !isAbout(line, candidate));
  const seen = lines.slice(other + 1);
  const own = seen.filter((line) => line.candidate === candidate);
  const last = seen.at(-1);
  const [first] = own;
  return {
    candidate,
    baseline: last?.baseline,
    shares: first === undefined ? [] : [first.from ?? 0, ...own.map(({ from, to }) => to ?? from ?? 0)],
    windows: merged(seen.flatMap(({ windows = [] }) => windows)),
  };
}

/** A line names one candidate, and its windows hold all that were analysed together, beside the baseline. */
function isAbout({ candidate, baseline, windows = [] }: LedgerLine, name: string): boolean {
  const isAnalysed = name !== baseline && windows.some(({ versions }) => Object.hasOwn(versions, name));
  return candidate === name || isAnalysed;
}

/** Returns windows in order; of one that was looked at twice, what was seen last. */
export function merged(windows: readonly LedgerRow[]): LedgerRow[] {
  return [...new Map(windows.map((row) => [row.end, row])).values()].sort((a, b) => a.end - b.end);
}

/** Returns what the windows hold of one version. */
export function sumOf(windows: readonly LedgerRow[], version: string): VersionEvidence {
  const entries = windows.map(({ versions }) => (Object.hasOwn(versions, version) ? versions[version] : undefined));
  const samples = entries.filter((entry) => isSample(entry));
  const sum = (key: 'requests' | 'errors' | 'latencySum') => samples.reduce((all, sample) => all + sample[key], 0);
  return {
    requests: sum('requests'),
    errors: sum('errors'),
    latencySum: sum('latencySum'),
    errorRates: entries.map((entry) => (isSample(entry) ? entry.errors / entry.requests : undefined)),
  };
}

/** A line that is none of ours tells nothing; the evaluator does not read it either. */
function linesOf(text: string): LedgerLine[] {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      const parsed = LedgerLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

function tailOf(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) return '';
    const start = Math.max(0, stats.size - mostBytes);
    const bytes = Buffer.alloc(stats.size - start);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, start));
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}
