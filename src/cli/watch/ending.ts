import type { CommandInput } from '../command.js';
import { onePass, type Pass } from '../evaluate.js';
import type { Io } from '../io.js';
import { type Log, loggedStderr } from './log.js';
import { GivenUp, unlessAborted } from './stop.js';

/** How a pass of a daemon ended. */
export type Ending =
  | { readonly kind: 'ended'; readonly pass: Pass }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'given up'; readonly reason: string };

/** What a pass is given of its daemon. */
export interface Bounds {
  readonly stop: AbortSignal;
  /** Waits for seconds, or until the signal is aborted. */
  sleep(seconds: number, signal: AbortSignal): Promise<void>;
  readonly log: Log;
}

/** Seconds that a pass has for its end once it is to stop: a Pod is killed after 30. */
const grace = 20;

const late: Ending = {
  kind: 'given up',
  reason: `the pass did not end within ${grace} s; the next run finishes or undoes what it was writing`,
};

/** Makes one pass; once it is to stop it is given up, or has a while left for what it is writing. Never throws. */
export function endingOf(input: CommandInput, io: Io, { stop, sleep, log }: Bounds): Promise<Ending> {
  const work = onePass(input, withLog(io, log), stop).then((pass): Ending => ({ kind: 'ended', pass }), failureOf);
  return unlessAborted(work, stop, () => {
    log('info', 'stopping', { reason: stop.reason });
    // What is left of the wait keeps no process that is done.
    const over = new AbortController();
    const limit = sleep(grace, over.signal).then(() => (over.signal.aborted ? work : late));
    return Promise.race([work.finally(() => over.abort()), limit]);
  });
}

function failureOf(error: unknown): Ending {
  if (!(error instanceof GivenUp)) return { kind: 'failed', error };
  return { kind: 'given up', reason: 'nothing of this pass was written; the next one decides anew' };
}

function withLog(io: Io, log: Log): Io {
  return {
    get stdin() {
      return io.stdin;
    },
    stdout: io.stdout,
    stderr: loggedStderr(log),
    cwd: io.cwd,
    now: () => io.now(),
  };
}
