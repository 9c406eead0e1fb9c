import type { Scenario } from '../../simulate/scenario.js';
import type { Part, Summary } from '../../simulate/summary.js';

/** What was played, and what was found. */
export interface Simulation {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly summary: Summary;
}

/** Returns a simulation for programs: `false` is what should not have happened. */
export function jsonOf({ scenario, seed, summary }: Simulation) {
  const { analysis, rollout, regression } = scenario;
  const { runs, promoted, rolledBack, inconclusive, minutes, excess, promotedBeforeOnset } = summary;
  return {
    ...{ seed, runs, judge: analysis.judge, policy: rollout.policy, regression: regression ?? null },
    ...{ promoted, rolledBack, inconclusive },
    ...(regression === undefined
      ? { falseRollback: rolledBack }
      : { falsePromotion: promoted, promotedBeforeOnset, excess }),
    minutesToDecision: minutes ?? null,
  };
}

/** Returns a simulation as a person reads it. */
export function formatSimulation({ scenario, seed, summary }: Simulation): string {
  const { analysis, rollout, regression } = scenario;
  const { runs, promoted, rolledBack, inconclusive, minutes } = summary;
  const isWorse = regression !== undefined;
  const rows = [
    row('promoted', promoted, isWorse ? 'false promotion' : ''),
    row('rolled back', rolledBack, isWorse ? '' : 'false rollback'),
    row('inconclusive', inconclusive, ''),
  ];
  return [
    `${count(runs)} releases with ${candidateOf(scenario)}; ${analysis.judge}, ${rollout.policy}, seed ${seed}`,
    ...aligned(rows),
    `minutes to a decision: ${minutes === undefined ? 'none was made' : `${brief(minutes.median)} (median), ${brief(minutes.p90)} (p90)`}`,
    ...(isWorse ? harmOf(scenario, summary) : []),
    '',
  ].join('\n');
}

/** Returns what is wrong with the candidate, such as `+1 pp errors`. */
export function candidateOf({ regression }: Pick<Scenario, 'regression'>): string {
  if (regression === undefined) return 'a candidate like the primary';
  const { errorRate, latency, onset } = regression;
  const what = [
    ...(errorRate === 0 ? [] : [`+${brief(100 * errorRate)} pp errors`]),
    ...(latency === 1 ? [] : [`latency x ${latency}`]),
  ];
  return `${what.join(' and ')}${onset === 0 ? '' : ` from minute ${brief(onset / 60)}`}`;
}

function harmOf({ regression }: Scenario, { excess, promotedBeforeOnset }: Summary): string[] {
  const harm = [
    ...(regression?.errorRate === 0 ? [] : [`${brief(excess.failures)} failures`]),
    ...(regression?.latency === 1 ? [] : [`${brief(excess.slow)} requests over the p95 of the primary`]),
  ];
  const early = promotedBeforeOnset.count;
  return [
    `excess of a release (mean): ${harm.join(', ')}`,
    ...(early === 0 ? [] : [`promoted before it began to fail: ${count(early)}`]),
  ];
}

function row(what: string, { count: number, share, from, to }: Part, said: string): string[] {
  return [what, count(number), percent(share), `(${(100 * from).toFixed(1)} to ${percent(to)})`, said];
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, i: number) => {
    const width = widths[i] ?? 0;
    return i === 1 || i === 2 ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((cells) => `  ${cells.map(pad).join('  ')}`.trimEnd());
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

/** Three digits, and all before the point. */
function brief(number: number): string {
  return (Math.abs(number) < 100 ? Number(number.toPrecision(3)) : Math.round(number)).toLocaleString('en');
}
