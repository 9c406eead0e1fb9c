/** One file of a repository as it is to become. */
export interface FileChange {
  /** Relative to the root of the workspace, with forward slashes. */
  readonly path: string;
  /** The whole text; null removes the file. */
  readonly content: string | null;
}
