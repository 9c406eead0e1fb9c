import { SourceError } from '../../errors.js';
import type { LedgerRow, Missing, Sample, SampleRequest, Source } from '../../release/evaluation.js';
import type { Recorded } from './record.js';

/** A source of metrics that has what a decision was made on, and remembers what it lacked. */
export interface LedgerSource extends Source {
  /** Ends of the windows that were asked for, in Unix seconds, oldest first. */
  readonly asked: readonly number[];
  /** Ends of those of them that are in no line. */
  readonly absent: readonly number[];
}

/** Returns the windows of a decision as a source; where it kept no evidence, what its status and its reason tell. */
export function ledgerSource(recorded: Recorded, rows: readonly LedgerRow[]): LedgerSource {
  const byEnd = new Map(rows.map((row) => [row.end, row.versions]));
  const told = toldBy(recorded);
  const down = downAt(recorded);
  const asked: number[] = [];
  return {
    asked,
    get absent() {
      return recorded.evidence === undefined ? [] : asked.filter((end) => !byEnd.has(end));
    },
    async read({ firstEnd, lastEnd, interval }: SampleRequest) {
      for (let end = firstEnd; end <= lastEnd; end += interval) asked.push(end);
      // In the words of the decision, which stand in its reason.
      if (down !== undefined) throw new SourceError(down, { code: 'source/unreachable', hint: 'It was so then.' });
      return {
        sample: ({ version }, end) => byEnd.get(end)?.[version] ?? told(version) ?? { missing: 'no evidence' },
        warnings: [],
        queries: [],
        // A line of before a budget for silence kept its windows begins with those that were judged.
        firstEnd: rows[0]?.end,
      };
    },
  };
}

/** An entry keeps the traffic of the primary, and a cleanup why its version has none; else one that is to go still has some. */
function toldBy({ state, evidence, after: { status } }: Recorded): (version: string) => Sample | Missing | undefined {
  const { primary } = state.loaded.release.model;
  const [, leaves, gone] = /^(\S+) has left the route and gets no requests \((.*?)\): /.exec(status.message) ?? [];
  const requests = status.traffic ?? numberIn(status.message) ?? 1;
  return (version) => {
    if (gone !== undefined && version === leaves) return { missing: gone, idle: true };
    if (evidence !== undefined) return undefined;
    return { requests: version === primary ? requests : 1, errors: 0, latencySum: 0 };
  };
}

function numberIn(message: string): number | undefined {
  const [, digits] = / answers ([\d,]+) requests a window/.exec(message) ?? [];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}

/** Why the metrics could not be read, where the decision says that. */
function downAt({ after: { status } }: Recorded): string | undefined {
  const [, why] = /^the metrics cannot be read(?: since \S+)?: (.*)$/s.exec(status.message) ?? [];
  if (why === undefined) return undefined;
  return status.conditions?.find(({ type }) => type === 'MetricsSynced')?.message || why;
}
