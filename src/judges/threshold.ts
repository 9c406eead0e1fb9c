import { isSample, type LedgerRow, type Objective, type Sample } from '../release/evaluation.js';
import type { Assessment, Judge, JudgeInput, Refusal, Standing } from '../release/judge.js';
import { judgeEach } from './judge-each.js';

/**
 * Plain limits on what the windows show together: absolute, or relative to the baseline. Windows in which both versions
 * had traffic count, so that like is compared with like; they are judged all together, and once more the newest ones
 * alone that hold `minRequests`, so that a long good past hides no bad present. A candidate without a baseline beside
 * it is held to its absolute limits. It knows no chance: it lets nothing pass before both versions have `minRequests`,
 * and without the newest window of both.
 */
export const threshold = {
  id: 'threshold',
  windows: 'share',
  refuses,
  judge: (input) => judgeEach(input, (given, candidate) => judgeOne({ ...given, candidate })),
} as const satisfies Judge;

function refuses({ upperLimit, lowerLimit, maxRatio, minRatio }: Objective): Refusal | undefined {
  const none = [upperLimit, lowerLimit, maxRatio, minRatio].every((limit) => limit === undefined);
  return none ? { message: 'has no limit', hint: 'Give upperLimit, lowerLimit, maxRatio or minRatio.' } : undefined;
}

interface OneInput extends JudgeInput {
  readonly candidate: string;
}

function judgeOne(input: OneInput): Standing {
  const { baseline, candidate, ledger } = input;
  const names = [baseline, candidate];
  const shared = ledger.rows.filter((row) => names.every((name) => isSample(row.versions[name])));
  const totals = totalsOf(shared, input);
  const requests = { [baseline]: totals.baseline.requests, [candidate]: totals.candidate.requests };
  const assessments = assess(input.objectives, totals);

  const bad = [totals, totalsOf(newest(shared, input), input), alone(input)]
    .filter((each) => enough(each, input))
    .map((each) => ({ each, broken: assess(input.objectives, each).filter(isBroken) }))
    .find(({ broken }) => broken.length > 0);
  if (bad !== undefined) {
    const sentence = `${candidate} breaks ${bad.broken.map(describe).join(' and ')}; ${evidence(bad.each, input)}`;
    return { version: candidate, outcome: 'fail', sentence, assessments: assess(input.objectives, bad.each) };
  }

  const undecided = (sentence: string, found: readonly Assessment[]): Standing => {
    return { version: candidate, outcome: 'inconclusive', sentence, assessments: found };
  };
  const last = ledger.rows.slice(-1);
  if (last.length === 0 || last[0] !== shared.at(-1)) {
    return undecided(
      missingIn(last, names),
      input.objectives.map(({ metric }) => withoutData(metric)),
    );
  }
  const short = names.find((name) => (requests[name] ?? 0) < input.minRequests);
  if (short !== undefined) return undecided(shortOf(short, requests[short] ?? 0, input.minRequests), assessments);
  const sentence = `${candidate} keeps ${assessments.map(describe).join(' and ')}; ${evidence(totals, input)}`;
  return { version: candidate, outcome: 'pass', sentence, assessments };
}

/** What both versions had in the same windows; no baseline where the candidate is looked at alone. */
interface Totals {
  readonly baseline: Sample | undefined;
  readonly candidate: Sample;
}

function totalsOf(rows: readonly LedgerRow[], { baseline, candidate }: OneInput) {
  return { baseline: total(rows, baseline), candidate: total(rows, candidate) } satisfies Totals;
}

/** The newest windows in which both versions have enough requests; all of them where they never have. */
function newest(rows: readonly LedgerRow[], { baseline, candidate, minRequests }: OneInput): readonly LedgerRow[] {
  const missing = { [baseline]: minRequests, [candidate]: minRequests };
  for (let from = rows.length - 1; from > 0; from -= 1) {
    for (const name of [baseline, candidate]) {
      const entry = rows[from]?.versions[name];
      missing[name] = (missing[name] ?? 0) - (isSample(entry) ? entry.requests : 0);
    }
    if (Object.values(missing).every((requests) => requests <= 0)) return rows.slice(from);
  }
  return rows;
}

/** The candidate in every window that it had traffic in, with or without its baseline. */
function alone({ ledger, candidate }: OneInput): Totals {
  return { baseline: undefined, candidate: total(ledger.rows, candidate) };
}

function enough({ baseline, candidate }: Totals, { minRequests }: OneInput): boolean {
  return candidate.requests >= minRequests && (baseline === undefined || baseline.requests >= minRequests);
}

function isBroken({ classification }: Assessment): boolean {
  return classification === 'high' || classification === 'low';
}

function evidence({ baseline, candidate }: Totals, { baseline: name }: OneInput): string {
  const against = baseline === undefined ? '' : ` against ${count(baseline.requests)} of ${name}`;
  return `${count(candidate.requests)} requests${against}`;
}

function total(rows: readonly LedgerRow[], version: string): Sample {
  const sum = { requests: 0, errors: 0, latencySum: 0 };
  for (const { versions } of rows) {
    const entry = versions[version];
    if (!isSample(entry)) continue;
    sum.requests += entry.requests;
    sum.errors += entry.errors;
    sum.latencySum += entry.latencySum;
  }
  return sum;
}

function measure(metric: string, { requests, errors, latencySum }: Sample): number {
  if (metric === 'request-count') return requests;
  return (metric === 'error-rate' ? errors : latencySum) / requests;
}

function assess(objectives: readonly Objective[], totals: Totals): Assessment[] {
  return objectives.map((objective) => assessOne(objective, totals));
}

function assessOne({ metric, ...limits }: Objective, totals: Totals): Assessment {
  if (totals.candidate.requests === 0) return withoutData(metric);
  const value = measure(metric, totals.candidate);
  const baseline = totals.baseline && totals.baseline.requests > 0 ? measure(metric, totals.baseline) : undefined;
  const reference = metric === 'error-rate' ? errorReference(totals.baseline) : baseline;
  const upper = smallest(limits.upperLimit, times(limits.maxRatio, reference));
  const lower = largest(limits.lowerLimit, times(limits.minRatio, baseline));
  if (upper !== undefined && value > upper) return { metric, classification: 'high', value, baseline, limit: upper };
  if (lower !== undefined && value < lower) return { metric, classification: 'low', value, baseline, limit: lower };
  const limit = upper ?? lower;
  return limit === undefined ? withoutData(metric) : { metric, classification: 'pass', value, baseline, limit };
}

/** A baseline without any error counts as one with a single error: else one error of the candidate would be too many. */
function errorReference(baseline: Sample | undefined): number | undefined {
  return baseline && baseline.requests > 0 ? Math.max(1, baseline.errors) / baseline.requests : undefined;
}

function times(ratio: number | undefined, value: number | undefined): number | undefined {
  return ratio === undefined || value === undefined ? undefined : ratio * value;
}

function smallest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

function largest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
}

function withoutData(metric: string): Assessment {
  return { metric, classification: 'nodata', value: undefined, baseline: undefined, limit: undefined };
}

/** Says for each version that has no sample in the newest row why it has none. */
function missingIn(rows: readonly LedgerRow[], versions: readonly string[]): string {
  const newest = rows.at(-1);
  if (newest === undefined) return 'no window has ended yet';
  const reasons = versions.flatMap((name) => {
    const entry = newest.versions[name];
    if (isSample(entry)) return [];
    return [`${name} has ${entry === undefined ? 'no data' : entry.missing}`];
  });
  const when = new Date(newest.end * 1000).toISOString();
  if (reasons.length === 0) return 'no window has data of both versions';
  return `no data to judge in the window until ${when}: ${reasons.join(', ')}`;
}

function shortOf(version: string, had: number, needed: number): string {
  return `${version} needs ${count(needed - had)} more requests: ${count(had)} of ${count(needed)}`;
}

function describe({ metric, classification, value, limit }: Assessment): string {
  const shown = `${metric} ${show(metric, value)}`;
  if (classification === 'high') return `${shown} (at most ${show(metric, limit)})`;
  if (classification === 'low') return `${shown} (at least ${show(metric, limit)})`;
  return `${shown} (limit ${show(metric, limit)})`;
}

function show(metric: string, value: number | undefined): string {
  if (value === undefined) return '-';
  if (metric === 'error-rate') return `${Number((100 * value).toFixed(2))} %`;
  return metric === 'latency-mean' ? `${Number(value.toFixed(1))} ms` : count(value);
}

function count(value: number): string {
  return value.toLocaleString('en');
}
