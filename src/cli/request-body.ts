import { ConfigError } from '../errors.js';
import type { Decision } from '../evaluate/decision.js';
import type { CommitPlan } from '../gitops/plan.js';
import type { Files } from '../gitops/proposal.js';
import { requestBody } from '../reports/pull-request.js';
import { reloadValues } from '../values/load.js';
import { compare } from './diff/compare.js';
import type { Side } from './diff/side.js';
import { valuesNow } from './stale.js';
import type { ReleaseEntry, Workspace } from './workspace.js';

/** Where a request is to be merged. */
export interface RequestGround {
  readonly workspace: Workspace;
  readonly entries: readonly ReleaseEntry[];
  /** The branch. */
  readonly base: string;
  readonly read: Files['read'];
}

/** Returns what a request says: why, the evidence, and what changes, by its meaning, with the commit that it came to. */
export function bodyOf(
  decision: Decision,
  plan: CommitPlan,
  { workspace, entries, base, read }: RequestGround,
): string {
  const entry = entries.find(({ id }) => id === decision.release);
  const loaded = entry && !(entry.loaded instanceof ConfigError) ? valuesNow(entry.loaded, { read }) : undefined;
  const sideWith = (each: ReleaseEntry['loaded']): Side => {
    const changed = entry === undefined ? [] : [{ ...entry, loaded: each }];
    return { project: workspace.project, entries: changed, obstacles: [] };
  };
  const text = plan.changes.find(({ path }) => path === loaded?.file)?.content ?? loaded?.text ?? '';
  const difference =
    loaded === undefined
      ? { against: base, workspace: [], releases: [], errors: [] }
      : compare(sideWith(loaded), sideWith(reloadValues(loaded, text)), base);
  return requestBody({
    reason: decision.reason,
    evidence: evidenceOf(decision),
    difference,
    remarks: remarksOn(decision),
  });
}

/** Rolling back is waited for only where everything is. */
function remarksOn({ kind, candidate = 'the candidate' }: Decision): string[] {
  if (kind !== 'roll back') return [];
  return [`**Users meet \`${candidate}\` until this is merged.** \`git.pullRequests.for\` is \`all\`.`];
}

const columns = ['version', 'metric', 'found', 'value', 'baseline', 'limit'];

function evidenceOf({ evidence }: Decision): string[][] {
  const standings = evidence?.verdict.standings ?? [];
  const rows = standings.flatMap(({ version, assessments }) =>
    assessments.map(({ metric, classification, value, baseline, limit }) => {
      return [version, metric, classification, ...[value, baseline, limit].map(shown)];
    }),
  );
  return [columns, ...rows];
}

function shown(value: number | undefined): string {
  return value === undefined ? '' : `${Number(value.toPrecision(4))}`;
}
