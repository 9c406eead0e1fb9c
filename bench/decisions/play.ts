import { runRelease } from '../../src/simulate/run-release.js';
import { type Summary, summaryOf } from '../../src/simulate/summary.js';
import { grid } from './cells.js';
import { rules } from './rules/registry.js';

/** Who plays what; plain data. */
export interface Task {
  readonly cell: string;
  readonly rule: string;
  readonly runs: number;
  readonly seed: number;
}

/** What came of it; plain data. */
export interface Found extends Pick<Task, 'cell' | 'rule'> {
  readonly summary: Summary;
  /** What the candidate has cost in the mean: failures, or requests over the primary's 95th percentile. */
  readonly excess: number;
  /** Its standard error. */
  readonly error: number;
}

/** Seconds until people notice what a rule has let in, for everybody alike. */
const NOTICED = 4 * 3600;

/** Plays all runs of a task. Each depends on the seed and its own number alone. */
export function play({ cell: name, rule: id, runs, seed }: Task): Found {
  const cell = grid.find((each) => each.name === name);
  const rule = rules.find((each) => each.id === id);
  if (cell === undefined || rule === undefined) throw new Error(`no cell ${name} or no rule ${id}`);
  const { scenario } = cell;
  const all = Array.from({ length: runs }, (_, run) => {
    const options = { seed, run, after: NOTICED };
    return runRelease(scenario, rule.player(scenario, options), options);
  });
  const costs = all.map(({ failures, slow }) => failures + slow);
  const excess = costs.reduce((sum, each) => sum + each, 0) / runs;
  const squares = costs.reduce((sum, each) => sum + (each - excess) ** 2, 0);
  return { cell: name, rule: id, summary: summaryOf(all), excess, error: Math.sqrt(squares / (runs - 1) / runs) };
}
