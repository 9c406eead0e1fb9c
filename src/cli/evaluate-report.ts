import { ConfigError, isSluiceError } from '../errors.js';
import { summaryOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import type { Failure } from '../evaluate/pass.js';
import { formatPath } from '../values/source-text.js';
import { describeError } from './report-error.js';

/** A decision and the commit that carried it out; undefined for a hold and in a dry run. */
export interface Outcome {
  readonly decision: Decision;
  readonly commit: string | undefined;
}

/** Manifests that were not those of the values, and the commit that mended that; undefined in a dry run. */
export interface RenderedOutcome {
  readonly release: string;
  readonly summary: string;
  readonly commit: string | undefined;
}

/** All that a pass has to tell. */
export interface PassReport {
  readonly dryRun: boolean;
  readonly rendered: readonly RenderedOutcome[];
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

/** Returns the report as one JSON document. */
export function formatJson({ outcomes, failures, ...rest }: PassReport): string {
  const report = {
    ...rest,
    decisions: outcomes.map(({ decision, commit }) => ({ ...decision, commit })),
    failures: failures.map(({ release, error }) => ({
      release,
      message: error.message,
      ...(isSluiceError(error) && { code: error.code, path: error.path, hint: error.hint }),
      ...(error instanceof ConfigError && { problems: error.problems }),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Returns the report as a person reads it. */
export function formatText({ dryRun, rendered, outcomes, failures, warnings }: PassReport): string {
  return [
    ...outcomes.map((outcome) => formatOutcome(outcome)),
    ...rendered.map(({ release, summary, commit }) => `${release}: ${summary}\n${indent(commitLine(commit))}`),
    ...failures.map(({ release, error }) => `${release}: could not run\n${indent(describeError(error))}`),
    ...warnings.map((warning) => `warning: ${warning}\n`),
    dryRun ? 'dry run: nothing was written\n' : '',
    outcomes.length + failures.length === 0 ? 'no releases\n' : '',
  ].join('');
}

function formatOutcome({ decision, commit }: Outcome): string {
  const edits = decision.change?.edits.map(({ path, value }) => `${formatPath(path)}: ${value}\n`) ?? [];
  const lines = [
    `${decision.reason}\n`,
    ...edits,
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}\n`]),
  ];
  return `${decision.release}: ${summaryOf(decision)}\n${indent(lines.join(''))}`;
}

function commitLine(commit: string | undefined): string {
  return commit === undefined ? '' : `commit ${commit.slice(0, 10)}\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
