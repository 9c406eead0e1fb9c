import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks. */
const pause = 50;

interface Waiting {
  /** What is waited for, as it stands in the error: `Cannot see <what>`. */
  readonly what: string;
  /** @default 30 */
  readonly seconds?: number;
}

/**
 * Looks again and again, and returns the first thing that `look` finds. What it throws meanwhile counts as nothing found.
 *
 * @throws Error after so many seconds, with the error of the last look as its cause
 */
export async function eventually<Found>(
  look: () => Promise<Found | undefined>,
  { what, seconds = 30 }: Waiting,
): Promise<Found> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    let cause: unknown;
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`Cannot see ${what} within ${seconds} s`, { cause });
    await delay(pause);
  }
}
