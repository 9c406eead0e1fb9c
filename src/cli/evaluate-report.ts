import { ConfigError, isSluiceError } from '../errors.js';
import { summaryOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import type { Failure } from '../evaluate/pass.js';
import type { Closed } from '../gitops/pull-requests/close-moot.js';
import type { RequestName, StandingRequest } from '../gitops/pull-requests/propose.js';
import type { Delivery } from '../notify/notify.js';
import { formatPath } from '../values/source-text.js';
import { describeError } from './report-error.js';

/** In a dry run: that there would be a request. */
export interface WouldWait {
  readonly kind: 'would wait';
}

/** A decision and the commit that carried it out; undefined for a hold and in a dry run. */
export interface Outcome {
  readonly decision: Decision;
  readonly commit: string | undefined;
  /** Where the decision waits for a merge. */
  readonly request?: StandingRequest | WouldWait;
}

/** Manifests that were not those of the values, and the commit that mended that; undefined in a dry run. */
export interface RenderedOutcome {
  readonly release: string;
  readonly summary: string;
  readonly commit: string | undefined;
  /** Where it waits for a merge. */
  readonly request?: StandingRequest | WouldWait;
}

/** A commit that was not made though it was wanted, and why. */
export interface Dropped {
  readonly release: string;
  readonly summary: string;
  readonly reason: string;
}

/** All that a pass has to tell. */
export interface PassReport {
  readonly dryRun: boolean;
  readonly rendered: readonly RenderedOutcome[];
  readonly outcomes: readonly Outcome[];
  /** What somebody else's commit made moot; the next pass decides anew. */
  readonly overtaken: readonly Dropped[];
  /** What the budget of the server leaves to the next pass. */
  readonly deferred: readonly Dropped[];
  /** Requests that are moot. */
  readonly closed: readonly Closed[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
  /** Who was told of it. */
  readonly notifications: readonly Delivery[];
}

/** Returns the report as one JSON document. */
export function formatJson(report: PassReport): string {
  return `${JSON.stringify(reportAsData(report), null, 2)}\n`;
}

/** Returns the report as `-o json` has it. */
export function reportAsData({ outcomes, failures, ...rest }: PassReport): object {
  const { dryRun, rendered, overtaken, deferred, closed, warnings, notifications } = rest;
  return {
    ...{ dryRun, rendered, overtaken, deferred, closed, warnings, notifications },
    decisions: outcomes.map(({ decision, ...rest }) => ({ ...decision, ...rest })),
    failures: failures.map(({ release, error }) => ({
      release,
      message: error.message,
      ...(isSluiceError(error) && { code: error.code, path: error.path, hint: error.hint }),
      ...(error instanceof ConfigError && { problems: error.problems }),
    })),
  };
}

/** Returns the report as a person reads it. */
export function formatText(report: PassReport): string {
  const { dryRun, rendered, outcomes, overtaken, deferred, closed, failures, warnings } = report;
  return [
    ...outcomes.map((outcome) => formatOutcome(outcome)),
    ...rendered.map((each) => `${each.release}: ${each.summary}\n${indent(landingLines(each))}`),
    ...overtaken.map((each) => dropped(each, 'overtaken', 'the next pass decides anew')),
    ...deferred.map((each) => dropped(each, 'deferred', 'the next pass goes on')),
    ...closed.map(
      ({ release, reason, ...request }) => `${release}: closed ${shownRequest(request)}\n${indent(`${reason}\n`)}`,
    ),
    ...failures.map(({ release, error }) => `${release}: could not run\n${indent(describeError(error))}`),
    ...warnings.map((warning) => `warning: ${warning}\n`),
    dryRun ? 'dry run: nothing was written\n' : '',
    outcomes.length + overtaken.length + deferred.length + failures.length === 0 ? 'no releases\n' : '',
  ].join('');
}

function formatOutcome({ decision, ...landing }: Outcome): string {
  const edits = decision.change?.edits.map(({ path, value }) => `${formatPath(path)}: ${value}\n`) ?? [];
  const lines = [`${decision.reason}\n`, ...edits, landingLines(landing)];
  return `${decision.release}: ${summaryOf(decision)}\n${indent(lines.join(''))}`;
}

/** How it came to the branch, or what it waits for. */
function landingLines({ commit, request }: Pick<RenderedOutcome, 'commit' | 'request'>): string {
  return [
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 10)}\n`]),
    ...(request === undefined ? [] : [`${requestLine(request)}\n`]),
  ].join('');
}

/** Returns what something waits for, in a line. */
export function requestLine(standing: StandingRequest | WouldWait): string {
  if (standing.kind === 'would wait') return 'would wait for the merge of a pull request';
  const { request, ...rest } = standing;
  const shown = request === undefined ? '' : shownRequest(request);
  if (rest.kind === 'waiting') {
    const was = rest.was === undefined ? '' : `; it was ${JSON.stringify(rest.was)}`;
    return `waits for the merge of ${shown} (${rest.news}${was})`;
  }
  if (rest.kind === 'declined') return `not asked for again until something changes: ${shown}: ${rest.reason}`;
  return `left alone: ${rest.reason}${shown === '' ? '' : `: ${shown}`}`;
}

function shownRequest({ name, url }: RequestName): string {
  return `${name} ${url}`;
}

function dropped({ release, summary, reason }: Dropped, word: string, next: string): string {
  return `${release}: ${word}: ${summary}\n${indent(`${reason}; ${next}\n`)}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
