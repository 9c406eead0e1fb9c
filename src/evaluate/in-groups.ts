import { isSluiceError } from '../errors.js';
import type { Windows } from './ledger.js';

/** So many releases in one question, and so many of their pods: what pods did takes most of the memory of a pass. */
const RELEASES_AT_ONCE = 10;
const PODS_AT_ONCE = 100;

/** Pods of a release whose values do not say so, until one of that kind was seen. */
const UNKNOWN = 40;

/** Fewer windows tell nothing of what lasts. */
const LEAST_WINDOWS = 60;

/** A release that is asked about. */
interface Asked {
  readonly windows: Windows;
  /** How many pods that are, at least; undefined where nobody knows. */
  readonly declared?: number | undefined;
}

/** Asks a question about some releases, and returns the most pods that one of them has. */
type AskSome<Each> = (some: readonly Each[]) => Promise<number>;

/** Those of whom nothing was found, and why. */
interface Unread<Each> {
  readonly of: readonly Each[];
  readonly error: unknown;
}

/**
 * Asks about a few releases at once. What fails for what was asked is asked again of half of the releases, or of the newer
 * half of the windows of one; after any other failure of the source nobody is asked about any more.
 */
export async function inGroups<Each extends Asked>(all: readonly Each[], ask: AskSome<Each>): Promise<Unread<Each>[]> {
  const unread: Unread<Each>[] = [];
  const halves: (readonly Each[])[] = [];
  let left: readonly Each[] = all.toSorted((a, b) => a.windows.interval - b.windows.interval);
  let usual = UNKNOWN;
  for (;;) {
    const half = halves.shift();
    const some = half ?? firstOf(left, usual);
    if (some.length === 0) return unread;
    if (half === undefined) left = left.slice(some.length);
    try {
      const most = await ask(some);
      if (some.every(({ declared }) => declared === undefined)) usual = Math.max(1, most);
    } catch (error) {
      if (!isOfTheAsked(error)) return [...unread, { of: [...some, ...halves.flat(), ...left], error }];
      const smaller = halved(some);
      halves.unshift(...smaller);
      if (smaller.length === 0) unread.push({ of: some, error });
    }
  }
}

/** Those that come first, of one interval, as many as may be asked about at once, and one at least. */
function firstOf<Each extends Asked>(left: readonly Each[], usual: number): readonly Each[] {
  let pods = 0;
  const beyond = left.findIndex(({ windows, declared }, at) => {
    pods += declared ?? usual;
    const isOther = windows.interval !== left[0]?.windows.interval;
    return at > 0 && (isOther || at >= RELEASES_AT_ONCE || pods > PODS_AT_ONCE);
  });
  return beyond < 0 ? left : left.slice(0, beyond);
}

function halved<Each extends Asked>(some: readonly Each[]): (readonly Each[])[] {
  const [first] = some;
  if (first === undefined) return [];
  if (some.length > 1) return halvesOf(some);
  const { interval, firstEnd, lastEnd } = first.windows;
  const windows = Math.floor(((lastEnd - firstEnd) / interval + 1) / 2);
  if (windows < LEAST_WINDOWS) return [];
  return [[{ ...first, windows: { ...first.windows, firstEnd: lastEnd - (windows - 1) * interval } }]];
}

/** Returns the first and the second half, the first one longer where they differ. */
export function halvesOf<Each>(some: readonly Each[]): (readonly Each[])[] {
  const middle = Math.ceil(some.length / 2);
  return [some.slice(0, middle), some.slice(middle)];
}

/** Answers that are of no use, where others may be: the source is there. What nobody expected is of that kind. */
const ofTheAsked = ['source/too-large', 'source/query-failed', 'source/duplicate-series', 'source/bucket-bound'];

function isOfTheAsked(error: unknown): boolean {
  return !isSluiceError(error) || ofTheAsked.includes(error.code);
}
