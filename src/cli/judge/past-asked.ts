import * as z from 'zod';
import { ConfigError } from '../../errors.js';
import type { Clock } from '../../evaluate/changes.js';
import { lastWindowEnd, type Windows } from '../../evaluate/ledger.js';
import { comparedWith } from '../../evaluate/scene-of.js';
import type { Analysis } from '../../release/evaluation.js';
import { isoTime } from '../../release/iso-time.js';
import { candidatesOf, type ReleaseModel } from '../../release/model.js';
import { nearest } from '../../values/check-shape.js';
import type { LoadedValues } from '../../values/load.js';
import type { OptionValues } from '../command.js';
import { assertTaken, judgeNamed } from '../replay/rerun.js';

/** Which stretch of a release is judged, and how. */
export interface Asked {
  readonly analysis: Analysis;
  readonly baseline: string;
  readonly candidates: readonly string[];
  /** Unix seconds. */
  readonly from: number;
  readonly windows: Windows;
}

/** As many as a pass looks back on. */
const mostWindows = 1440;

/** Returns what the words of the command mean. @throws ConfigError for what cannot be */
export function askedOf(
  { id, loaded }: { readonly id: string; readonly loaded: LoadedValues },
  options: OptionValues,
  clock: Clock,
): Asked {
  const { analysis: own, model } = loaded.release;
  if (own === undefined) throw noAnalysis(loaded.file);
  const judge = options.judge === undefined ? own.judge : judgeNamed(String(options.judge));
  if (judge !== own.judge) assertTaken({ id, loaded }, judgeNamed(judge));
  const analysis = { ...own, judge };
  const baseline =
    options.baseline === undefined ? comparedWith(model, analysis) : versionIn(model, options, 'baseline');
  const named = options.candidate === undefined ? othersIn(model, options) : [versionIn(model, options, 'candidate')];
  const candidates = named.filter((name) => name !== baseline);
  if (candidates.length === 0) throw noCandidate(baseline, model);
  const from = timeOf(options.from, '--from');
  return { analysis, baseline, candidates, from, windows: windowsOf(from, options.to, { analysis, clock }) };
}

/** Beside a baseline that is named, the primary is one of the others. */
function othersIn(model: ReleaseModel, { baseline }: OptionValues): string[] {
  const candidates = candidatesOf(model).map(({ name }) => name);
  return baseline === undefined ? candidates : [model.primary, ...candidates];
}

/** Whole windows, of which the last one is complete. */
function windowsOf(
  from: number,
  to: OptionValues[string],
  { analysis: { interval }, clock }: { readonly analysis: Analysis; readonly clock: Clock },
): Windows {
  const complete = clock.now - clock.delay;
  const until = to === undefined ? complete : Math.min(timeOf(to, '--to'), complete);
  const firstEnd = Math.ceil(from / interval) * interval + interval;
  const lastEnd = lastWindowEnd(interval, until);
  const count = (lastEnd - firstEnd) / interval + 1;
  const stretch = `${isoTime(from)} to ${isoTime(until)}`;
  if (count < 1) {
    const hint = 'Windows end on multiples of the interval: give a longer stretch, or an earlier --from.';
    throw badStretch(stretch, `no window of ${interval} s lies in it that is complete`, hint);
  }
  if (count <= mostWindows) return { interval, firstEnd, lastEnd };
  const hint = `Give at most ${mostWindows} windows, or a longer analysis.interval.`;
  throw badStretch(stretch, `it holds ${count} windows of ${interval} s`, hint);
}

const Time = z.iso.datetime({ offset: true });

function timeOf(written: OptionValues[string], option: '--from' | '--to'): number {
  const text = String(written ?? '');
  if (Time.safeParse(text).success) return Math.floor(Date.parse(text) / 1000);
  const current = written === undefined ? 'it is not given' : JSON.stringify(text);
  throw new ConfigError(`Cannot use ${option} as a time: ${current}`, {
    code: 'cli/arguments',
    hint: 'Write it as 2026-02-02T02:00:00Z, or with an offset such as +01:00.',
  });
}

function versionIn({ versions }: ReleaseModel, options: OptionValues, key: 'baseline' | 'candidate'): string {
  const name = String(options[key]);
  const names = versions.map((each) => each.name);
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw new ConfigError(`Cannot use --${key} as a version of the values: ${name}`, {
    code: 'cli/arguments',
    hint: `${near === undefined ? '' : `Did you mean ${near}? `}The versions are: ${names.join(', ')}.`,
  });
}

function noAnalysis(file: string): ConfigError {
  return new ConfigError(`Cannot judge ${file} as its values ask for: they ask for no analysis`, {
    code: 'cli/no-analysis',
    path: file,
    hint: 'Say under analysis what a candidate must keep.',
  });
}

function noCandidate(baseline: string, { versions }: ReleaseModel): ConfigError {
  const names = versions.map(({ name }) => name).join(', ');
  return new ConfigError(`Cannot judge anybody beside ${baseline} as a candidate: no other version is meant`, {
    code: 'cli/arguments',
    hint: `Name two with --baseline and --candidate; the versions are: ${names}.`,
  });
}

function badStretch(stretch: string, current: string, hint: string): ConfigError {
  return new ConfigError(`Cannot judge ${stretch} as a stretch of time: ${current}`, { code: 'cli/arguments', hint });
}
