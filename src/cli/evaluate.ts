import { dirname, join } from 'node:path';
import { ConfigError, isSluiceError } from '../errors.js';
import { commitPlanOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import { type Failure, type PassResult, pass, type ReleaseState } from '../evaluate/pass.js';
import { parseStatus } from '../evaluate/status.js';
import { openRepository } from '../gitops/repository.js';
import { sources } from '../sources/registry.js';
import type { MetricsSettings } from '../values/project.js';
import type { CommandInput } from './command.js';
import { formatJson, formatText, type Outcome } from './evaluate-report.js';
import { exitCodes, type Io } from './io.js';
import { readTextIfThere } from './read-text.js';
import { staleCommits } from './stale.js';
import { openWorkspace, projectFile, readReleases, selectReleases, type Workspace } from './workspace.js';
import { assertUntouched, openForWriting, type Writer, writerFor } from './writer.js';

/** One pass over one release or all: reads, decides, prints, and commits unless it is a dry run. */
export async function evaluate({ argument, options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output);
  const dryRun = options['dry-run'] === true;
  const repository = dryRun ? await openRepository(io.cwd) : await openForWriting(io.cwd, io.stderr);
  const workspace = openWorkspace(io.cwd);
  const metrics = metricsOf(workspace);
  await assertUntouched(repository, workspace);

  const entries = readReleases(workspace);
  const { states, failures } = statesOf(workspace, selectReleases(entries, argument));
  const source = sources[metrics.source](metrics);
  const result = await pass(states, { source, clock: { now: io.now(), delay: metrics.delay } });
  const found = { ...result, failures: [...failures, ...result.failures] };

  const stale = staleCommits(workspace, entries);
  const writer = dryRun ? undefined : writerFor(repository);
  for (const plan of stale) await writer?.commit(plan);
  const outcome = await carryOut(workspace, states, { found, writer });
  const report = { ...outcome, dryRun, rendered: stale.map(({ release }) => release) };
  io.stdout.write(format === 'json' ? formatJson(report) : formatText(report));
  return report.failures.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
}

function outputFormat(output: unknown): 'text' | 'json' {
  if (output === undefined || output === 'text') return 'text';
  if (output === 'json') return 'json';
  throw new ConfigError(`Cannot print the decisions as asked: ${output}`, {
    code: 'cli/arguments',
    hint: 'Allowed are: text, json.',
  });
}

function metricsOf({ project }: Workspace): MetricsSettings {
  if (project.metrics !== undefined) return project.metrics;
  throw new ConfigError(`Cannot evaluate without a source of metrics: ${projectFile} names none`, {
    code: 'cli/no-metrics',
    path: projectFile,
    hint: 'Add metrics: {source: prometheus, url: http://prometheus.monitoring:9090}.',
  });
}

/** Returns what the pass looks at, and for each broken release why it cannot. */
function statesOf(workspace: Workspace, entries: ReturnType<typeof readReleases>) {
  const states: ReleaseState[] = [];
  const failures: Failure[] = [];
  for (const { id, file, loaded } of entries) {
    try {
      if (loaded instanceof ConfigError) throw loaded;
      const statusFile = `${dirname(file)}/status.yaml`;
      const status = parseStatus(readTextIfThere(join(workspace.root, statusFile), statusFile), statusFile);
      states.push({ id, loaded, status });
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      failures.push({ release: id, error });
    }
  }
  return { states, failures };
}

/** Rolling back comes before everything else: it is what users wait for. */
const urgency: readonly Decision['kind'][] = ['roll back', 'promote', 'advance', 'hold'];

async function carryOut(
  { root, project }: Workspace,
  states: readonly ReleaseState[],
  { found, writer }: { readonly found: PassResult; readonly writer: Writer | undefined },
): Promise<{ outcomes: Outcome[]; failures: Failure[]; warnings: readonly string[] }> {
  const outcomes: Outcome[] = [];
  const failures = [...found.failures];
  const ordered = [...found.decisions].sort((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind));
  for (const decision of ordered) {
    const state = states.find(({ id }) => id === decision.release);
    if (state === undefined) continue;
    try {
      const ledgerFile = `${dirname(state.loaded.file)}/ledger.jsonl`;
      const ledger = readTextIfThere(join(root, ledgerFile), ledgerFile) ?? '';
      const plan = commitPlanOf(decision, state, { ...project, ledger });
      const commit = plan && (await writer?.commit(plan));
      outcomes.push({ decision, commit });
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      failures.push({ release: decision.release, error });
    }
  }
  return { outcomes, failures, warnings: found.warnings };
}
