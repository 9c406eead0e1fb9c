import { Readable } from 'node:stream';
import { guarded } from '../../../src/cli/visible.js';
import { type Surroundings, watch } from '../../../src/cli/watch/watch.js';

/** A line of the log. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly release?: string;
  readonly decision?: string;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

/** A daemon in this process, whose clock stands unless it sleeps or a test moves it. */
export class Daemon {
  /** Unix seconds. */
  now: number;
  stdout = '';
  stderr = '';
  /** How long it slept, and when that began. */
  readonly naps: { readonly at: number; readonly seconds: number }[] = [];
  readonly #stop = new AbortController();
  readonly left: number[] = [];
  /** Called in place of a nap, after the clock has moved on. @default nothing */
  onNap: (daemon: Daemon) => void | Promise<void> = () => {};

  constructor(now: number) {
    this.now = now;
  }

  stop(reason = 'SIGTERM'): void {
    this.#stop.abort(reason);
  }

  /** Runs until it is stopped, and returns the exit code. */
  run(folder: string, options: { readonly [option: string]: string | boolean } = {}, argument?: string) {
    const sink = (name: 'stdout' | 'stderr') =>
      guarded({
        write: (text: string) => {
          this[name] += text;
        },
      });
    const io = { stdin: Readable.from([]), stdout: sink('stdout'), stderr: sink('stderr'), cwd: folder };
    const surroundings: Surroundings = {
      stop: { signal: this.#stop.signal, release: () => {} },
      leave: (code) => void this.left.push(code),
      sleep: (seconds, signal) => this.#sleep(seconds, signal),
    };
    const input = { argument, options: { watch: true, ...options } };
    return watch(input, { ...io, now: () => this.now }, surroundings);
  }

  /** That of the end, which has a signal of its own, lasts for ever. */
  async #sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    if (signal !== this.#stop.signal)
      return new Promise((resolve) => signal?.addEventListener('abort', () => resolve()));
    this.naps.push({ at: this.now, seconds });
    this.now += seconds;
    await this.onNap(this);
    // As a timer does: what else is to be done has its turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  get log(): LogLine[] {
    return this.stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
  }

  /** Of the lines of an event, in their order. */
  events(event: string): LogLine[] {
    return this.log.filter((line) => line.event === event);
  }
}
