import { ConfigError } from '../../errors.js';
import type { Files } from '../../gitops/proposal.js';
import { Duration, seconds } from '../../values/duration.js';
import { applyEdits } from '../../values/edit.js';
import { type Freeze, isOver, Until } from '../../values/project/freeze.js';
import { loadProject } from '../../values/project.js';
import { removeKey } from '../../values/remove-key.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import { projectFile } from '../workspace.js';
import { type Asked, askedWith, sentence } from './asked.js';
import { runWishes } from './run-steps.js';
import type { Nothing, Step } from './step.js';

/** What the commit is for, where a release would be named. */
const everything = 'sluice';

/** Holds every release where it is, until a time or until it is taken back. */
export async function freeze(input: CommandInput, io: Io): Promise<number> {
  const asked = await askedWith(input.options, io);
  const until = untilOf(input.options.until, asked.now);
  const open = async () => [{ id: everything, plan: (files: Files) => planFreeze(files, asked, until) }];
  return runWishes(input, io, { command: 'freeze', open });
}

/** Takes back what `freeze` wrote. */
export async function unfreeze(input: CommandInput, io: Io): Promise<number> {
  const asked = await askedWith(input.options, io);
  const open = async () => [{ id: everything, plan: (files: Files) => planUnfreeze(files, asked) }];
  return runWishes(input, io, { command: 'unfreeze', open });
}

function planFreeze(files: Files, asked: Asked, until: string | undefined): Step | Nothing {
  const text = files.read(projectFile);
  const before = freezeIn(text);
  const stands = before !== undefined && !isOver(before, asked.now) ? before : undefined;
  const { by, reason } = asked;
  const isSame = stands?.until === until && (reason === undefined || reason === stands?.reason);
  if (stands !== undefined && isSame) return { nothing: `it is ${wordsOf(stands)}` };
  const wish = { ...(reason !== undefined && { reason }), ...(until !== undefined && { until }), by };
  const end = until === undefined ? '' : ` until ${until}`;
  const lines = Object.entries(wish).map(([key, value]) => `freeze.${key}: ${value}`);
  const was = stands === undefined ? '' : `; it was ${wordsOf(stands)}`;
  const words = {
    summary: `freeze every release${end}`,
    body: `${sentence(asked, `froze every release${end}`)}${was}`,
  };
  return stepWith(textWith(text, wish), { ...words, decision: 'freeze', lines });
}

function planUnfreeze(files: Files, asked: Asked): Step | Nothing {
  const text = files.read(projectFile);
  const before = freezeIn(text);
  if (text === undefined || before === undefined) return { nothing: 'nothing is frozen' };
  const was = isOver(before, asked.now) ? `, which were frozen until ${before.until}` : `; it was ${wordsOf(before)}`;
  const words = { summary: 'unfreeze every release', body: `${sentence(asked, 'unfroze every release')}${was}` };
  const changed = removeKey(text, ['freeze'], { file: projectFile });
  return stepWith(changed, { ...words, decision: 'unfreeze', lines: ['freeze removed'] });
}

function freezeIn(text: string | undefined): Freeze | undefined {
  return text === undefined ? undefined : loadProject(text, projectFile).freeze;
}

function wordsOf({ by, until, reason }: Freeze): string {
  const [who, end] = [by === undefined ? '' : ` by ${by}`, until === undefined ? '' : ` until ${until}`];
  return `frozen${who}${end}${reason === undefined ? '' : `: ${reason}`}`;
}

/** What the freeze before said, and this one does not, goes. */
function textWith(text: string | undefined, wish: Freeze): string {
  const edits = Object.entries(wish).map(([key, value]) => ({ path: ['freeze', key], value }));
  const changed = applyEdits(text ?? '{}\n', edits, { file: projectFile });
  const gone = (['reason', 'until'] as const).filter((key) => wish[key] === undefined);
  return gone.reduce((now, key) => removeKey(now, ['freeze', key], { file: projectFile }), changed);
}

interface Said {
  readonly summary: string;
  readonly body: string;
  readonly decision: string;
  readonly lines: readonly string[];
}

function stepWith(content: string, { lines, decision, ...words }: Said): Step {
  loadProject(content, projectFile);
  const changes = [{ path: projectFile, content }];
  return { plan: { release: everything, ...words, trailers: { decision }, changes }, lines, notices: [] };
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
