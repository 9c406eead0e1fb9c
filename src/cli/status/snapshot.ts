import type { Failure } from '../../evaluate/pass.js';
import { type CandidateEvidence, noEvidence } from './evidence.js';
import type { LiveFinding } from './live.js';
import { ledgerEvidence, type StatusReading } from './read.js';
import { type ReleaseRow, rowOf } from './row.js';

/** What is shown of a workspace at a moment. */
export interface Snapshot {
  /** In the order of their ids. */
  readonly rows: readonly ReleaseRow[];
  readonly failures: readonly Failure[];
  /** Returns the evidence on the release of a row; read when it is asked for. */
  evidence(row: ReleaseRow): CandidateEvidence;
}

/**
 * Returns what is to be shown.
 *
 * @param now Unix seconds
 * @param live what a pass would find; undefined without `--live`
 */
export function snapshotOf(
  { workspace, releases }: StatusReading,
  now: number,
  live: LiveFinding | undefined,
): Snapshot {
  const { metrics, freeze, schedule, git } = workspace.project;
  const clock = { now, delay: metrics?.delay ?? usualDelay, freeze, schedule, merged: git.pullRequests?.for };
  const readings = new Map<ReleaseRow, StatusReading['releases'][number]>();
  const rows = releases.map((reading) => {
    const plain = rowOf(reading, clock);
    const row = live === undefined ? plain : live.row(reading.entry.id, plain);
    readings.set(row, reading);
    return row;
  });
  return {
    rows,
    failures: live?.failures ?? [],
    evidence(row) {
      const reading = readings.get(row);
      if (reading === undefined) return noEvidence;
      const kept = ledgerEvidence(workspace, reading, row);
      return live === undefined ? kept : live.evidence(reading.entry.id, kept);
    },
  };
}

/** Seconds, where sluice.yaml names no source of metrics. */
const usualDelay = 5;
