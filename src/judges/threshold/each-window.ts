import type { Standing } from '../../release/judge.js';
import { several, shortOf } from '../words.js';
import { standing } from './all-windows.js';
import { assess, type Finding, isBroken } from './assess.js';
import { type Look, type LookRow, lookAt, type OneInput, shortIn } from './look.js';
import { evidence, listOf } from './words.js';

/**
 * Judges each window for itself; a candidate fails with more failing windows, in total or in a row, than are allowed. A
 * window fails with its first broken objective, however many there are. Windows with fewer than `minRequests` of a
 * version are joined with those after them. While the newest one fails nothing passes; one without data neither counts
 * nor ends a row of failing ones.
 */
export function standingOfEach(input: OneInput): Standing {
  const { candidate, minRequests } = input;
  const { done, rest } = joined(input);
  const windows = done.map((look) => ({ look, findings: assess(input.objectives, look) }));
  const newest = windows.at(-1);
  if (newest === undefined) {
    const { version, had } = shortIn(rest, input) ?? { version: candidate, had: 0 };
    const findings = assess(input.objectives, rest);
    return standing(candidate, 'inconclusive', { sentence: shortOf(version, had, minRequests), findings });
  }
  const failing = windows.filter(({ findings }) => findings.some(isBroken));
  const tally = { windows: windows.length, failing: failing.length, inRow: longestRow(windows) };
  const excess = excessOf(tally, input);
  const worst = failing.at(-1);
  if (excess !== undefined && worst !== undefined) {
    const broken = listOf(worst.findings.filter(isBroken));
    const sentence = `${candidate} breaks ${broken}; ${excess}; ${evidence(worst.look, input)} in the newest of them`;
    return standing(candidate, 'fail', { sentence, findings: worst.findings });
  }
  return stateOf(newest, tally, input);
}

interface Window {
  readonly look: Look;
  readonly findings: readonly Finding[];
}

interface Tally {
  readonly windows: number;
  readonly failing: number;
  /** The most failing windows in a row. */
  readonly inRow: number;
}

/** What the newest window says where no more windows fail than are allowed. */
function stateOf({ look, findings }: Window, tally: Tally, input: OneInput): Standing {
  const { candidate } = input;
  const broken = findings.filter(isBroken);
  const obstacle = findings.find(({ reason }) => reason !== undefined);
  const failed = `${shareOf(tally)} failed`;
  if (broken.length > 0) {
    const sentence = `${candidate} breaks ${listOf(broken)} in the newest window; ${failed}, which is allowed`;
    return standing(candidate, 'inconclusive', { sentence, findings });
  }
  if (obstacle !== undefined) {
    return standing(candidate, 'inconclusive', { sentence: `${candidate} ${obstacle.reason}`, findings });
  }
  const sentence = `${candidate} keeps ${listOf(findings)} in the newest window; ${failed}; ${evidence(look, input)}`;
  return standing(candidate, 'pass', { sentence, findings });
}

/** Says by how much there are too many failing windows; undefined where there are not. */
function excessOf(tally: Tally, { settings }: OneInput): string | undefined {
  const { consecutiveFailures } = settings.threshold ?? {};
  const failures = settings.threshold?.failures ?? (consecutiveFailures === undefined ? 0 : Number.POSITIVE_INFINITY);
  if (tally.failing > failures) return `${shareOf(tally)} failed, ${allowed(failures)}`;
  if (consecutiveFailures === undefined || tally.inRow <= consecutiveFailures) return undefined;
  return `${several(tally.inRow, 'window')} in a row failed, ${allowed(consecutiveFailures)}`;
}

function allowed(failures: number): string {
  if (failures === 0) return 'none is allowed';
  return failures === 1 ? '1 is allowed' : `${failures} are allowed`;
}

function shareOf({ failing, windows }: Tally): string {
  return `${failing} of ${several(windows, 'window')}`;
}

function longestRow(windows: readonly Window[]): number {
  let longest = 0;
  let now = 0;
  for (const { findings } of windows) {
    if (findings.some(isBroken)) now += 1;
    else if (findings.every(({ assessment }) => assessment.classification === 'pass')) now = 0;
    longest = Math.max(longest, now);
  }
  return longest;
}

/** Windows that hold enough requests, each alone or joined with those before it, and those that do not yet. */
function joined(input: OneInput): { readonly done: readonly Look[]; readonly rest: Look } {
  const done: Look[] = [];
  let rest: LookRow[] = [];
  let had = nothing;
  for (const row of lookAt(input)) {
    rest.push(row);
    had = plus(had, row);
    if (!isWhole(had, input)) continue;
    done.push(rest);
    rest = [];
    had = nothing;
  }
  return { done, rest };
}

/** Requests so far; `alone` while no window has a baseline. */
const nothing = { baseline: 0, candidate: 0, alone: true };

function plus(had: typeof nothing, { baseline, candidate }: LookRow): typeof nothing {
  return {
    baseline: had.baseline + (baseline?.requests ?? 0),
    candidate: had.candidate + candidate.requests,
    alone: had.alone && baseline === undefined,
  };
}

/** A window of the candidate alone is whole without its baseline. */
function isWhole({ baseline, candidate, alone }: typeof nothing, { minRequests }: OneInput): boolean {
  return candidate >= minRequests && (alone || baseline >= minRequests);
}
