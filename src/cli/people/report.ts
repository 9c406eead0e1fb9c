import { ConfigError, isSluiceError } from '../../errors.js';
import { oneLine } from '../../gitops/one-line.js';
import type { Step } from './step.js';

/** What became of a command on one release: one of a step, nothing to do, and an error. */
export interface StepResult {
  readonly release: string;
  readonly step?: Step;
  /** Undefined in a dry run. */
  readonly commit?: string;
  readonly nothing?: string;
  readonly error?: Error;
}

/** All that a command has to tell. */
export interface StepReport {
  readonly dryRun: boolean;
  readonly results: readonly StepResult[];
}

/** Returns the report as one JSON document. */
export function formatJson({ dryRun, results }: StepReport): string {
  const releases = results.map(({ release, step, commit, nothing, error }) => ({
    release,
    ...(step && { summary: step.plan.summary, reason: step.plan.body, changes: step.lines, commit }),
    ...(nothing !== undefined && { nothing }),
    ...(error && { error: errorJson(error) }),
  }));
  return `${JSON.stringify({ dryRun, releases }, null, 2)}\n`;
}

function errorJson(error: Error): object {
  const { message } = error;
  if (!isSluiceError(error)) return { message };
  const { code, path, hint } = error;
  return { message, code, path, hint, ...(error instanceof ConfigError && { problems: error.problems }) };
}

const mostIdle = 5;

/** Returns the report as a person reads it; errors are said elsewhere. */
export function formatText({ dryRun, results }: StepReport): string {
  const done = results.filter(({ step }) => step !== undefined);
  const idle = results.filter(({ nothing }) => nothing !== undefined);
  const shown = idle.slice(0, mostIdle);
  const more = idle.length - shown.length;
  return [
    ...done.map(formatStep),
    ...shown.map(({ release, nothing = '' }) => `${oneLine(release)}: nothing to do: ${oneLine(nothing)}\n`),
    more > 0 ? `nothing to do for ${more} more\n` : '',
    results.length === 0 ? 'no releases\n' : '',
    dryRun ? 'dry run: nothing was written\n' : '',
  ].join('');
}

function formatStep({ release, step, commit }: StepResult): string {
  const lines = [
    step?.says ?? step?.plan.body ?? '',
    ...(step?.lines ?? []),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`]),
  ];
  const head = `${oneLine(release)}: ${oneLine(step?.plan.summary ?? '')}\n`;
  return `${head}${lines.map((line) => `  ${oneLine(line)}\n`).join('')}`;
}
