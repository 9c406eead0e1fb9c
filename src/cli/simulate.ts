import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { loadScenario } from '../simulate/load-scenario.js';
import { summaryOf } from '../simulate/summary.js';
import type { OptionValues } from './command.js';
import { exitCodes, type Io } from './io.js';
import { outputFormat } from './output-format.js';
import { readStdin, readText } from './read-text.js';
import { formatSimulation, jsonOf } from './simulate/report.js';
import { simulateInParallel } from './simulate/workers.js';

const usual = { runs: 1000, seed: 1 };

/**
 * Plays a scenario many times and prints how it ended. The same seed gives the same numbers, on any number of cores.
 *
 * @throws ConfigError when the scenario or the options cannot be used
 */
export async function simulate({ file, runs, seed, workers, output }: OptionValues, io: Io): Promise<number> {
  const format = outputFormat(output, 'the simulation', ['text', 'json']);
  const asked = {
    runs: wholeNumber('--runs', runs ?? usual.runs, { least: 1, most: 1_000_000 }),
    seed: wholeNumber('--seed', seed ?? usual.seed, { least: 0, most: Number.MAX_SAFE_INTEGER }),
    workers: wholeNumber('--workers', workers ?? availableParallelism(), { least: 1, most: 1024 }),
  };
  const shown = file === '-' ? 'stdin' : String(file);
  const text = file === '-' ? await readStdin(io.stdin) : readText(resolve(io.cwd, shown), shown);
  const scenario = loadScenario(text, shown);
  const summary = summaryOf(await simulateInParallel(scenario, asked));
  const simulation = { scenario, seed: asked.seed, summary };
  io.stdout.write(
    format === 'json' ? `${JSON.stringify(jsonOf(simulation), null, 2)}\n` : formatSimulation(simulation),
  );
  return exitCodes.done;
}

function wholeNumber(
  option: string,
  given: string | number | boolean,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = /^\d{1,16}$/.test(String(given)) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new ConfigError(`Cannot simulate with ${option} ${JSON.stringify(given)}`, {
    code: 'cli/arguments',
    hint: `Give a whole number from ${least} to ${most}.`,
  });
}
