import { ConfigError } from '../errors.js';
import type { Decision } from '../evaluate/decision.js';
import type { CommitPlan } from '../gitops/plan.js';
import type { Files } from '../gitops/proposal.js';
import { requestBody } from '../reports/pull-request.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import { loadProject, type Project } from '../values/project.js';
import { compare } from './diff/compare.js';
import type { Side } from './diff/side.js';
import { valuesNow } from './stale.js';
import { projectFile, type ReleaseEntry, type Workspace } from './workspace.js';

/** Where a request is to be merged. */
export interface RequestGround {
  readonly workspace: Workspace;
  readonly entries: readonly ReleaseEntry[];
  /** The branch. */
  readonly base: string;
  readonly read: Files['read'];
}

/** What a request is for. */
export interface Requesting extends Pick<Decision, 'release' | 'reason'> {
  readonly evidence?: Decision['evidence'];
  /** What a reviewer has to know beside. */
  readonly remarks: readonly string[];
}

/** Returns what a request says: why, the evidence, and what changes, by its meaning, with the commit that it came to. */
export function bodyOf(
  { release, reason, evidence, remarks }: Requesting,
  plan: CommitPlan,
  { workspace, entries, base, read }: RequestGround,
): string {
  const entry = entries.find(({ id }) => id === release);
  const loaded = entry && !(entry.loaded instanceof ConfigError) ? valuesNow(entry.loaded, { read }) : undefined;
  const textOf = (file: string | undefined) => plan.changes.find(({ path }) => path === file)?.content ?? undefined;
  const sideWith = (project: Project, each: LoadedValues | undefined): Side => {
    const changed = entry === undefined || each === undefined ? [] : [{ ...entry, loaded: each }];
    return { project, entries: changed, obstacles: [] };
  };
  const [settings, text] = [textOf(projectFile), textOf(loaded?.file)];
  const project = settings === undefined ? workspace.project : loadProject(settings, projectFile);
  const after = loaded && reloadValues(loaded, text ?? loaded.text);
  const difference = compare(sideWith(workspace.project, loaded), sideWith(project, after), base);
  return requestBody({ reason, evidence: evidenceOf(evidence), difference, remarks });
}

/** Rolling back is waited for only where everything is. */
export function remarksOn({ kind, candidate = 'the candidate' }: Pick<Decision, 'kind' | 'candidate'>): string[] {
  if (kind !== 'roll back') return [];
  return [`**Users meet \`${candidate}\` until this is merged.** \`git.pullRequests.for\` is \`all\`.`];
}

const columns = ['version', 'metric', 'found', 'value', 'baseline', 'limit'];

function evidenceOf(evidence: Decision['evidence']): string[][] {
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
