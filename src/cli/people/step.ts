import type { Problem } from '../../errors.js';
import { executionOf } from '../../evaluate/commit-plan.js';
import type { Decision } from '../../evaluate/decision.js';
import type { CommitPlan } from '../../gitops/plan.js';
import { Overtaken } from '../../gitops/proposal.js';
import type { LoadedValues } from '../../values/load.js';
import { formatPath } from '../../values/source-text.js';
import type { Workspace } from '../workspace.js';
import { ledgerFile, type Standing } from './standing.js';

/** What a person's command does to one release. */
export interface Step {
  readonly plan: CommitPlan;
  /** What is said of it. @default the body of the commit */
  readonly says?: string;
  /** What it changes, a line each. */
  readonly lines: readonly string[];
  /** What a person should know of the values as they are then. */
  readonly notices: readonly Problem[];
  /** The version that it is about. @default none */
  readonly candidate?: CandidateOf | undefined;
}

/** A version, and where it is written. */
export interface CandidateOf {
  readonly name: string;
  readonly file: string;
  readonly image: string | undefined;
}

/** Why there is nothing to do. */
export interface Nothing {
  readonly nothing: string;
}

/** Returns the step that carries a decision out, with everything that follows from it. */
export function stepOf(
  { project }: Pick<Workspace, 'project'>,
  decision: Decision,
  { standing, summary, trailer }: { readonly standing: Standing; readonly summary?: string; readonly trailer?: string },
): Step | Overtaken {
  const rendered = project.render === 'manifests' ? project.rendered : undefined;
  const ledger = standing.files.read(ledgerFile(standing.file)) ?? '';
  const execution = executionOf(decision, standing, { rendered, ledger });
  if (execution === undefined) return new Overtaken('nothing is left to change');
  const { plan, notices } = execution;
  const trailers = { ...plan.trailers, ...(trailer !== undefined && { decision: trailer }) };
  return {
    plan: { ...plan, trailers, ...(summary !== undefined && { summary }) },
    lines: (decision.change?.edits ?? []).map(({ path, value }) => `${formatPath(path)}: ${value}`),
    notices,
    candidate: candidateIn(standing.loaded, decision.candidate),
  };
}

/** Returns what is told of a version; undefined for none. */
export function candidateIn({ file, release }: LoadedValues, name: string | undefined): CandidateOf | undefined {
  const version = release.model.versions.find((each) => each.name === name);
  return version && { name: version.name, file, image: version.image };
}
