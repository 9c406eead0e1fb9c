import type { Status } from '../../evaluate/status.js';

/** When a decision was made, as far as its commit tells. */
export interface Moment {
  /** Unix seconds. */
  readonly now: number;
  /** Whether that is the date of the commit, as far as the windows allow it: its status does not say it. */
  readonly about: boolean;
}

/** What else tells the moment: a decision was made while its newest window was the newest. */
interface Clues {
  /** Of the commit, ISO 8601. */
  readonly date: string;
  /** End of the newest window that was looked at, in Unix seconds; undefined where none was. */
  readonly newest: number | undefined;
  /** Seconds. */
  readonly interval: number;
  readonly delay: number;
}

/** Returns the moment of a decision. A status of before `updatedAt` tells it by what it settled or let in then. */
export function momentOf(before: Status, after: Status, clues: Clues): Moment {
  const known = after.updatedAt ?? settledAt(before, after) ?? enteredAt(before, after) ?? downAt(before, after);
  if (known !== undefined) return { now: Date.parse(known) / 1000, about: false };
  const { newest, interval, delay } = clues;
  const date = Date.parse(clues.date) / 1000;
  if (newest === undefined) return { now: date, about: true };
  const since = after.since === before.since ? undefined : Date.parse(after.since ?? '') / 1000;
  const earliest = Math.max(newest + delay, since === undefined ? 0 : since - interval + 1);
  const latest = Math.min(newest + delay + interval - 1, since ?? Number.POSITIVE_INFINITY);
  return { now: Math.max(earliest, Math.min(date, latest)), about: true };
}

function settledAt(before: Status, after: Status): string | undefined {
  const known = new Set(before.settled.map(({ name, at }) => `${name} ${at}`));
  return after.settled.find(({ name, at }) => !known.has(`${name} ${at}`))?.at;
}

function enteredAt(before: Status, after: Status): string | undefined {
  const startsOf = ({ startedAt, others = [] }: Status) => [startedAt, ...others.map((each) => each.startedAt)];
  const known = startsOf(before);
  return startsOf(after).find((each) => each !== undefined && !known.includes(each));
}

function downAt(before: Status, { metricsDownSince }: Status): string | undefined {
  return metricsDownSince === before.metricsDownSince ? undefined : metricsDownSince;
}
