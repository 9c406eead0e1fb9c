import { oneLine } from '../../gitops/one-line.js';
import { several, showAll } from '../../judges/words.js';
import { isoTime } from '../../release/iso-time.js';
import type { ListedMetric } from '../../sources/listed-metric.js';
import { type Resolution, resolutionWords } from './resolution.js';
import type { Tried } from './try.js';

/** What the command tells. */
export interface MetricsReport {
  readonly release: string;
  /** The id of the source. */
  readonly source: string;
  /** Seconds. */
  readonly interval: number;
  readonly versions: readonly string[];
  readonly metrics: readonly (ListedMetric & { readonly usedFor: readonly string[] })[];
  /** Metrics of the values that nobody has defined. */
  readonly unknown: readonly string[];
  /** What the buckets make of ratios that objectives ask for, where that is another ratio. */
  readonly resolutions: readonly Resolution[];
  readonly tried?: Tried;
}

/** Returns the report as JSON, with `null` for what is not known. */
export function toJson(report: MetricsReport): string {
  return `${JSON.stringify(report, (_, value) => (value === undefined ? null : value), 2)}\n`;
}

/** Returns the report as people read it. */
export function formatMetrics(report: MetricsReport): string {
  const { release, source, interval, versions, metrics, resolutions, tried } = report;
  const unknown = report.unknown.map((name) => `${name}  defined nowhere: add it to metrics.custom of sluice.yaml\n`);
  const lines = [
    `${release}: ${source}, windows of ${interval} s, ${versions.join(', ')}\n`,
    ...metrics.map(
      (metric) =>
        `${headingOf(metric)}\n${[...notesOn(metric.name, resolutions), ...metric.queries].map((text) => `  ${oneBlock(text)}\n`).join('')}`,
    ),
    ...unknown,
    ...(tried === undefined ? [] : [triedLines(report, tried)]),
  ];
  return lines.join('\n');
}

function notesOn(metric: string, resolutions: readonly Resolution[]): string[] {
  return resolutions.filter((each) => each.metric === metric).map(resolutionWords);
}

/** A query may have lines of its own. */
function oneBlock(query: string): string {
  return query.trim().split('\n').join('\n  ');
}

function headingOf({
  name,
  kind,
  counted,
  unit,
  preferredDirection,
  usedFor,
  queries,
}: MetricsReport['metrics'][number]): string {
  const better = preferredDirection === undefined ? [] : [`${preferredDirection} is better`];
  const none = queries.length === 0 ? ['nobody tells it here'] : [];
  const how = counted === undefined ? [] : ['by counts'];
  const notes = [kind, ...how, ...(unit === undefined ? [] : [unit]), ...better, ...usedFor, ...none];
  return `${name}  ${notes.join(', ')}`;
}

function triedLines({ metrics, versions, interval }: MetricsReport, tried: Tried): string {
  const rows = metrics.map(({ name }) => {
    const values = versions.map((version) => tried.values[name]?.[version]);
    const shown = showAll(name, values);
    return [name, ...versions.map((version, i) => (tried.beyond[name]?.includes(version) ? 'above ' : '') + shown[i])];
  });
  const table = [['', ...versions], ...rows];
  const widths = ['', ...versions].map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const count = tried.windows.length;
  const missing = versions.flatMap((version) =>
    (tried.missing[version] ?? []).map(({ missing: why, windows }) => {
      return `${version} has no sample in ${windows} of ${several(count, 'window')}: ${oneLine(why)}`;
    }),
  );
  const untold = versions.flatMap((version) =>
    (tried.untold[version] ?? []).map(
      ({ why, metrics: names }) => `${version} has no ${names.join(', ')}: ${oneLine(why)}`,
    ),
  );
  const heading = `${several(count, 'window')} of ${interval} s until ${isoTime(tried.lastEnd)}`;
  const warnings = tried.warnings.map((words) => `warning: ${oneLine(words)}`);
  const failures = Object.entries(tried.failures).map(
    ([name, words]) => `${name} could not be read: ${oneLine(words)}`,
  );
  return [heading, ...lines, ...missing, ...untold, ...failures, ...warnings, ''].join('\n');
}
