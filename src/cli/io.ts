import type { Readable } from 'node:stream';

/** What a command may touch beside files: passed in, so that tests see it all. */
export interface Io {
  readonly stdin: Readable;
  /** Results: manifests, decisions, data. */
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean | undefined; readonly columns?: number };
  /** Everything that is said about the way there. */
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean | undefined };
  readonly cwd: string;
  /** Unix seconds. */
  now(): number;
}

/** Exit codes, the same for every command. */
export const exitCodes = {
  done: 0,
  judgedFail: 1,
  different: 1,
  findings: 1,
  couldNotRun: 2,
  inconclusive: 3,
} as const;
