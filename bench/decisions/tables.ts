import type { Summary } from '../../src/simulate/summary.js';
import type { Cell } from './cells.js';
import { bestPeer, count, type Goal, type Lookup } from './goals.js';
import { rules } from './rules/registry.js';
import { sluice } from './rules/sluice.js';

/** Returns a Markdown table of rows of cells, the first of which is the head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...body.map(line)].join('\n');
}

/** Returns how often each rule was played in each cell, as what was found says. */
export function playedText(cells: readonly Cell[], found: Lookup, seed: number): string {
  const runs = cells.flatMap((cell) => rules.map(({ id }) => found(cell, id).summary.runs));
  const [least, most] = [Math.min(...runs), Math.max(...runs)];
  return `${least === most ? least : `${least} to ${most}`} releases of each rule in each cell, seed ${seed}.`;
}

/** Returns how often good candidates are rolled back, in percent with Wilson's interval, and what sluice leaves open. */
export function equalTable(cells: readonly Cell[], found: Lookup): string {
  const equal = cells.filter(({ harm }) => harm === undefined);
  const rows = equal.map((cell) => [
    `${cell.rate}/s, ${cell.service}`,
    ...rules.map(({ id }) => interval(found(cell, id).summary.rolledBack)),
    interval(found(cell, sluice.id).summary.promoted),
  ]);
  return markdownTable([['cell', ...rules.map(({ name }) => name), 'sluice promotes'], ...rows]);
}

/** Returns what bad candidates cost in the mean, and in brackets how often they are promoted in percent; the least is bold. */
export function worseTable(cells: readonly Cell[], found: Lookup): string {
  const worse = cells.filter(({ harm }) => harm !== undefined);
  const rows = worse.map((cell) => {
    const best = bestPeer(cell, cells, found);
    const own = found(cell, sluice.id);
    const costs = rules.map(({ id }) => {
      const { excess, summary } = found(cell, id);
      const isLeast = id === (best === undefined || own.excess <= best.excess ? sluice.id : best.rule);
      const shown = isLeast ? `**${count(excess)}**` : count(excess);
      return `${shown} (${whole(summary.promoted)})`;
    });
    return [cell.name, ...costs, interval(own.summary.promoted), minutesOf(own.summary)];
  });
  const head = ['cell', ...rules.map(({ name }) => name), 'sluice promotes', 'sluice, minutes'];
  return markdownTable([head, ...rows]);
}

/** Returns the goals that are missed, by kind. */
export function missedList(goals: readonly Goal[]): string {
  const missed = goals.filter(({ met }) => !met);
  if (missed.length === 0) return 'None.';
  const rows = missed.map(({ kind, cell, text, unsure }) => [
    kind,
    cell,
    unsure ? `${text} (perhaps by chance)` : text,
  ]);
  return markdownTable([['goal', 'cell', 'sluice'], ...rows]);
}

/** Returns who plays, what each does, and where that is written. */
export function rulesTable(): string {
  const rows = rules.map(({ name, text, source }) => [name, text, source ?? 'this repository, without any setting']);
  return markdownTable([['rule', 'what it does', 'source'], ...rows]);
}

function interval({ share, from, to }: Summary['promoted']): string {
  return `${brief(share)} (${brief(from)}–${brief(to)})`;
}

function whole({ share }: Summary['promoted']): string {
  return brief(share);
}

function brief(share: number): string {
  return String(Number((100 * share).toFixed(1)));
}

function minutesOf({ minutes }: Summary): string {
  return minutes === undefined ? '–' : String(Math.round(minutes.median));
}
