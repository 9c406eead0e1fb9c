import { InternalError } from '../errors.js';
import { type Bucket, type Counts, isSample, type Sample } from '../release/evaluation.js';
import { isoTime } from '../release/iso-time.js';
import type { History, JudgeInput } from '../release/judge.js';

/** Counts are exact up to here. */
const MOST_REQUESTS = Number.MAX_SAFE_INTEGER;

/** Squares and sums of such values do not overflow. */
const LARGEST = 1e100;

/**
 * Throws unless the input is one that can be: what sources measure is checked where it comes in, so a number that makes
 * no sense here is a defect, and no judge shall conclude anything from it. A window that is missing is sound, a version
 * that is nowhere in the ledger as well. Other versions and unknown keys of a sample are not looked at.
 *
 * @throws InternalError `internal/judge-input`, with the version and the window that it found first
 */
export function assertInput(input: JudgeInput): void {
  const { baseline, candidates, ledger, objectives, rewards, minRequests, history = {} } = input;
  const what = `${candidates.join(', ') || 'nobody'} beside ${baseline}`;
  const names = [baseline, ...candidates];
  demand(candidates.length > 0, what, { required: 'at least one candidate', current: 'none' });
  const twice = candidates.find((name, at) => name === baseline || candidates.indexOf(name) !== at);
  demand(twice === undefined, what, { required: 'different versions', current: twice });
  demand(objectives.length + rewards.length > 0, what, { required: 'something to judge by', current: 'no objective' });
  demand(isWithin(minRequests, 0, MOST_REQUESTS), what, { required: 'minRequests from 0', current: minRequests });
  const { interval } = ledger;
  demand(interval > 0 && interval <= LATEST, what, { required: 'windows of some length', current: interval });
  assertHistory(history, what);
  for (const { end, versions } of ledger.rows) {
    if (!isWithin(end, 0, LATEST)) demand(false, what, { required: 'windows that end at some time', current: end });
    for (const name of names) {
      const entry = versions[name];
      if (isSample(entry)) assertSample(entry, () => `${name} in the window until ${isoTime(end)}`);
    }
  }
}

/** The end of what a date can be, in seconds. */
const LATEST = 8.64e12;

function assertSample(sample: Sample, where: () => string): void {
  const fault = faultOf(sample);
  if (fault !== undefined) demand(false, where(), fault);
}

/** Nothing is worded before it is wrong: a judge is asked for thousands of windows. */
function faultOf({ requests, errors, latencySum, latencyBuckets, gauges, custom }: Sample): Demand | undefined {
  if (!(requests > 0 && requests <= MOST_REQUESTS)) {
    return { required: `requests above 0 and up to ${MOST_REQUESTS}`, current: requests };
  }
  if (!isWithin(errors, 0, requests)) return { required: `errors from 0 to its ${requests} requests`, current: errors };
  if (!isWithin(latencySum, 0, LARGEST)) {
    return { required: `a latencySum from 0 to ${LARGEST}`, current: latencySum };
  }
  if (latencyBuckets !== undefined && !areCumulative(latencyBuckets, requests, requestsUpTo)) {
    return { required: `buckets that rise, up to its ${requests} requests`, current: shown(latencyBuckets) };
  }
  for (const metric in gauges) {
    const value = gauges[metric] as number;
    if (isWithin(value, -LARGEST, LARGEST)) continue;
    return { required: `a number for ${metric}, from ${-LARGEST} to ${LARGEST}`, current: value };
  }
  for (const metric in custom) {
    const counts = custom[metric] as Counts;
    if (areSound(counts)) continue;
    return { required: `counts for ${metric} that can be`, current: JSON.stringify(counts) };
  }
  return undefined;
}

function areSound(counts: Counts): boolean {
  const { count } = counts;
  if (!(count > 0 && count <= MOST_REQUESTS)) return false;
  if ('events' in counts) return isWithin(counts.events, 0, count);
  return 'sum' in counts ? isWithin(counts.sum, 0, LARGEST) : areCumulative(counts.buckets, count, cumulated);
}

interface Bound {
  readonly upTo: number;
}

function areCumulative<Each extends Bound>(buckets: readonly Each[], most: number, countOf: (bucket: Each) => number) {
  let bound = Number.NEGATIVE_INFINITY;
  let below = 0;
  for (const bucket of buckets) {
    const count = countOf(bucket);
    if (!(bucket.upTo > bound && isWithin(count, below, most))) return false;
    bound = bucket.upTo;
    below = count;
  }
  return true;
}

function cumulated({ count }: { readonly count: number }): number {
  return count;
}

function requestsUpTo({ requests }: Bucket): number {
  return requests;
}

function shown(buckets: readonly Bucket[]): string {
  return buckets.map(({ upTo, requests }) => `${requests} up to ${upTo}`).join(', ');
}

function assertHistory({ overdispersion = {}, bounds = {}, autocorrelation = {} }: History, what: string): void {
  for (const [metric, omega] of Object.entries(overdispersion)) {
    const required = `an overdispersion of ${metric} from 0 in its history`;
    demand(isWithin(omega, 0, LARGEST), what, { required, current: omega });
  }
  for (const [metric, bound] of Object.entries(bounds)) {
    const known = bound > 0 && bound <= LARGEST;
    demand(known, what, { required: `a bound of ${metric} above 0 in its history`, current: bound });
  }
  for (const [metric, r] of Object.entries(autocorrelation)) {
    const known = isWithin(r, 0, 1) && r < 1;
    demand(known, what, { required: `an autocorrelation of ${metric} from 0 and below 1 in its history`, current: r });
  }
}

/** Not so for NaN. */
function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

interface Demand {
  readonly required: string;
  readonly current: unknown;
}

function demand(holds: boolean, what: string, { required, current }: Demand): asserts holds {
  if (holds) return;
  throw new InternalError(`Cannot judge ${what} as ${required}: ${current}`, { code: 'internal/judge-input' });
}
