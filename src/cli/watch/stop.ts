import { constants } from 'node:os';
import { setTimeout as timer } from 'node:timers/promises';

/** A pass that was to stop before it published anything. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** What ends a daemon. */
export interface Stop {
  /** Aborted by the first signal, with the name of it as its reason. */
  readonly signal: AbortSignal;
  /** Gives the signals back to who had them. */
  release(): void;
}

const names = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Stops by the first signal of this process, and leaves it at once by the second, with the code that a shell expects. */
export function stopBySignals(leave: (code: number) => void): Stop {
  const controller = new AbortController();
  const handlers = names.map((name) => {
    const handler = () => {
      if (controller.signal.aborted) leave(128 + constants.signals[name]);
      else controller.abort(name);
    };
    process.on(name, handler);
    return [name, handler] as const;
  });
  return {
    signal: controller.signal,
    release() {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

/**
 * Settles as the work does or, once the signal is aborted, as what comes in its place. Nothing of it stays with the
 * signal, which may live for months.
 */
export function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
  otherwise: () => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const give = () => resolve(otherwise());
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
    const forget = () => signal.removeEventListener('abort', give);
    work.finally(forget).then(resolve, reject);
  });
}

/** Settles as the work does, or with `GivenUp` once the signal is aborted: for what may be left undone. */
export function orGivenUp<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work;
  return unlessAborted(work, signal, () => Promise.reject(new GivenUp('it was to stop')));
}

/** Waits in real time, or until the signal is aborted. */
export async function sleepUnlessAborted(seconds: number, signal?: AbortSignal): Promise<void> {
  await timer(seconds * 1000, undefined, { signal }).catch((error) => {
    if (!signal?.aborted) throw error;
  });
}
