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
  const isLimited = /rate limit|abuse detection/i.test(words);
  if (status !== 429 && !(isLimited && (status === 403 || status === 200))) return undefined;
  const after = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && after >= 0) return Math.max(1, after) * 1000;
  const reset = Number(headers['x-ratelimit-reset']);
  if (Number(headers['x-ratelimit-remaining'] ?? Number.NaN) === 0 && reset > 0) {
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
