import type { Observation, Observations } from './observations.js';

/** One metric of one version over the windows, with the same weight on a window as the others it is compared with. */
export interface Estimate {
  readonly value: number;
  /** As many requests in one window would be worth as much. */
  readonly requests: number;
  /** As many windows of equal weight would be worth as much, from 1. */
  readonly windows: number;
  /** Windows that count. */
  readonly count: number;
  /** How the windows spread: Σ requests·(value of the window − value)², without what the versions have in common. */
  readonly squares: number;
}

/**
 * Returns the metric of each of the versions over the windows that all of them have, and undefined where there is none.
 *
 * A window weighs 1/Σ(1/n) for every version, n being its requests there. While the shares stay as they are, that is
 * just adding up. While they change it keeps apart what happened to everybody at one time and what a version does: if
 * all versions fail in the one hour in which a candidate had its large share, sums would blame the candidate.
 *
 * What the windows of several versions have in common, such as slow hours, is no doubt about how they compare. So the
 * spread is that around the mean of the versions in each window, relative to each one's own mean (of gauges, which may
 * be about 0, absolute), divided by the V − 1 of V versions that are free: of two it is the spread of their
 * differences.
 */
export function estimates(
  observed: Observations,
  versions: readonly string[],
  { relative }: { readonly relative: boolean },
): Map<string, Estimate> | undefined {
  const columns = versions.map((name) => observed.get(name) ?? []);
  const common = (columns[0] ?? []).flatMap((_, i) => {
    const row = columns.flatMap((column) => column[i] ?? []);
    return row.length === versions.length ? [row] : [];
  });
  if (common.length === 0) return undefined;
  const raw = common.map((row) => 1 / row.reduce((sum, { requests }) => sum + 1 / requests, 0));
  const all = raw.reduce((sum, weight) => sum + weight, 0);
  const weights = raw.map((weight) => weight / all);
  const found = versions.map((_, at) =>
    estimate(
      common.map((row) => row[at] as Observation),
      weights,
    ),
  );
  if (versions.length === 1) return new Map(versions.map((name, at) => [name, found[at] as Estimate]));

  // Of a version whose mean is 0 the scale is that of the others: 1 would be a size in some unit.
  const largest = Math.max(...found.map(({ value }) => Math.abs(value)));
  const scales = found.map(({ value }) => (relative ? value || largest || 1 : 1));
  const values = found.map(({ value }) => value);
  const squares = common.reduce((sum, row) => sum + squaresOf(row, values, scales), 0) / (versions.length - 1);
  const shared = found.map((each, at) => ({ ...each, squares: squares * (scales[at] as number) ** 2 }));
  return new Map(versions.map((name, at) => [name, shared[at] as Estimate]));
}

/** Σ requests·(deviation − mean deviation)² in one window, deviations in units of the scales. */
function squaresOf(row: readonly Observation[], values: readonly number[], scales: readonly number[]): number {
  const deviations = row.map(({ requests, total }, at) => {
    return (total / requests - (values[at] as number)) / (scales[at] as number);
  });
  const requests = row.reduce((sum, each) => sum + each.requests, 0);
  const mean = row.reduce((sum, each, at) => sum + each.requests * (deviations[at] as number), 0) / requests;
  return row.reduce((sum, each, at) => sum + each.requests * ((deviations[at] as number) - mean) ** 2, 0);
}

function estimate(windows: readonly Observation[], weights: readonly number[]): Estimate {
  const sums = { value: 0, spread: 0, weights: 0, squares: 0 };
  windows.forEach(({ requests, total }, i) => {
    const weight = weights[i] as number;
    sums.value += (weight * total) / requests;
    sums.spread += weight ** 2 / requests;
    sums.weights += weight ** 2;
  });
  for (const { requests, total } of windows) sums.squares += requests * (total / requests - sums.value) ** 2;
  const { value, squares } = sums;
  return { value, requests: 1 / sums.spread, windows: 1 / sums.weights, count: windows.length, squares };
}
