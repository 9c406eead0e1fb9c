/** A step into a document: a key, or a position in a list. */
export type PathSegment = string | number;

/** Something that has the right shape and cannot be meant, or has no effect. */
export interface Contradiction {
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly hint: string;
}
