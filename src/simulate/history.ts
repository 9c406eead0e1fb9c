import { HISTORY_WINDOWS } from '../evaluate/history.js';
import { spreadOfPods } from '../evaluate/spread-of-pods.js';
import { percentileOf } from '../release/evaluation.js';
import type { History } from '../release/judge.js';
import type { Count } from '../stats/count-bet.js';
import { poissonDraw } from '../stats/count-draws.js';
import type { MeanCell } from '../stats/mean-e-process.js';
import type { Latencies } from './latencies.js';
import { type Load, loadOf } from './load.js';
import type { PodFactors } from './pods.js';
import type { Random } from './random.js';
import type { Scenario } from './scenario.js';

/** The primary, as it was before the first window. */
export interface Past {
  readonly pods: PodFactors;
  readonly latencies: Latencies;
}

/**
 * Returns what a pass would have read before the candidate entered: what the pods of the primary counted in the windows before.
 * What they count is drawn; how many requests they get, and the buckets that percentiles lie in, are taken as they are expected.
 */
export function historyOf(scenario: Scenario, { pods, latencies }: Past, random: Random): History {
  const { traffic, analysis, baseline, pods: numbers } = scenario;
  const metrics = [...new Set(analysis.objectives.map(({ metric }) => metric))];
  const bounds = metrics.flatMap((metric) => boundOf(metric, baseline.buckets, latencies));
  const loads = loadsOf(traffic, analysis.interval, random);
  const errors = pods.errorsBefore(random);
  const slowness = pods.latenciesBefore(random);
  const errorCounts = loads.map((load): Count[] => {
    const n = load.requests / numbers.primary;
    const factors = errors();
    return each(numbers.primary, (i) => {
      const rate = baseline.errorRate * load.errors * (factors[i] ?? factors[0] ?? 1);
      return { n, e: Math.min(n, poissonDraw(n * Math.min(1, rate), random)) };
    });
  });
  const readsLatency = metrics.includes('latency-mean') || bounds.length > 0;
  const factors = readsLatency ? loads.map(() => slowness()) : [];
  const of = (window: number, pod: number) => factors[window]?.[pod] ?? factors[window]?.[0] ?? 1;
  const cells = <Cell>(cell: (n: number, factor: number) => Cell) =>
    loads.map(({ requests }, t) => each(numbers.primary, (i) => cell(requests / numbers.primary, of(t, i))));
  const slow = bounds.map(([metric, bound]) => {
    const counted = (n: number, factor: number): Count => {
      return { n, e: Math.min(n, poissonDraw(n * latencies.above(bound, factor), random)) };
    };
    return [metric, [cells(counted)]] as const;
  });
  const mean = (n: number, factor: number): MeanCell => ({ n, sum: latencies.sum(n, [factor], random) });
  return {
    bounds: Object.fromEntries(bounds),
    ...spreadOfPods({
      counts: { 'error-rate': [errorCounts], ...Object.fromEntries(slow) },
      means: metrics.includes('latency-mean') ? { 'latency-mean': cells(mean) } : {},
      candidate: numbers.candidate,
    }),
  };
}

function loadsOf(traffic: Scenario['traffic'], interval: number, random: Random): Load[] {
  const next = loadOf(traffic, interval, random);
  return Array.from({ length: HISTORY_WINDOWS }, next);
}

/** The end of the bucket that a percentile lies in. */
function boundOf(metric: string, buckets: readonly number[], latencies: Latencies): [string, number][] {
  const share = percentileOf(metric);
  const bound = share && buckets.find((upTo) => latencies.above(upTo, 1) <= 1 - share);
  return bound === undefined ? [] : [[metric, bound]];
}

function each<Cell>(count: number, cell: (i: number) => Cell): Cell[] {
  return Array.from({ length: count }, (_, i) => cell(i));
}
