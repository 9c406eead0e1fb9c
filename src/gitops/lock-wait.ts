import { isSluiceError } from '../errors.js';
import { realSleep } from './bounded-fetch.js';

/** How long another process that is writing is waited for, in milliseconds: a pass writes for some tenths of a second. */
export const lockPatience = 10_000;

const step = 50;

/** How a lock is waited for. */
export interface LockWait {
  /** Milliseconds. @default lockPatience */
  readonly patience?: number;
  /** Hears once that there is something to wait for. */
  readonly waiting?: ((text: string) => void) | undefined;
}

/**
 * Does a piece of work again as long as another process of sluice is writing, for a while.
 *
 * @throws what the work throws, `git/locked` once the time is up
 */
export async function whileLocked<Result>(work: () => Promise<Result>, wait: LockWait = {}): Promise<Result> {
  const { patience = lockPatience, waiting } = wait;
  const until = performance.now() + patience;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isSluiceError(error) || error.code !== 'git/locked' || performance.now() >= until) throw error;
      if (tries === 1) waiting?.(`waiting for another sluice: ${error.message.replace(/^.*?: /s, '')}\n`);
      await realSleep(step);
    }
  }
}
