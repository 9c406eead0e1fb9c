import type { Tally } from './tally.js';

/** Content type of Prometheus' text format. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

type Family = readonly [name: string, type: 'counter' | 'gauge' | 'summary', help: string, samples: Samples];

/** Values by what follows the name: labels, or the part of a summary. */
type Samples = { readonly [suffix: string]: number | undefined };

/** Returns what a daemon has done in Prometheus' text format. Labels are words of sluice, so none needs an escape. */
export function exposition(tally: Tally): string {
  const { times, passes, decisions } = tally;
  const count = passes.complete + passes.partial + passes.failed;
  const families: Family[] = [
    ['passes_total', 'counter', 'Passes that ended, by how.', labelled('outcome', passes)],
    [
      'pass_duration_seconds',
      'summary',
      'How long passes took.',
      { _sum: Number(tally.seconds.toFixed(3)), _count: count },
    ],
    ['decisions_total', 'counter', 'Decisions of passes, by kind.', labelled('kind', decisions)],
    ['commits_total', 'counter', 'Commits that passes made.', { '': tally.commits }],
    ['release_failures_total', 'counter', 'Releases that could not run in a pass.', { '': tally.failures }],
    ['releases', 'gauge', 'Releases that the last pass looked at.', { '': tally.releases }],
    ['interval_seconds', 'gauge', 'From one pass to the next.', { '': tally.interval }],
    ['last_pass_timestamp_seconds', 'gauge', 'When the last pass ended.', { '': times.ended }],
    ['last_success_timestamp_seconds', 'gauge', 'When the last complete pass ended.', { '': times.succeeded }],
  ];
  return families.map(textOf).join('');
}

function labelled(label: string, values: { readonly [value: string]: number }): Samples {
  return Object.fromEntries(Object.entries(values).map(([value, n]) => [`{${label}="${value}"}`, n]));
}

function textOf([name, type, help, samples]: Family): string {
  const lines = Object.entries(samples).flatMap(([suffix, value]) =>
    value === undefined ? [] : [`sluice_${name}${suffix} ${value}\n`],
  );
  if (lines.length === 0) return '';
  return `# HELP sluice_${name} ${help}\n# TYPE sluice_${name} ${type}\n${lines.join('')}`;
}
