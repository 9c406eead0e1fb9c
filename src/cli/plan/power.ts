import { availableParallelism } from 'node:os';
import { ConfigError } from '../../errors.js';
import type { CommandInput, OptionValues } from '../command.js';
import { exitCodes, type Io } from '../io.js';
import { outputFormat } from '../output-format.js';
import { selected } from '../plan.js';
import { describeError } from '../report-error.js';
import { openWorkspace } from '../workspace.js';
import { refuseOptions, wrongValue } from './numbers.js';
import { type Asked, type Power, powerOf } from './power-of.js';
import { powerFormats } from './power-report.js';

/** Prints how long it takes, and how many requests, until a regression is seen in releases, by simulation. */
export async function power({ paths = [], options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the power', ['text', 'json', 'markdown']);
  refuseOptions(options, ['schemas'], 'A simulation renders nothing: leave out --power or --schemas.');
  const asked = askedBy(options);
  const workspace = openWorkspace(io.cwd);
  const found: Power[] = [];
  let isBroken = false;
  for (const entry of selected(workspace, paths)) {
    try {
      const power = await powerOf(entry, { workspace, asked, options, now: io.now() });
      if (power === undefined) io.stderr.write(`${entry.id}: its values ask for no analysis of what is simulated\n`);
      else found.push(power);
    } catch (error) {
      if (!(error instanceof ConfigError) || error.code === 'cli/arguments') throw error;
      isBroken = true;
      io.stderr.write(describeError(error));
    }
  }
  if (found.length > 0 || !isBroken) io.stdout.write(powerFormats[format](found));
  return isBroken ? exitCodes.couldNotRun : exitCodes.done;
}

function askedBy({ runs = '200', seed = '1' }: OptionValues): Asked {
  return {
    runs: wholeNumber('--runs', runs, { least: 1, most: 100_000 }),
    seed: wholeNumber('--seed', seed, { least: 0, most: Number.MAX_SAFE_INTEGER }),
    workers: availableParallelism(),
  };
}

function wholeNumber(
  option: string,
  given: string | boolean,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = /^\d{1,16}$/.test(String(given)) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw wrongValue(option, given, `Give a whole number from ${least} to ${most}.`);
}
