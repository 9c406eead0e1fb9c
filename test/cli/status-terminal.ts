import { Readable } from 'node:stream';
import { run } from '../../src/cli/run.js';
import { columnsOf } from '../../src/cli/status/columns.js';
import type { Outcome, ScratchWorkspace } from './workspace.js';

/** A terminal of so many columns and rows that remembers what was written. */
export class FakeTerminal {
  readonly isTTY = true;
  written = '';

  constructor(
    readonly columns: number,
    readonly rows = 40,
  ) {}

  write(text: string): void {
    this.written += text;
  }

  /** What was painted last, without colours. */
  get screen(): string[] {
    return plain(this.written.slice(this.written.lastIndexOf('\x1b[H'))).split('\r\n');
  }
}

/** Returns what a command prints at a terminal. */
export async function atTerminal(
  { folder, now }: ScratchWorkspace,
  columns: number,
  ...argv: readonly string[]
): Promise<Outcome> {
  const stdout = new FakeTerminal(columns);
  let stderr = '';
  const sink = {
    write(text: string) {
      stderr += text;
    },
  };
  const io = { stdin: Readable.from([]), stdout, stderr: sink, cwd: folder, now: () => now };
  return { code: await run(argv, io), stdout: stdout.written, stderr };
}

/** Returns a text without what only colours it or moves the cursor. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/\x1b\[[?\d;]*[a-zA-Z]/g, '');
}

/** Returns the column in which a text starts in a line; -1 where it is not there. */
export function columnIn(line: string | undefined, text: string): number {
  const at = line?.indexOf(text) ?? -1;
  return at === -1 ? -1 : columnsOf(line?.slice(0, at) ?? '');
}

/** The values of a release with two versions, and what else they say. */
export function twoVersions(name: string, weights: readonly [number, number], rest = ''): string {
  return `environment: istio
application:
  port: 9080
  strategy: blue-green
  versions:
  - metadata: {name: ${name}-v1}
    image: registry.example/${name}:v1
    weight: ${weights[0]}
  - metadata: {name: ${name}-v2}
    image: registry.example/${name}:v2
    weight: ${weights[1]}
${rest}`;
}
