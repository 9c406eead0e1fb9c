import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigError, isSluiceError, type Problem } from '../errors.js';
import { executionOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import { type Failure, pass, type ReleaseState } from '../evaluate/pass.js';
import { openRepository } from '../gitops/repository.js';
import { sources } from '../sources/registry.js';
import type { MetricsSettings } from '../values/project.js';
import type { CommandInput } from './command.js';
import { formatJson, formatText, type Outcome, type RenderedOutcome } from './evaluate-report.js';
import { exitCodes, type Io } from './io.js';
import { outputFormat } from './output-format.js';
import { readTextIfThere } from './read-text.js';
import { isByHand, statusOf } from './release-status.js';
import { reportNotices } from './report-error.js';
import { type StaleRelease, staleReleases } from './stale.js';
import {
  openWorkspace,
  projectFile,
  type ReleaseEntry,
  readReleases,
  selectReleases,
  type Workspace,
} from './workspace.js';
import { assertUntouched, openForWriting, type Writer, writerFor } from './writer.js';

/** One pass over one release or all: reads, decides, commits unless it is a dry run, and prints what came of it. */
export async function evaluate({ argument, options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the decisions');
  const dryRun = options['dry-run'] === true;
  const repository = dryRun ? await openRepository(io.cwd) : await openForWriting(io.cwd, io.stderr);
  const workspace = openWorkspace(io.cwd);
  const metrics = metricsOf(workspace);
  await assertUntouched(repository, workspace);

  const entries = readReleases(workspace);
  const selected = selectReleases(entries, argument);
  const { states, failures } = await statesOf(workspace, selected);
  const source = sources[metrics.source](metrics);
  const found = await pass(states, { source, clock: { now: io.now(), delay: metrics.delay } });

  const journey: Journey = {
    workspace,
    writer: dryRun ? undefined : writerFor(repository),
    failures: [...failures, ...found.failures],
    notices: [],
  };
  const outcomes = await carryOut(journey, found.decisions, states);
  const decided = new Set(found.decisions.filter(({ change }) => change !== undefined).map(({ release }) => release));
  const isMeant = (id: string) => argument === undefined || selected.some((entry) => entry.id === id);
  const rendered = await renderStale(journey, await stale(workspace, entries, { decided, isMeant }));
  const report = { dryRun, outcomes, rendered, failures: journey.failures, warnings: found.warnings };
  reportNotices([...journey.notices, ...noticesOf(entries, rendered)], io.stderr);
  io.stdout.write(format === 'json' ? formatJson(report) : formatText(report));
  return report.failures.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
}

function metricsOf({ root, project }: Workspace): MetricsSettings {
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
async function statesOf(workspace: Workspace, entries: readonly ReleaseEntry[]) {
  const states: ReleaseState[] = [];
  const failures: Failure[] = [];
  for (const { id, file, loaded } of entries) {
    await attempt({ failures }, id, async () => {
      if (loaded instanceof ConfigError) throw loaded;
      const status = statusOf(workspace, file);
      const byHand = status.phase === 'Progressing' && (await isByHand(workspace, file));
      states.push({ id, loaded, status, byHand });
    });
  }
  return { states, failures };
}

/** What the commits of a pass have in common. */
interface Journey {
  readonly workspace: Workspace;
  /** Undefined in a dry run. */
  readonly writer: Writer | undefined;
  /** Releases that something went wrong with; the others go on. */
  readonly failures: Failure[];
  /** What a person should know of what was decided. */
  readonly notices: Problem[];
}

/** Rolling back comes before everything else: it is what users wait for. */
const urgency: readonly Decision['kind'][] = ['roll back', 'promote', 'advance', 'hold'];

async function carryOut(
  journey: Journey,
  decisions: readonly Decision[],
  states: readonly ReleaseState[],
): Promise<Outcome[]> {
  const { root, project } = journey.workspace;
  const rendered = project.render === 'manifests' ? project.rendered : undefined;
  const outcomes: Outcome[] = [];
  for (const decision of decisions.toSorted((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind))) {
    const state = states.find(({ id }) => id === decision.release);
    if (state === undefined) continue;
    await attempt(journey, decision.release, async () => {
      const ledgerFile = `${dirname(state.loaded.file)}/ledger.jsonl`;
      const ledger = readTextIfThere(join(root, ledgerFile), ledgerFile) ?? '';
      const execution = executionOf(decision, state, { rendered, ledger });
      outcomes.push({ decision, commit: execution && (await journey.writer?.commit(execution.plan)) });
      journey.notices.push(...(execution?.notices ?? []));
    });
  }
  return outcomes;
}

async function stale(
  workspace: Workspace,
  entries: readonly ReleaseEntry[],
  { decided, isMeant }: { readonly decided: ReadonlySet<string>; readonly isMeant: (id: string) => boolean },
): Promise<StaleRelease[]> {
  if (workspace.project.render === 'helm') {
    const { staleCharts } = await import('./charts.js');
    return staleCharts(workspace, entries, isMeant);
  }
  // A release that is decided on renders itself, or stays as it is where that failed; nothing unjudged gets out here.
  return staleReleases(workspace, entries, (id) => !decided.has(id) && isMeant(id));
}

async function renderStale(journey: Journey, releases: readonly StaleRelease[]): Promise<RenderedOutcome[]> {
  const outcomes: RenderedOutcome[] = [];
  for (const { id, summary, plan } of releases) {
    await attempt(journey, id, async () => {
      const changes = plan();
      if (changes.changes.length === 0) return;
      const commit = await journey.writer?.commit(changes);
      outcomes.push({ release: id, summary, commit });
    });
  }
  return outcomes;
}

/** Returns what a person should know of the releases that were rendered as they stand. */
function noticesOf(entries: readonly ReleaseEntry[], rendered: readonly RenderedOutcome[]): Problem[] {
  const ids = new Set(rendered.map(({ release }) => release));
  return entries.flatMap(({ id, loaded }) => (ids.has(id) && !(loaded instanceof ConfigError) ? loaded.notices : []));
}

async function attempt(
  { failures }: Pick<Journey, 'failures'>,
  release: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    failures.push({ release, error });
  }
}
