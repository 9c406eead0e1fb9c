import type { History } from '../release/judge.js';
import type { Count } from '../stats/count-bet.js';
import type { MeanCell } from '../stats/mean-e-process.js';
import { meanHistory } from '../stats/mean-history.js';
import { overdispersion, type PodRow, podSpread } from '../stats/overdispersion.js';

/** What the pods of versions did in windows that were the same for all, by metric. */
export interface PodsSeen {
  /** Of every version apart. */
  readonly counts: { readonly [metric: string]: readonly (readonly PodRow<Count>[])[] };
  /** Of the baseline. */
  readonly means: { readonly [metric: string]: readonly PodRow<MeanCell>[] };
  /** How many pods the candidate has; undefined where that is not known. */
  readonly candidate: number | undefined;
  /** Whether it is compared with as many pods as it has, whatever was seen. @default false */
  readonly alike?: boolean;
}

/** Returns how much what is compared will differ by chance, as far as the pods tell. */
export function spreadOfPods({
  counts,
  means,
  candidate,
  alike = false,
}: PodsSeen): Pick<History, 'overdispersion' | 'autocorrelation' | 'spread'> {
  const measured = Object.entries(counts).flatMap(([metric, groups]) => {
    const [long, single] = [podSpread(groups), podSpread(groups, 1)];
    const found = long && single && overdispersion(long, single, podsOf(long.pods, { candidate, alike }));
    return found?.basis === 'measured' ? [{ metric, ...found }] : [];
  });
  const spreads = Object.entries(means).flatMap(([metric, rows]) => {
    const { squares, intervals } = meanHistory(rows, factorOf(podsIn(rows), { candidate, alike }));
    return intervals === 0 ? [] : [[metric, { squares, intervals }] as const];
  });
  return {
    ...(measured.length > 0 && {
      overdispersion: Object.fromEntries(measured.map(({ metric, omega }) => [metric, omega])),
      autocorrelation: Object.fromEntries(measured.map(({ metric, autocorrelation }) => [metric, autocorrelation])),
    }),
    ...(spreads.length > 0 && { spread: Object.fromEntries(spreads) }),
  };
}

/** Two halves of the baseline, where nobody knows how many pods the candidate has. */
function podsOf(seen: number, { candidate, alike = false }: Pick<PodsSeen, 'candidate' | 'alike'>) {
  if (candidate === undefined) return { baseline: seen / 2, candidate: seen / 2 };
  return { baseline: alike ? candidate : seen, candidate };
}

/** How many times as much the versions differ as two halves of the baseline. */
function factorOf(seen: number, compared: Pick<PodsSeen, 'candidate' | 'alike'>): number {
  const { baseline, candidate } = podsOf(seen, compared);
  return ((1 / baseline + 1 / candidate) * seen) / 4;
}

function podsIn(rows: readonly PodRow<MeanCell>[]): number {
  const pods = rows.map((row) => row.filter((cell) => cell !== undefined && cell.n > 0).length);
  const several = pods.filter((number) => number > 1);
  return several.reduce((sum, number) => sum + number, 0) / Math.max(1, several.length);
}
