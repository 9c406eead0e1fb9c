import { SourceError } from '../errors.js';

/** An answer, as far as it tells whether the next one may be another. */
interface Answer {
  readonly status: number;
  /** As the server gave it. */
  readonly retryAfter: string | undefined;
}

/** What is not for good: too many requests, or a gateway that has nobody behind it. */
const passing = new Set([429, 502, 503, 504]);

/** Errors of a connection that the next one may not have. */
const broken = new Set(['source/unreachable', 'source/unknown-host']);

/** Milliseconds. */
const shortest = 200;
const longest = 5_000;

/**
 * Returns the milliseconds after which the same is worth asking again, undefined for never. The wait is drawn from all of
 * 0 to a bound that doubles with each try, so that many that failed together do not come back together; where the server
 * says when, it comes on top of that.
 *
 * @param tries so far, at least 1
 */
export function retryDelay(outcome: Answer | SourceError, tries: number, random: () => number): number | undefined {
  const jitter = random() * Math.min(longest, shortest * 2 ** (tries - 1));
  if (outcome instanceof SourceError) return isPassing(outcome) ? jitter : undefined;
  return passing.has(outcome.status) ? waitOf(outcome.retryAfter) + jitter : undefined;
}

/** A name that is not there stays so; that the server of names is busy does not. */
function isPassing({ code, cause }: SourceError): boolean {
  const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND';
  return broken.has(code) && !isAbsent;
}

/** The header holds seconds or a date. */
function waitOf(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return 0;
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}
