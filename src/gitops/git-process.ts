import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';

/** One run of a program. */
export interface ProcessInput {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly input: string | Uint8Array | Iterable<Uint8Array>;
  readonly encoding: 'utf8' | 'latin1';
  /** Milliseconds after which it and all that it started are killed; undefined for never. */
  readonly timeout: number | undefined;
}

/** How a run ended. */
export type ProcessOutcome =
  | { readonly kind: 'ended'; readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'late'; readonly stderr: string }
  | { readonly kind: 'not run'; readonly error: NodeJS.ErrnoException; readonly signal?: string };

const largestOutput = 256 * 1024 * 1024;

/** Runs a program without a shell. */
export function runProcess(file: string, args: readonly string[], options: ProcessInput): Promise<ProcessOutcome> {
  return new Promise((resolve) => {
    // What git starts for a remote outlives git, so it is killed as a group.
    const detached = options.timeout !== undefined;
    const { cwd, env, encoding } = options;
    let child: ChildProcess;
    try {
      child = spawn(file, args, { cwd, env, detached, stdio: 'pipe', windowsHide: true });
    } catch (error) {
      // Some reasons not to start, such as too long a list of paths, are thrown.
      resolve({ kind: 'not run', error: error as NodeJS.ErrnoException });
      return;
    }
    const stdout = collect(child.stdout, () => kill(child, detached));
    const stderr = collect(child.stderr, () => kill(child, detached));
    let late = false;
    const stop = () => {
      late = true;
      kill(child, detached);
    };
    const timer = options.timeout === undefined ? undefined : setTimeout(stop, options.timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ kind: 'not run', error });
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      const words = Buffer.concat(stderr).toString('utf8');
      if (late) resolve({ kind: 'late', stderr: words });
      else if (status === null) resolve({ kind: 'not run', error: new Error(`${signal}`), signal: `${signal}` });
      else resolve({ kind: 'ended', status, stdout: Buffer.concat(stdout).toString(encoding), stderr: words });
    });
    // A git that ends before it has read everything says why itself.
    child.stdin?.on('error', () => {});
    give(options.input, child.stdin);
  });
}

/** Parts are made as fast as they are read. */
function give(input: ProcessInput['input'], stdin: Writable | null): void {
  if (stdin === null) return;
  if (typeof input === 'string' || input instanceof Uint8Array) stdin.end(input);
  else Readable.from(input).pipe(stdin);
}

function collect(stream: NodeJS.ReadableStream | null, overflow: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > largestOutput) overflow();
    else chunks.push(chunk);
  });
  return chunks;
}

function kill(child: ChildProcess, group: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(group && process.platform !== 'win32' ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
