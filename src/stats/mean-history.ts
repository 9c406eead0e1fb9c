import type { MeanRow } from './mean-e-process.js';
import type { History } from './t-e-process.js';

/**
 * Returns how much means differ by chance, from halves of the baseline's pods compared with each other before the
 * release: the history that `meanEProcess` takes.
 *
 * Formula: Σ h·d² over rows, d = x̄_1 − x̄_2, h = 1/(1/n_1 + 1/n_2). Rows where a half has no request say nothing.
 * Assumptions: halves drawn without regard to their latencies; the variance of a request is that of the release.
 * Source: STATISTICS.md (b) of this project.
 */
export function meanHistory(rows: readonly MeanRow[]): History {
  let squares = 0;
  let intervals = 0;
  for (const { control, treatment } of rows) {
    if (control.n === 0 || treatment.n === 0) continue;
    const difference = treatment.sum / treatment.n - control.sum / control.n;
    squares += difference ** 2 / (1 / treatment.n + 1 / control.n);
    intervals += 1;
  }
  return { squares, intervals };
}
