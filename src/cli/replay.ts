import { ConfigError } from '../errors.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { outputFormat } from './output-format.js';
import { findDecisions, type Wanted } from './replay/find-decisions.js';
import { openPlace } from './replay/place.js';
import { type Replay, replayOne } from './replay/replay-one.js';
import { replayText } from './replay/report.js';
import { judgeNamed } from './replay/rerun.js';

/** Makes decisions again from what their commits hold, and says whether they come out the same; nothing is written. */
export async function replay({ paths = [], options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the replay', ['text', 'json']);
  const judge = options.judge === undefined ? undefined : judgeNamed(String(options.judge));
  const wanted = wantedOf(paths, options.all === true);
  const place = await openPlace(io.cwd);
  const replays: Replay[] = [];
  for (const found of await findDecisions(place, wanted)) replays.push(await replayOne(place, found, judge));
  if (place.shallow && wanted.all) {
    io.stderr.write('this clone is shallow: what is older is not here; git fetch --unshallow brings it\n');
  }
  io.stdout.write(format === 'json' ? `${JSON.stringify({ replays }, null, 2)}\n` : replayText(replays, io));
  return exitCodeOf(replays);
}

function wantedOf(words: readonly string[], all: boolean): Wanted {
  const [revision, release, ...more] = all ? ['HEAD', ...words] : words;
  if (revision !== undefined && more.length === 0) return { revision, release, all };
  const current = revision === undefined ? 'none is named' : `${more.at(-1)} is a word too many`;
  throw new ConfigError(`Cannot tell which decision is meant: ${current}`, {
    code: 'cli/arguments',
    hint: 'Give a commit, such as HEAD, or a range, such as v1..main, then a release if need be; or --all and a release.',
  });
}

function exitCodeOf(replays: readonly Replay[]): number {
  if (replays.some(({ outcome }) => outcome === 'different')) return exitCodes.different;
  const isTold =
    replays.some(({ outcome }) => outcome === 'same') && !replays.some(({ outcome }) => outcome === 'unknown');
  return isTold ? exitCodes.done : exitCodes.couldNotRun;
}
