import type { PathSegment } from './source-text.js';

/** Something that has the right shape and cannot be meant. */
export interface Contradiction {
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly hint: string;
}
