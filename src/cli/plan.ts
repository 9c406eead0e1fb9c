import { ConfigError } from '../errors.js';
import type { CommandInput } from './command.js';
import { exitCodes, type Io } from './io.js';
import { isColourful } from './judge/report.js';
import { outputFormat } from './output-format.js';
import { positiveNumber, refuseOptions } from './plan/numbers.js';
import type { Ground } from './plan/planned-step.js';
import { isSound, planOf, type ReleasePlan } from './plan/release-plan.js';
import { formats } from './plan/report.js';
import { statusOf } from './release-status.js';
import { describeError } from './report-error.js';
import { openWorkspace, type ReleaseEntry, readReleases, selectReleases, type Workspace } from './workspace.js';

/** The options of `--power`. */
const simulated = ['regression', 'error-rate', 'latency', 'runs', 'seed'];

/** Of a workspace whose settings name no source. */
const usualDelay = 5;

/**
 * Prints the steps that releases could take from here, each rendered, validated and linted: 1 where one of them fails.
 * Nothing is written, and no server is asked.
 */
export async function plan({ paths = [], options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the plan', ['text', 'json', 'markdown']);
  refuseOptions(options, simulated, 'It is for a simulation: add --power, or leave it out.');
  const rate = positiveNumber('--rate', options.rate);
  const workspace = openWorkspace(io.cwd);
  const { schemas: path } = options;
  const schemas =
    typeof path === 'string'
      ? (await import('./validate/check-schemas.js')).openSchemas({ path, cwd: io.cwd })
      : undefined;
  const { delay = usualDelay } = workspace.project.metrics ?? {};
  const ground = { workspace, schemas, now: io.now(), delay, rate };
  const { plans, broken } = plansOf(selected(workspace, paths), ground);
  for (const error of broken) io.stderr.write(describeError(error));
  const unchecked = schemas?.unchecked() ?? [];
  // Where all are broken, "no releases" would not be true.
  if (plans.length > 0 || broken.length === 0 || format === 'json') {
    io.stdout.write(formats[format]({ plans, unchecked }, isColourful(io.stdout, process.env)));
  }
  if (broken.length > 0) return exitCodes.couldNotRun;
  return plans.every(isSound) ? exitCodes.done : exitCodes.findings;
}

/** Returns the releases that are named, or all; each once. */
export function selected(workspace: Workspace, names: readonly string[]): ReleaseEntry[] {
  const entries = readReleases(workspace);
  if (names.length === 0) return entries;
  return [...new Set(names.flatMap((name) => selectReleases(entries, name)))];
}

/** One that is broken as it stands hides no other. */
function plansOf(entries: readonly ReleaseEntry[], ground: Ground) {
  const plans: ReleasePlan[] = [];
  const broken: ConfigError[] = [];
  for (const { id, file, loaded } of entries) {
    try {
      if (loaded instanceof ConfigError) throw loaded;
      plans.push(planOf(id, loaded, statusOf(ground.workspace, file), ground));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      broken.push(error);
    }
  }
  return { plans, broken };
}
