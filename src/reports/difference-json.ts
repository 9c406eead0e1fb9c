import { type Difference, isDifferent } from './difference.js';

/** Returns the difference as one JSON document; `docs/diff.md` lists its fields. */
export function differenceJson(difference: Difference): string {
  return `${JSON.stringify({ different: isDifferent(difference), ...difference }, null, 2)}\n`;
}
