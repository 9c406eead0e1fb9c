import { setMaxListeners } from 'node:events';
import type { Endpoint } from './endpoint.js';
import { failure } from './failure.js';

/** How long one read may take, whatever it asks. */
export interface TimeLimit {
  /** Aborts with the error that says so. */
  readonly signal: AbortSignal;
  /** As `performance.now` counts. */
  readonly endsAt: number;
}

/** Milliseconds; setTimeout takes any more for none at all. */
const maxDelay = 2 ** 31 - 1;

/**
 * Runs the action and aborts whatever it has left open when it is done, has failed, or takes too long.
 *
 * @param endsAt when that is, as `performance.now` counts; by default after so many seconds
 */
export async function withTimeLimit<T>(
  target: Endpoint,
  seconds: number,
  action: (limit: TimeLimit) => Promise<T>,
  endsAt = performance.now() + seconds * 1000,
): Promise<T> {
  const controller = new AbortController();
  // As many as there are requests at once, which is no leak.
  setMaxListeners(0, controller.signal);
  const late = failure(target, `Cannot read the metrics source within ${seconds} s: no complete answer`, {
    code: 'source/timeout',
    hint: `Raise metrics.timeout in sluice.yaml, or see what keeps ${target.server} busy.`,
  });
  const milliseconds = Math.min(Math.max(0, endsAt - performance.now()), maxDelay);
  const timer = setTimeout(() => controller.abort(late), milliseconds);
  try {
    return await action({ signal: controller.signal, endsAt: performance.now() + milliseconds });
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}
