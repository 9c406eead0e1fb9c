import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cells, grid, matching } from './decisions/cells.js';
import { withBlocks } from './decisions/document.js';
import { type Goal, goalsOf, type Lookup } from './decisions/goals.js';
import { pictureOf } from './decisions/picture.js';
import { playCells } from './decisions/run.js';
import { equalTable, missedList, playedText, rulesTable, worseTable } from './decisions/tables.js';
import type { Figure } from './figure.js';

const page = new URL('../docs/comparison.md', import.meta.url);
const picture = new URL('../docs/comparison.svg', import.meta.url);

/**
 * Plays the rules of other tools beside sluice on the same simulated traffic: `--runs 500`, `--seed 1`; `--grid` for all
 * cells in place of the sixty, which takes hours; `--cells '^20/s.*p95'` for those whose name matches, with the equal
 * versions of the same services; `--write` renews docs/comparison.md and its picture, which takes all of the sixty.
 */
export async function decisions(args: readonly string[]): Promise<Figure[]> {
  const { runs, seed, pattern, all, write } = optionsIn(args);
  if (write && (all || pattern !== undefined)) throw new Error('--write goes with neither --grid nor --cells');
  const played = matching(all ? grid : cells, pattern);
  const start = performance.now();
  const onDone = (done: number, of: number) => {
    if (done % 10 === 0 || done === of) process.stderr.write(`\r${done} of ${of}, ${secondsSince(start)} s `);
  };
  const found = await playCells(played, { runs, seed, onDone });
  process.stderr.write('\n');
  const goals = goalsOf(played, found);
  if (write) renew(found, goals, seed);
  else console.log(`\n${equalTable(played, found)}\n\n${worseTable(played, found)}`);
  return [...kindsOf(goals), ...goals.filter(({ met }) => !met).map(missedFigure)];
}

function optionsIn(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ grid: flag, write: flag },
      runs: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      cells: { type: 'string' },
    },
  });
  const { cells: pattern, grid: all, write } = values;
  return { runs: Number(values.runs), seed: Number(values.seed), pattern, all, write };
}

function renew(found: Lookup, goals: readonly Goal[], seed: number): void {
  const blocks = {
    played: playedText(cells, found, seed),
    rules: rulesTable(),
    equal: equalTable(cells, found),
    worse: worseTable(cells, found),
    missed: missedList(goals),
  };
  writeFileSync(page, withBlocks(readFileSync(page, 'utf8'), blocks));
  writeFileSync(picture, pictureOf(cells, found));
}

function kindsOf(goals: readonly Goal[]): Figure[] {
  return [...new Set(goals.map(({ kind }) => kind))].map((kind) => {
    const own = goals.filter((goal) => goal.kind === kind);
    const met = own.filter((goal) => goal.met).length;
    const goal = { text: 'all', met: met === own.length };
    return { name: `cells that reach the goal of ${kind}`, value: `${met} of ${own.length}`, goal };
  });
}

function missedFigure({ cell, kind, text, unsure }: Goal): Figure {
  return {
    name: `  ${cell}`,
    value: text,
    goal: { text: `${kind}${unsure ? ', perhaps by chance' : ''}`, met: false },
  };
}

function secondsSince(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(0);
}
