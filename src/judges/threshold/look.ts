import { isSample, type LedgerRow, type Sample } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';

/** What one candidate is judged by. */
export interface OneInput extends JudgeInput {
  readonly candidate: string;
}

/** One window of the candidate; without a baseline where that had no traffic, or is no comparison. */
export interface LookRow {
  readonly baseline: Sample | undefined;
  readonly candidate: Sample;
}

/** The windows that one comparison rests on, oldest first. */
export type Look = readonly LookRow[];

/** Returns every window in which the candidate had traffic, beside the baseline where the two can be compared. */
export function lookAt({ ledger, baseline, candidate, comparable }: OneInput): Look {
  return ledger.rows.flatMap((row) => {
    const sample = row.versions[candidate];
    return isSample(sample) ? [{ candidate: sample, baseline: comparable ? sampleOf(row, baseline) : undefined }] : [];
  });
}

/** Returns the windows in which every version that is needed had traffic. */
export function sharedOf(input: OneInput): Look {
  return needed(input).length === 1 ? lookAt(input) : lookAt(input).filter(({ baseline }) => baseline !== undefined);
}

/** Returns the versions that must have had traffic. */
export function needed({ baseline, candidate, comparable }: OneInput): readonly string[] {
  return comparable ? [baseline, candidate] : [candidate];
}

/** Returns how many requests each version had in the windows; the baseline 0 where it had none. */
export function requestsIn(look: Look) {
  return {
    baseline: look.reduce((sum, { baseline }) => sum + (baseline?.requests ?? 0), 0),
    candidate: look.reduce((sum, { candidate }) => sum + candidate.requests, 0),
  };
}

/** Returns the first version that has fewer than `minRequests`, and how many it has. */
export function shortIn(look: Look, input: OneInput): { readonly version: string; readonly had: number } | undefined {
  const { baseline, candidate } = requestsIn(look);
  const had = (version: string) => (version === input.candidate ? candidate : baseline);
  const version = needed(input).find((name) => had(name) < input.minRequests);
  return version === undefined ? undefined : { version, had: had(version) };
}

function sampleOf({ versions }: LedgerRow, version: string): Sample | undefined {
  const entry = versions[version];
  return isSample(entry) ? entry : undefined;
}
