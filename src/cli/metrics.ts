import { ConfigError } from '../errors.js';
import { subjectsOf } from '../evaluate/ledger.js';
import { bucketsFor } from '../lints/coarse-buckets.js';
import { gaugesIn, isSample, percentileOf, readsBuckets } from '../release/evaluation.js';
import { ownPercentileOf } from '../release/own-metric.js';
import type { ListedMetric } from '../sources/listed-metric.js';
import { listMetrics, openSource } from '../sources/registry.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { CommandInput } from './command.js';
import { metricsOf } from './evaluate.js';
import { exitCodes, type Io } from './io.js';
import { formatMetrics, type MetricsReport, toJson } from './metrics/report.js';
import { resolutionsOf } from './metrics/resolution.js';
import { readEach, tryMetrics, windowsUntil } from './metrics/try.js';
import { outputFormat } from './output-format.js';
import { openWorkspace, type ReleaseEntry, readRelease, type Workspace } from './workspace.js';

/** Lists the metrics of a release with what is asked for them; with `--try` asks for the last windows, too. */
export async function metrics({ argument = '', options }: CommandInput, io: Io): Promise<number> {
  const format = outputFormat(options.output, 'the metrics', ['text', 'json']);
  const workspace = openWorkspace(io.cwd);
  const settings = metricsOf(workspace);
  const release = releaseNamed(workspace, argument);
  const versions = release.model.versions.map(({ name }) => name);
  const subjects = subjectsOf(release, versions);
  const interval = release.analysis?.interval ?? usualInterval;
  const windows = windowsUntil(io.now() - settings.delay, interval);
  const listed = listMetrics(settings, { subjects: Object.values(subjects), ...windows }).flatMap((metric) => {
    return namesOf(metric, release).map((name) => ({ ...metric, name }));
  });
  const bounds = bucketsFor(release, settings)?.bounds;
  const report: MetricsReport = {
    release: release.model.name,
    source: settings.source,
    interval,
    versions,
    metrics: listed.map((metric) => ({ ...metric, usedFor: usesOf(release, metric.name) })),
    unknown: unknownIn(
      release,
      listed.map(({ name }) => name),
    ),
    resolutions: resolutionsOf(release.analysis, { bounds }),
  };
  if (options.try !== true) return print(report, format, io);

  const all = Object.values(subjects);
  const spread = release.analysis !== undefined && readsBuckets(release.analysis) ? all : [];
  const byThemselves = listed
    .filter(({ name, queries }) => isAlone(name) && queries.length > 0)
    .map(({ name }) => name);
  const source = openSource(settings, { root: workspace.root });
  const answer = await readEach(source, { subjects: all, bucketsOf: spread, ...windows }, byThemselves);
  const tried = tryMetrics(
    listed.map(({ name }) => name),
    { subjects, windows, answer },
  );
  const samples = tried.windows.flatMap(({ versions: told }) => told[release.model.primary] ?? []).filter(isSample);
  return print({ ...report, tried, resolutions: resolutionsOf(release.analysis, { bounds, samples }) }, format, io);
}

/** A histogram is listed by the percentiles that the values ask for, or the usual one. */
function namesOf({ name, counted }: ListedMetric, { analysis }: ResolvedRelease): string[] {
  if (counted !== 'histogram') return [name];
  const judged = [...(analysis?.objectives ?? []), ...(analysis?.rewards ?? [])].map(({ metric }) => metric);
  const asked = [...judged, ...(analysis?.indicators ?? [])];
  const own = new Set(asked.filter((metric) => ownPercentileOf(metric)?.histogram === name));
  return own.size === 0 ? [`${name}-p95`] : [...own];
}

/** What comes with no other metric: gauges and percentiles. */
function isAlone(metric: string): boolean {
  return gaugesIn({ objectives: [{ metric }], rewards: [] }).length > 0 || percentileOf(metric) !== undefined;
}

/** Of a release that says nothing of an analysis. */
const usualInterval = 60;

/** The argument is there: the command line refuses to go on without it. */
function releaseNamed(workspace: Workspace, name: string): ResolvedRelease {
  const { loaded } = readRelease(workspace, name) as ReleaseEntry;
  if (loaded instanceof ConfigError) throw loaded;
  return loaded.release;
}

function usesOf({ analysis }: ResolvedRelease, metric: string): string[] {
  const objectives = analysis?.objectives.some((each) => each.metric === metric) ? ['objective'] : [];
  const rewards = analysis?.rewards.some((each) => each.metric === metric) ? ['reward'] : [];
  const indicators = analysis?.indicators?.includes(metric) ? ['indicator'] : [];
  return [...objectives, ...rewards, ...indicators];
}

/** Metrics that the values ask for and nobody has defined: a version of which they are wanted never has a sample. */
function unknownIn({ analysis }: ResolvedRelease, known: readonly string[]): string[] {
  return analysis === undefined ? [] : gaugesIn(analysis).filter((name) => !known.includes(name));
}

function print(report: MetricsReport, format: 'text' | 'json', io: Io): number {
  io.stdout.write(format === 'json' ? toJson(report) : formatMetrics(report));
  return exitCodes.done;
}
