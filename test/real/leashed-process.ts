import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The kernel ends the program together with this process, even when this one is killed and can end nothing itself. */
const leash = ['setpriv', '--pdeathsig', 'KILL'] as const;

/** Programs of Go clean up less often than they would: that saves a fifth of their time, for memory of this machine. */
const seldomCleaning = { GOGC: '400', GOMEMLIMIT: '1GiB' } as const;

/** Milliseconds between two looks at whether a program is ready. */
const pause = 50;

/** Characters of a log that are kept: its end says why a program ended. */
const kept = 64 * 1024;

/** A server of the tests, whose log is shown when it does not come up. */
export class LeashedProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  #log = '';
  #end: string | undefined;

  /** @param environment beside that of this process */
  constructor(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#name = basename(program);
    const [setpriv, ...options] = leash;
    const env = { ...process.env, ...seldomCleaning, ...environment };
    this.#child = spawn(setpriv, [...options, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-kept);
      });
    }
    this.#child.once('error', (error) => {
      this.#end ??= error.message;
    });
    // Not its exit: the end of its log may come after that.
    this.#child.once('close', (code, signal) => {
      this.#end ??= `it ended with ${signal ?? code}`;
    });
  }

  /** The end of its log, for people who look into a failure. */
  get log(): string {
    return this.#log.trimEnd().split('\n').slice(-20).join('\n');
  }

  /** Whether these words stand in what is kept of its log. */
  hasSaid(words: string): boolean {
    return this.#log.includes(words);
  }

  /**
   * Waits until `isReady` says so.
   *
   * @param seconds after which it counts as broken
   * @throws Error with the end of its log, at once when the program has ended
   */
  async untilReady(isReady: () => Promise<boolean>, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await isReady())) {
      if (this.#end !== undefined) throw this.#failure(this.#end);
      if (Date.now() > deadline) throw this.#failure(`not ready after ${seconds} s`);
      await delay(pause);
    }
  }

  #failure(why: string): Error {
    return new Error(`Cannot start ${this.#name}: ${why}\n${this.log}`);
  }

  /**
   * Ends it and waits for its end.
   *
   * @param seconds that it has for an end of its own
   */
  async stop(seconds: number): Promise<void> {
    if (this.#end !== undefined) return;
    const end = once(this.#child, 'close');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), seconds * 1000);
    await end;
    clearTimeout(timer);
  }
}
