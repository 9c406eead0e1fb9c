import { plain, table } from '../../reports/markdown.js';
import { duration } from '../../reports/words.js';
import type { Part, Summary } from '../../simulate/summary.js';
import { resolutionWords } from '../metrics/resolution.js';
import { candidateOf } from '../simulate/report.js';
import type { Power, Sight } from './power-of.js';

/** The ways to print how soon a regression is seen. */
export const powerFormats = { text: formatText, json: formatJson, markdown: formatMarkdown } as const;

/** What is not known is null. */
function formatJson(found: readonly Power[]): string {
  const releases = found.map(({ scenario, ...power }) => {
    const { analysis, rollout, regression } = scenario;
    const { judge, maxDuration } = analysis;
    return { ...power, judge, policy: rollout.policy, maxDuration, means: regression };
  });
  return `${JSON.stringify({ releases }, (_, value) => (value === undefined ? null : value), 2)}\n`;
}

function formatText(found: readonly Power[]): string {
  return found.length === 0 ? 'nothing to simulate\n' : found.map(textOf).join('\n');
}

function textOf(power: Power): string {
  const rows = rowsOf(power);
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, i) => padded(cell, widths[i] ?? 0, i)).join('  ')}`.trimEnd());
  return [headOf(power), ...lines, ...remarksOf(power), ''].join('\n');
}

/** The first column to the left, numbers to the right. */
function padded(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function formatMarkdown(found: readonly Power[]): string {
  const sections = found.map((power) => {
    const remarks = remarksOf(power).map((text) => `- ${plain(text)}\n`);
    return [`### ${plain(headOf(power))}\n`, table(rowsOf(power)), remarks.join('')].join('\n');
  });
  return ['## sluice plan --power\n', ...(found.length === 0 ? ['nothing to simulate\n'] : sections)].join('\n');
}

function headOf({ release, service, scenario, runs, seed }: Power): string {
  const { rate, baseline, measured } = service;
  const { analysis, rollout } = scenario;
  const like = `${brief(rate)} requests/s, ${brief(100 * baseline.errorRate)} % errors${measured ? ' (measured)' : ''}`;
  const how = `${rollout.policy}, ${analysis.judge}, ${runs} runs, seed ${seed}`;
  return `${release}: ${candidateOf(scenario)} at ${like}; ${how}`;
}

function rowsOf({ scenario, byPolicy, atShares }: Power): string[][] {
  const within = duration(scenario.analysis.maxDuration);
  return [
    ['share', `found in ${within}`, 'at 95 %', 'minutes', 'p90', 'requests', 'p90', 'promoted'],
    rowOf('by the policy', byPolicy),
    ...atShares.map(({ share, ...sight }) => rowOf(`kept at ${share} %`, sight)),
  ];
}

function rowOf(name: string, { found, promoted, minutes, requests }: Sight): string[] {
  return [
    name,
    percent(found.share),
    intervalOf(found),
    ...numbers(minutes),
    ...numbers(requests),
    percent(promoted.share),
  ];
}

function remarksOf({ equal, left, unwatched, resolutions, scenario }: Power): string[] {
  const { promoted, falseRollback, minutes, requests } = equal;
  const when =
    minutes === undefined || requests === undefined
      ? ''
      : `, ${brief(minutes.median)} min (median), ${brief(minutes.p90)} (p90) after its entry, with ${brief(requests.median)} requests to it`;
  return [
    `a candidate like the primary: promoted ${percent(promoted.share)} (${intervalOf(promoted)})${when}; false rollback ${percent(falseRollback.share)} (${intervalOf(falseRollback)})`,
    ...(unwatched.length === 0 ? [] : [`nothing looks at ${unwatched.join(' and ')}: no objective is about it`]),
    ...resolutions.map((told) => {
      const slower = scenario.regression?.latency ?? 1;
      const never = told.reached || slower === 1 ? '' : `, so latency x ${slower} is found by it at no traffic`;
      return `${told.metric}: ${resolutionWords(told)}${never}`;
    }),
    ...(left.length === 0 ? [] : [`not simulated, and not judged by here: ${left.join(', ')}`]),
  ];
}

function numbers(spread: Summary['minutes']): string[] {
  return spread === undefined ? ['-', '-'] : [brief(spread.median), brief(spread.p90)];
}

function intervalOf({ from, to }: Part): string {
  return `${(100 * from).toFixed(1)} to ${percent(to)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Three digits, and all before the point. */
function brief(number: number): string {
  return (Math.abs(number) < 100 ? Number(number.toPrecision(3)) : Math.round(number)).toLocaleString('en');
}
