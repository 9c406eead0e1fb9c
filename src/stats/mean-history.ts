import type { MeanCell } from './mean-e-process.js';
import { blocksOf, type PodRow } from './overdispersion.js';
import type { History } from './t-e-process.js';

/** For the error of the estimate, and for what lasts longer than a block. */
const MARGIN = 1.25;

/**
 * Returns how much means differ by chance, from the pods of a version compared with each other: the history that
 * `meanEProcess` takes. No windows where there were never two pods.
 *
 * Formula: of pod i in a window d = x̄_i − x̄_rest, h = 1/(1/n_i + 1/n_rest); s² is the mean of h·d² over pods and windows.
 * Over a block D = Σhd/Σh varies s²/Σh in windows that are independent, and more where differences last: S² is the mean of
 * Σh·D² over pods and blocks, as far as it exceeds s² by more than its standard error, S²·√(2/(blocks·(pods − 1))). The
 * sum is that of so many windows with the variance s² + 1.25·f·(S² − s²).
 *
 * Assumptions: requests go to pods without regard to their latencies; the variance of a request, and how pods differ, are
 * those of the release. Pods that differ limit what more requests tell, which a variance per request does not know: up to
 * half of the requests for the candidate, h·(1/baseline + 1/candidate) is at most f times what it is here.
 * Source: STATISTICS.md (b) of this project, with pods and blocks in place of halves and windows (decision 21).
 *
 * @param factor f ≥ 0: how many times as much the compared versions differ than two halves of these pods would
 */
export function meanHistory(rows: readonly PodRow<MeanCell>[], factor = 1): History {
  const blocks = blocksOf(rows).map(blockOf);
  const windows = blocks.reduce((sum, block) => sum + block.windows, 0);
  const cells = blocks.reduce((sum, block) => sum + block.cells, 0);
  if (windows === 0) return { squares: 0, intervals: 0 };
  const sums = blocks.flatMap((block) => block.sums);
  const short = blocks.reduce((sum, block) => sum + block.squares, 0) / cells;
  const long = sums.reduce((sum, { h, hd }) => sum + (hd * hd) / h, 0) / sums.length;
  const error = long * Math.sqrt(2 / Math.max(1, (sums.length * (cells / windows - 1)) / (cells / windows)));
  const lasting = Math.max(0, long - error - short);
  return { squares: windows * (short + MARGIN * factor * lasting), intervals: windows };
}

interface Block {
  readonly windows: number;
  /** How many pods in how many windows, and Σh·d² over them. */
  readonly cells: number;
  readonly squares: number;
  /** Of every pod. */
  readonly sums: readonly { readonly h: number; readonly hd: number }[];
}

function blockOf(rows: readonly PodRow<MeanCell>[]): Block {
  const sums: { h: number; hd: number }[] = [];
  let windows = 0;
  let cells = 0;
  let squares = 0;
  for (const row of rows) {
    const there = row.filter((cell) => cell !== undefined && cell.n > 0);
    if (there.length < 2) continue;
    const n = there.reduce((total, cell) => total + (cell?.n ?? 0), 0);
    const sum = there.reduce((total, cell) => total + (cell?.sum ?? 0), 0);
    windows += 1;
    for (let i = 0; i < row.length; i += 1) {
      const cell = row[i];
      if (cell === undefined || cell.n === 0) continue;
      const d = cell.sum / cell.n - (sum - cell.sum) / (n - cell.n);
      const h = 1 / (1 / cell.n + 1 / (n - cell.n));
      const own = sums[i] ?? { h: 0, hd: 0 };
      sums[i] = own;
      own.h += h;
      own.hd += h * d;
      cells += 1;
      squares += h * d * d;
    }
  }
  return { windows, cells, squares, sums: sums.filter((each) => each !== undefined) };
}
