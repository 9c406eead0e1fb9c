import { ConfigError } from '../../errors.js';
import { summaryOf } from '../../evaluate/commit-plan.js';
import type { Decision } from '../../evaluate/decision.js';
import { type Failure, pass, type ReleaseState } from '../../evaluate/pass.js';
import { oneLine } from '../../gitops/one-line.js';
import { openSource } from '../../sources/registry.js';
import { metricsOf } from '../evaluate.js';
import { type CandidateEvidence, merged } from './evidence.js';
import { findingOf, wholeOf } from './found.js';
import { afterNothing, type Next } from './next.js';
import { openRequests, type Waiting } from './open-requests.js';
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
  const { freeze, schedule } = workspace.project;
  const { decisions, failures } = await pass(states, {
    source: openSource(metrics, { root: workspace.root }),
    clock,
    freeze,
    schedule,
  });
  const byId = new Map(decisions.map((decision) => [decision.release, decision]));
  const waiting = await openRequests(workspace, decisions);
  return {
    failures: [...failures, ...waiting.failures],
    row: (id, row) => liveRow(row, byId.get(id), waiting),
    evidence: (id, evidence) => liveEvidence(evidence, byId.get(id)),
  };
}

function liveRow(row: ReleaseRow, decision: Decision | undefined, waiting: Waiting): ReleaseRow {
  if (decision?.candidate === undefined) return row;
  // What was found last is no verdict on what is there now.
  const { verdict: _, finding: __, ...rest } = row;
  const { outcome } = decision.evidence?.verdict ?? {};
  const report = decision.report ?? {};
  return {
    ...rest,
    ...wholeOf(report),
    versions: row.versions.map(({ version, role, share }) => ({ version, role, share, ...findingOf(report, version) })),
    ...(outcome !== undefined && { verdict: outcome, finding: outcome }),
    message: oneLine(decision.reason),
    next: decision.change === undefined ? afterNothing(row.next, decision.candidate) : dueNext(decision, waiting),
  };
}

function dueNext(decision: Decision, { pages }: Waiting): Next {
  const { kind, release } = decision;
  const text = `due: ${oneLine(summaryOf(decision))}`;
  if (!pages.has(release)) return { kind, text };
  const request = pages.get(release);
  if (request === undefined) return { kind, text: `${text}; would wait for the merge of a pull request` };
  return { kind, text: `${text}; waits for the merge of ${oneLine(request)}`, request };
}

function liveEvidence(evidence: CandidateEvidence, decision: Decision | undefined): CandidateEvidence {
  const rows = decision?.evidence?.kept.rows ?? [];
  return { ...evidence, windows: merged([...evidence.windows, ...rows]) };
}
