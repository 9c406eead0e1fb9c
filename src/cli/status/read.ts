import { dirname, join } from 'node:path';
import { ConfigError } from '../../errors.js';
import type { Status } from '../../evaluate/status.js';
import { isByHand, statusOf } from '../release-status.js';
import { openWorkspace, type ReleaseEntry, readReleases, selectReleases, type Workspace } from '../workspace.js';
import { type CandidateEvidence, evidenceIn, noEvidence } from './evidence.js';
import type { ReleaseReading, ReleaseRow } from './row.js';

/** The releases that are asked for, as they lie there. */
export interface StatusReading {
  readonly workspace: Workspace;
  readonly releases: readonly ReleaseReading[];
}

/**
 * Reads the releases of a workspace, or the one that is named; nothing is rendered and nothing is asked of git, but for
 * a single one, of which git says whether a person wrote its status.
 *
 * @throws ConfigError when there is no such release, or no folder of releases
 */
export async function readStatus(root: string, name: string | undefined): Promise<StatusReading> {
  const workspace = openWorkspace(root);
  const selected = selectReleases(readReleases(workspace), name);
  const releases = selected.map((entry) => ({ entry, status: tryStatus(workspace, entry), byHand: false }));
  const [only] = releases;
  if (only === undefined || releases.length > 1) return { workspace, releases };
  return { workspace, releases: [{ ...only, byHand: await changedByHand(workspace, only) }] };
}

/** Returns whether a person wrote the status of a release, which matters only while it is under way. */
export async function changedByHand(workspace: Workspace, { entry, status }: ReleaseReading): Promise<boolean> {
  if (status instanceof ConfigError || status.phase !== 'Progressing') return false;
  // Outside of a repository there is no history that could tell.
  return isByHand(workspace, entry.file).catch(() => false);
}

function tryStatus(workspace: Workspace, { file }: ReleaseEntry): Status | ConfigError {
  try {
    return statusOf(workspace, file);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** Returns the evidence on the candidate of a release, from the end of its ledger. */
export function ledgerEvidence({ root }: Workspace, { entry }: ReleaseReading, row: ReleaseRow): CandidateEvidence {
  // After a promotion the ledger tells of the version that is the primary now.
  const candidate = row.candidate ?? row.primary;
  if (candidate === undefined) return noEvidence;
  return evidenceIn(join(root, dirname(entry.file), 'ledger.jsonl'), candidate);
}
