import { isSample, type Ledger, type Sample } from '../../release/evaluation.js';
import type { Watched } from './stand.js';

/** Since when nothing is known of somebody. */
export interface Silence {
  /** The candidates that cannot be compared; all of them where the primary is silent. */
  readonly of: readonly string[];
  /** Unix seconds. */
  readonly since: number;
}

/**
 * Returns which candidates have had no window with samples of both sides for the longest time; undefined where all had
 * one in the newest window.
 */
export function silenceIn(
  { interval, rows }: Ledger,
  baseline: string,
  candidates: readonly Pick<Watched, 'name' | 'startedAt'>[],
): Silence | undefined {
  const [oldest, newest] = [rows[0], rows.at(-1)];
  if (oldest === undefined || newest === undefined) return undefined;
  const heard = candidates.map(({ name, startedAt }) => {
    const last = rows.findLast(({ versions }) => isSample(versions[baseline]) && isSample(versions[name]));
    // What was before the windows is not known to have been silent.
    const begin = Math.max(Math.ceil(startedAt / interval) * interval, oldest.end - interval);
    return { name, since: last?.end ?? begin };
  });
  const silent = heard.filter(({ since }) => since < newest.end);
  if (silent.length === 0) return undefined;
  const since = Math.min(...silent.map((each) => each.since));
  return { of: silent.filter((each) => each.since === since).map(({ name }) => name), since };
}

/** The split as it was measured, where it is not the declared one. */
export interface Unsynced {
  /** Such as `v2 has 0 % of the requests where 5 % are declared`. */
  readonly found: string;
}

/** Requests are given to versions by chance: so many standard errors are no other split. */
const STANDARD_ERRORS = 4;

/** Connections that are kept and pods of unequal speed move a split by less than this part of a share. */
const PART = 0.5;

/**
 * Returns how the split differs from the declared one; undefined as soon as a window since the shares changed shows it, or
 * where none has ended yet.
 *
 * @param shares declared percents by name; undefined where it is enough that every candidate has requests
 */
export function unsyncedIn(
  { interval, rows }: Ledger,
  {
    candidates,
    since,
    shares,
  }: { candidates: readonly string[]; since: number; shares: { readonly [name: string]: number } | undefined },
): Unsynced | undefined {
  const whole = rows.filter(({ end }) => end - interval >= since);
  const newest = whole.at(-1);
  if (newest === undefined) return undefined;
  const names = [...new Set([...candidates, ...Object.keys(shares ?? {})])];
  const found = whole.map(({ versions }) =>
    offBy(
      names.map((name) => [name, versions[name]] as const),
      shares,
    ),
  );
  return found.some((each) => each === undefined) ? undefined : { found: found.at(-1) ?? '' };
}

type Entry = readonly [name: string, entry: Sample | { readonly missing: string } | undefined];

function offBy(entries: readonly Entry[], shares: { readonly [name: string]: number } | undefined): string | undefined {
  const counts = entries.map(([name, entry]) => [name, isSample(entry) ? entry.requests : 0] as const);
  const total = counts.reduce((sum, [, requests]) => sum + requests, 0);
  for (const [name, requests] of counts) {
    const declared = shares?.[name];
    if (declared === 0) continue;
    if (declared === undefined) {
      if (requests === 0) return `${name} has no requests yet`;
      continue;
    }
    const percent = total === 0 ? 0 : (100 * requests) / total;
    const share = declared / 100;
    const chance = total === 0 ? 0 : 100 * STANDARD_ERRORS * Math.sqrt((share * (1 - share)) / total);
    const most = Math.max(chance, PART * Math.min(declared, 100 - declared));
    if (requests > 0 && Math.abs(percent - declared) <= most) continue;
    return `${name} has ${Number(percent.toPrecision(2))} % of the requests where ${declared} % are declared`;
  }
  return undefined;
}
