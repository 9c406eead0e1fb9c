/** What of an answer says when the server goes on. */
export interface Answered {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | number | undefined };
  /** The server's words. */
  readonly words: string;
}

/** As GitHub asks for where a secondary limit names no time. */
const unnamed = 60_000;

/**
 * Returns for how long the server wants no more requests, in milliseconds; undefined where it has set no limit.
 *
 * @param now Unix milliseconds
 */
export function limitOf({ status, headers, words }: Answered, now: number): number | undefined {
  const isSaid = /rate limit|abuse detection/i.test(words);
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (status !== 429 && !(status === 403 && (isSaid || after >= 0)) && !(status === 200 && isSaid)) return undefined;
  if (after >= 0) return Math.max(1, after) * 1000;
  // GitLab leaves out what GitHub begins them with.
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset']);
  const remaining = Number(headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'] ?? Number.NaN);
  if (remaining === 0 && reset > 0) {
    // By the clock of the server, which ours may not agree with.
    const there = Date.parse(`${headers.date}`);
    return Math.max(0, reset * 1000 - (Number.isNaN(there) ? now : there)) + 1000;
  }
  return unnamed;
}

/** What a wait is made of. */
export interface WaitOptions {
  /** Milliseconds, all waits together. */
  readonly most: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Waits for a server a few times, and no longer than that is worth. */
export class Patience {
  #left: number;

  constructor(private readonly options: WaitOptions) {
    this.#left = options.most;
  }

  /** Waits, or returns false at once where that would be too long. */
  async wait(milliseconds: number): Promise<boolean> {
    if (milliseconds > this.#left) return false;
    this.#left -= milliseconds;
    await this.options.sleep(milliseconds);
    return true;
  }
}
