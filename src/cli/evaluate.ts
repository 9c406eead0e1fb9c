import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, isSluiceError, type Problem } from '../errors.js';
import { type Failure, pass, type ReleaseState } from '../evaluate/pass.js';
import type { Status } from '../evaluate/status.js';
import { openSource } from '../sources/registry.js';
import type { MetricsSettings } from '../values/project/metrics.js';
import { asLanded, mayLoseSomebody } from './as-landed.js';
import { carryOut } from './carry-out.js';
import type { CommandInput } from './command.js';
import { notifyOf, notifyOfDefeat } from './evaluate-notifications.js';
import { formatJson, formatText, type PassReport, type RenderedOutcome } from './evaluate-report.js';
import { exitCodes, type Io } from './io.js';
import { isPrepared } from './landing.js';
import { keepHeapLean } from './lean-heap.js';
import { outputFormat } from './output-format.js';
import { mergeTimes } from './pull-requests.js';
import { statusOf } from './release-status.js';
import { reportNotices } from './report-error.js';
import { orGivenUp } from './watch/stop.js';
import { projectFile, type ReleaseEntry, readReleases, selectReleases, type Workspace } from './workspace.js';
import { openSession } from './writer.js';
import { writtenByHand } from './written-by-hand.js';

/** One pass over one release or all: reads, decides, commits unless it is a dry run, and prints what came of it. */
export async function evaluate(input: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(input.options.output, 'the decisions', ['text', 'json']);
  for (const option of ['every', 'listen']) if (input.options[option] !== undefined) throw needsWatch(option);
  const { report } = await onePass(input, io);
  io.stdout.write(format === 'json' ? formatJson(report) : formatText(report));
  return report.failures.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
}

function needsWatch(option: string): ConfigError {
  return new ConfigError(`Cannot take --${option} for one pass as asked: it is for a daemon`, {
    code: 'cli/arguments',
    hint: 'Add --watch.',
  });
}

/** What a pass did, over what, and how long its windows have to be over. */
export interface Pass {
  readonly report: PassReport;
  readonly selected: readonly ReleaseEntry[];
  /** Seconds. */
  readonly delay: number;
}

/**
 * One pass: reads, decides, and commits unless it is a dry run. Where git lets none begin, people are told.
 *
 * @param stop gives the pass up as long as nothing of it is written
 * @throws GivenUp when it was
 */
export async function onePass(input: CommandInput, io: Io, stop?: AbortSignal): Promise<Pass> {
  keepHeapLean();
  try {
    return await passOver(input, io, stop);
  } catch (error) {
    await notifyOfDefeat(error, input.options, io);
    throw error;
  }
}

async function passOver({ argument, options }: CommandInput, io: Io, stop: AbortSignal | undefined): Promise<Pass> {
  const session = await openSession(options, io);
  const { workspace } = session;
  const metrics = metricsOf(workspace);

  const entries = readReleases(workspace);
  const selected = selectReleases(entries, argument);
  const { states, failures } = await statesOf(workspace, selected, io);
  const source = openSource(metrics, { root: workspace.root });
  const { freeze, schedule } = workspace.project;
  const clock = { now: io.now(), delay: metrics.delay };
  // Text shows the evidence of no decision.
  const evidence = options.output === 'json' ? 'all' : 'written';
  const found = await orGivenUp(pass(states, { source, freeze, schedule, clock, evidence }), stop);

  const dryRun = options['dry-run'] === true;
  const looked = { found, states, failures, entries, selected, argument, dryRun };
  const { report, requests } = await carryOut(session, looked, io);
  const held = found.decisions.filter(({ change }) => change === undefined);
  reportNotices([...report.notices, ...noticesOf(entries, report.rendered)], io.stderr);
  const outcomes = [...report.outcomes, ...held.map((decision) => ({ decision, commit: undefined }))];
  const warnings = [...found.warnings, ...requests.warnings];
  const done = { ...report, dryRun, outcomes, closed: requests.closed, warnings };
  const notifications = await notifyOf(done, workspace, { entries, selected, options, io });
  return { report: { ...done, notifications }, selected, delay: metrics.delay };
}

/** @throws ConfigError when sluice.yaml names no source of metrics, or is not there */
export function metricsOf({ root, project }: Workspace): MetricsSettings {
  if (project.metrics !== undefined) return project.metrics;
  if (!existsSync(join(root, projectFile))) {
    throw new ConfigError(`Cannot find ${projectFile} as the settings of a workspace: there is none in ${root}`, {
      code: 'cli/no-workspace',
      path: root,
      hint: `Run this where ${projectFile} lies, or start with sluice init DIR.`,
    });
  }
  throw new ConfigError(`Cannot evaluate without a source of metrics: ${projectFile} names none`, {
    code: 'cli/no-metrics',
    path: projectFile,
    hint: 'Add metrics: {source: prometheus, url: http://prometheus.monitoring:9090}.',
  });
}

/** Returns what the pass looks at, and for each broken release why it cannot. */
async function statesOf(workspace: Workspace, entries: readonly ReleaseEntry[], io: Io) {
  const failures: Failure[] = [];
  const read: Omit<ReleaseState, 'byHand'>[] = [];
  for (const { id, file, loaded } of entries) {
    await attempt(failures, id, async () => {
      if (loaded instanceof ConfigError) throw loaded;
      read.push({ id, loaded, status: statusOf(workspace, file) });
    });
  }
  const byRequest = workspace.project.git.pullRequests !== undefined;
  const asked = read.filter((each) => isDated(each.status) || mayLoseSomebody(each)).map(({ loaded }) => loaded.file);
  const isByHand = await writtenByHand(workspace, byRequest ? [] : asked);
  const landings = { place: workspace, byRequest, isByHand, now: io.now(), mergeTime: mergeTimes(workspace, io) };
  const states: ReleaseState[] = [];
  for (const release of read) {
    await attempt(failures, release.id, async () => {
      states.push(await asLanded(release, isDated(release.status), landings));
    });
  }
  return { states, failures };
}

/** Whether windows or pods begin with the decision, so that it matters when it came to the branch, and by whom. */
function isDated(status: Status): boolean {
  return status.phase === 'Progressing' || status.phase === 'Promoting' || isPrepared(status);
}

/** Returns what a person should know of the releases that were rendered as they stand. */
function noticesOf(entries: readonly ReleaseEntry[], rendered: readonly RenderedOutcome[]): Problem[] {
  const ids = new Set(rendered.map(({ release }) => release));
  return entries.flatMap(({ id, loaded }) => (ids.has(id) && !(loaded instanceof ConfigError) ? loaded.notices : []));
}

async function attempt(failures: Failure[], release: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    failures.push({ release, error });
  }
}
