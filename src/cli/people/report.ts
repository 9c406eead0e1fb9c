import { ConfigError, isSluiceError } from '../../errors.js';
import { oneLine } from '../../gitops/one-line.js';
import type { StandingRequest } from '../../gitops/pull-requests/propose.js';
import type { Delivery } from '../../notify/notify.js';
import { requestLine, type WouldWait } from '../evaluate-report.js';
import type { Step } from './step.js';
import type { Whereabouts } from './whereabouts.js';

/** What became of a command on one release: one of a step, nothing to do, and an error. */
export interface StepResult {
  readonly release: string;
  readonly step?: Step;
  /** Undefined in a dry run. */
  readonly commit?: string;
  /** Where the step waits for a merge. */
  readonly request?: StandingRequest | WouldWait;
  readonly nothing?: string;
  readonly error?: Error;
}

/** All that a command has to tell. */
export interface StepReport {
  readonly dryRun: boolean;
  readonly results: readonly StepResult[];
  /** Of the commits; undefined where there is none. */
  readonly where: Whereabouts | undefined;
}

/** Returns the report as one JSON document. */
export function formatJson({ dryRun, results, where }: StepReport, notifications: readonly Delivery[]): string {
  const releases = results.map(({ release, step, commit, request, nothing, error }) => ({
    release,
    ...(step && { summary: step.plan.summary, reason: step.plan.body, changes: step.lines, commit, request }),
    ...(commit !== undefined && { pushed: where?.pushed }),
    ...(nothing !== undefined && { nothing }),
    ...(error && { error: errorJson(error) }),
  }));
  return `${JSON.stringify({ dryRun, releases, notifications }, null, 2)}\n`;
}

function errorJson(error: Error): object {
  const { message } = error;
  if (!isSluiceError(error)) return { message };
  const { code, path, hint } = error;
  return { message, code, path, hint, ...(error instanceof ConfigError && { problems: error.problems }) };
}

const mostIdle = 5;

/** Returns the report as a person reads it; errors are said elsewhere. */
export function formatText({ dryRun, results, where }: StepReport): string {
  const done = results.filter(({ step }) => step !== undefined);
  const idle = results.filter(({ nothing }) => nothing !== undefined);
  const shown = idle.slice(0, mostIdle);
  const more = idle.length - shown.length;
  return [
    ...done.map(formatStep),
    ...shown.map(({ release, nothing = '' }) => `${oneLine(release)}: nothing to do: ${oneLine(nothing)}\n`),
    more > 0 ? `nothing to do for ${more} more\n` : '',
    results.length === 0 ? 'no releases\n' : '',
    where === undefined ? '' : `${where.words}\n`,
    dryRun ? 'dry run: nothing was written\n' : '',
  ].join('');
}

function formatStep({ release, step, commit, request }: StepResult): string {
  const lines = [
    step?.says ?? step?.plan.body ?? '',
    ...(step?.lines ?? []),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}`]),
    ...(request === undefined ? [] : [requestLine(request)]),
  ];
  const head = `${oneLine(release)}: ${oneLine(step?.plan.summary ?? '')}\n`;
  return `${head}${lines.map((line) => `  ${oneLine(line)}\n`).join('')}`;
}
