import type { Line } from '../demo/text.js';
import { detailLines } from './detail.js';
import type { Snapshot } from './snapshot.js';
import { statusTable, type TableView } from './table.js';

/** Returns the table; and the evidence, where there is only one release to tell of. */
export function statusLines(snapshot: Snapshot, view: TableView): Line[] {
  const table = statusTable(snapshot.rows, view);
  const [only] = snapshot.rows;
  if (only === undefined || snapshot.rows.length > 1) return table;
  return [...table, [], ...detailLines(only, { evidence: snapshot.evidence(only), view })];
}
