import { ConfigError } from '../../errors.js';
import type { Files } from '../../gitops/proposal.js';
import type { Freeze } from '../../release/policy.js';
import { Duration, seconds } from '../../values/duration.js';
import { applyEdits } from '../../values/edit.js';
import { reloadValues } from '../../values/load.js';
import { isOver, Until } from '../../values/project/freeze.js';
import { loadProject } from '../../values/project.js';
import { removeKey } from '../../values/remove-key.js';
import { formatPath } from '../../values/source-text.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import { projectFile } from '../workspace.js';
import { type Asked, askedWith, sentence } from './asked.js';
import { runSteps, runWishes } from './run-steps.js';
import type { Standing } from './standing.js';
import type { Nothing, Step } from './step.js';

/** What the commit is for, where a release would be named. */
const everything = 'sluice';

/** Holds every release where it is, or the one that is named, until a time or until it is taken back. */
export async function freeze(input: CommandInput, io: Io): Promise<number> {
  const asked = await askedWith(input.options, io);
  const until = untilOf(input.options.until, asked.now);
  return runOn(input, io, { command: 'freeze', plan: (place) => frozen(place, asked, until) });
}

/** Takes back what `freeze` wrote. */
export async function unfreeze(input: CommandInput, io: Io): Promise<number> {
  const asked = await askedWith(input.options, io);
  return runOn(input, io, { command: 'unfreeze', plan: (place) => unfrozen(place, asked) });
}

/** Where a freeze stands. */
interface Place {
  /** Whom the commit is for. */
  readonly release: string;
  /** What follows a verb in a sentence. */
  readonly whom: string;
  /** What follows one in the subject of a commit. */
  readonly subject: string;
  readonly file: string;
  readonly text: string | undefined;
  readonly path: readonly string[];
  readonly before: Freeze | undefined;
  /** @throws ConfigError where a text with another freeze cannot be used */
  check(text: string): void;
}

type Plan = (place: Place) => Step | Nothing;

/** A freeze of one release stands in its values, that of all in the settings. */
function runOn(
  input: CommandInput,
  io: Io,
  { command, plan }: { readonly command: 'freeze' | 'unfreeze'; readonly plan: Plan },
): Promise<number> {
  if (input.argument !== undefined)
    return runSteps(input, io, { command, plan: (standing) => planOne(standing, plan) });
  const open = async () => [{ id: everything, plan: (files: Files) => plan(settingsIn(files)) }];
  return runWishes(input, io, { command, open });
}

function settingsIn(files: Files): Place {
  const text = files.read(projectFile);
  return {
    ...{ release: everything, whom: 'every release', subject: ' every release', file: projectFile, text },
    path: ['freeze'],
    before: text === undefined ? undefined : loadProject(text, projectFile).freeze,
    check: (changed) => loadProject(changed, projectFile),
  };
}

function planOne({ loaded, file }: Standing, plan: Plan): Step | Nothing {
  const { analysis, rollout, model } = loaded.release;
  if (analysis === undefined) return { nothing: 'its values ask for no analysis, so nothing moves by itself' };
  return plan({
    ...{ release: model.name, whom: 'it', subject: '', file, text: loaded.text },
    path: ['rollout', 'freeze'],
    before: rollout?.freeze,
    check: (changed) => reloadValues(loaded, changed),
  });
}

function frozen(place: Place, asked: Asked, until: string | undefined): Step | Nothing {
  const { before, whom, subject } = place;
  const stands = before !== undefined && !isOver(before, asked.now) ? before : undefined;
  const { by, reason } = asked;
  const isSame = stands?.until === until && (reason === undefined || reason === stands?.reason);
  if (stands !== undefined && isSame) return { nothing: `it is ${wordsOf(stands)}` };
  const wish = { ...(reason !== undefined && { reason }), ...(until !== undefined && { until }), by };
  const end = until === undefined ? '' : ` until ${until}`;
  const lines = Object.entries(wish).map(([key, value]) => `${formatPath([...place.path, key])}: ${value}`);
  const was = stands === undefined ? '' : `; it was ${wordsOf(stands)}`;
  const words = { summary: `freeze${subject}${end}`, body: `${sentence(asked, `froze ${whom}${end}`)}${was}` };
  return stepWith(place, textWith(place, wish), { ...words, decision: 'freeze', lines });
}

function unfrozen(place: Place, asked: Asked): Step | Nothing {
  const { text, before, file, path, whom, subject } = place;
  if (text === undefined || before === undefined) {
    return { nothing: whom === 'it' ? 'it has no freeze of its own' : 'nothing is frozen' };
  }
  const plural = whom === 'it' ? 'was' : 'were';
  const was = isOver(before, asked.now)
    ? `, which ${plural} frozen until ${before.until}`
    : `; it was ${wordsOf(before)}`;
  const words = { summary: `unfreeze${subject}`, body: `${sentence(asked, `unfroze ${whom}`)}${was}` };
  const lines = [`${formatPath(path)} removed`];
  return stepWith(place, removeKey(text, path, { file }), { ...words, decision: 'unfreeze', lines });
}

function wordsOf({ by, until, reason }: Freeze): string {
  const [who, end] = [by === undefined ? '' : ` by ${by}`, until === undefined ? '' : ` until ${until}`];
  return `frozen${who}${end}${reason === undefined ? '' : `: ${reason}`}`;
}

/** What the freeze before said, and this one does not, goes. */
function textWith({ text = '{}\n', path, file }: Place, wish: Freeze): string {
  const edits = Object.entries(wish).map(([key, value]) => ({ path: [...path, key], value }));
  const changed = applyEdits(text, edits, { file });
  const gone = (['reason', 'until'] as const).filter((key) => wish[key] === undefined);
  return gone.reduce((now, key) => removeKey(now, [...path, key], { file }), changed);
}

interface Said {
  readonly summary: string;
  readonly body: string;
  readonly decision: string;
  readonly lines: readonly string[];
}

/** No object follows from a freeze, so the one file is all that changes. */
function stepWith({ release, file: path, check }: Place, content: string, { lines, decision, ...words }: Said): Step {
  check(content);
  return { plan: { release, ...words, trailers: { decision }, changes: [{ path, content }] }, lines, notices: [] };
}

/** Returns the end of a freeze, which is given as a time or as a distance from now. */
function untilOf(option: unknown, now: number): string | undefined {
  if (option === undefined) return undefined;
  const text = String(option);
  const isDistance = Duration.safeParse(text).success;
  const at = isDistance ? `${new Date((now + seconds(text)) * 1000).toISOString().slice(0, 19)}Z` : text;
  if (Until.safeParse(at).success && !isOver({ until: at }, now)) return at;
  const current = Until.safeParse(at).success ? 'it is over already' : 'it is neither a time nor a distance';
  throw new ConfigError(`Cannot freeze until ${JSON.stringify(text)}: ${current}`, {
    code: 'cli/arguments',
    hint: 'Give a time with its zone, such as 2026-12-27T08:00:00Z, or a distance from now, such as 12h.',
  });
}
