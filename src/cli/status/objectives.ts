import type { Report } from '../../evaluate/status.js';
import { oneLine } from '../../gitops/one-line.js';
import { show, showAll } from '../../judges/words.js';
import type { Line } from '../demo/text.js';
import { type Cell, tableLines } from './columns.js';
import type { ReleaseRow, VersionRow } from './row.js';

const head = ['objective', 'version', 'found', 'value', 'baseline', 'limit'];

/** Returns a line for every objective of every version that was judged. */
export function objectiveLines(versions: readonly VersionRow[], columns: number, indent: number): Line[] {
  const rows = versions.flatMap(({ version, assessments = [] }) =>
    assessments.map(({ metric, classification, value, baseline, limit }) => [
      { text: oneLine(metric) },
      { text: version },
      { text: oneLine(classification), style: classification === 'pass' ? 'green' : 'yellow' } as Cell,
      ...showAll(metric, [value, baseline, limit]).map((text): Cell => ({ text: text.replace(/^-$/, '–') })),
    ]),
  );
  if (rows.length === 0) return [];
  const full = [head.map((text): Cell => ({ text, style: 'dim' })), ...rows];
  for (const kept of [head.length, 4, 3]) {
    const lines = tableLines(
      full.map((cells) => cells.slice(0, kept)),
      { columns, indent, flexible: [[1, 8]] },
    );
    if (lines !== undefined) return lines;
  }
  return [];
}

/** Returns a line for everything that is shown of a version and judged by nobody. */
export function indicatorLines(versions: readonly VersionRow[], columns: number, indent: number): Line[] {
  const rows = versions.flatMap(({ version, indicators = [] }) =>
    indicators.map(({ metric, value }): Cell[] => [
      { text: oneLine(metric) },
      { text: version },
      { text: show(metric, value).replace(/^-$/, '–') },
    ]),
  );
  if (rows.length === 0) return [];
  const titles = ['indicator', 'version', 'value'].map((text): Cell => ({ text, style: 'dim' }));
  return tableLines([titles, ...rows], { columns, indent, flexible: [[1, 8]] }) ?? [];
}

/** Returns sentences on the whole: who is the best, and which conditions do not hold. */
export function wholeSentences({ type, winner, conditions = [], versions }: ReleaseRow): string[] {
  const bad = conditions.filter((each) => each.status === 'False' && each.type !== 'Completed');
  // Of a single candidate without a reward the verdict says the same.
  const isChosen = winner !== undefined && type !== 'Canary';
  return [
    ...(isChosen ? [bestSentence(winner, versions)] : []),
    ...bad.map((each) => `${each.type} is False: ${each.message === '' ? each.reason : each.message}`),
  ];
}

function bestSentence({ currentBest, found }: NonNullable<Report['winner']>, versions: readonly VersionRow[]): string {
  const probability = versions.find(({ version }) => version === currentBest)?.winProbability;
  const chance = probability === undefined ? '' : `, with a probability of ${show('error-rate', probability)}`;
  return `${found ? 'winner' : 'best so far'}: ${currentBest}${chance}`;
}
