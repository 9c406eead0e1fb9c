import { ConfigError } from '../../errors.js';
import { summaryOf } from '../../evaluate/commit-plan.js';
import type { Decision } from '../../evaluate/decision.js';
import { type Failure, pass, type ReleaseState } from '../../evaluate/pass.js';
import { oneLine } from '../../gitops/one-line.js';
import { sources } from '../../sources/registry.js';
import { metricsOf } from '../evaluate.js';
import { type CandidateEvidence, merged } from './evidence.js';
import { changedByHand, type StatusReading } from './read.js';
import type { ReleaseRow } from './row.js';

/** What a pass would find at this moment. */
export interface LiveFinding {
  readonly failures: readonly Failure[];
  /** Returns the row of a release with what was found just now in place of what the last decision found. */
  row(id: string, row: ReleaseRow): ReleaseRow;
  /** Returns the evidence on a release with the windows that were read just now. */
  evidence(id: string, evidence: CandidateEvidence): CandidateEvidence;
}

/**
 * Asks the metrics source what the next pass would ask, and decides as it would; nothing is written.
 *
 * @throws ConfigError when sluice.yaml names no source
 */
export async function liveFinding({ workspace, releases }: StatusReading, now: number): Promise<LiveFinding> {
  const metrics = metricsOf(workspace);
  const states: ReleaseState[] = [];
  for (const reading of releases) {
    const { entry, status } = reading;
    if (entry.loaded instanceof ConfigError || status instanceof ConfigError) continue;
    states.push({ id: entry.id, loaded: entry.loaded, status, byHand: await changedByHand(workspace, reading) });
  }
  const clock = { now, delay: metrics.delay };
  const { freeze } = workspace.project;
  const { decisions, failures } = await pass(states, { source: sources[metrics.source](metrics), clock, freeze });
  const byId = new Map(decisions.map((decision) => [decision.release, decision]));
  return {
    failures,
    row: (id, row) => liveRow(row, byId.get(id)),
    evidence: (id, evidence) => liveEvidence(evidence, byId.get(id)),
  };
}

function liveRow(row: ReleaseRow, decision: Decision | undefined): ReleaseRow {
  if (decision?.candidate === undefined) return row;
  // What was found last is no verdict on what is there now.
  const { verdict: _, finding: __, ...rest } = row;
  const { outcome } = decision.evidence?.verdict ?? {};
  const due = { kind: decision.kind, text: `due: ${oneLine(summaryOf(decision))}` };
  return {
    ...rest,
    ...(outcome !== undefined && { verdict: outcome, finding: outcome }),
    message: oneLine(decision.reason),
    next: decision.change === undefined ? row.next : due,
  };
}

function liveEvidence(evidence: CandidateEvidence, decision: Decision | undefined): CandidateEvidence {
  const rows = decision?.evidence?.ledger.rows ?? [];
  return { ...evidence, windows: merged([...evidence.windows, ...rows]) };
}
