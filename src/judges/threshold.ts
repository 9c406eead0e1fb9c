import {
  type Assessment,
  isSample,
  type Judge,
  type JudgeInput,
  type LedgerRow,
  type MetricId,
  type Objective,
  type Sample,
  type Verdict,
} from '../release/evaluation.js';

/**
 * Plain limits on what the windows show together: absolute, or relative to the baseline. Only windows in which both
 * versions had traffic count, so that like is compared with like. It knows no chance: it needs `minRequests` of both
 * versions, and the newest window of both before it lets anything pass.
 */
export const threshold = { id: 'threshold', judge } as const satisfies Judge;

function judge(input: JudgeInput): Verdict {
  const { baseline, candidate, objectives, ledger } = input;
  const shared = ledger.rows.filter((row) => [baseline, candidate].every((name) => isSample(row.versions[name])));
  const totals = { baseline: total(shared, baseline), candidate: total(shared, candidate) };
  const requests = { [baseline]: totals.baseline.requests, [candidate]: totals.candidate.requests };
  const undecided = (sentence: string): Verdict => {
    const assessments = objectives.map(({ metric }) => withoutData(metric));
    return { outcome: 'inconclusive', sentence, assessments, requests };
  };

  if (shared.length === 0) return undecided(missingIn(ledger.rows, [baseline, candidate]));
  const short = [baseline, candidate].find((name) => (requests[name] ?? 0) < input.minRequests);
  if (short !== undefined) return undecided(shortOf(short, requests[short] ?? 0, input.minRequests));

  const assessments = objectives.map((objective) => assess(objective, totals));
  const evidence = `${count(totals.candidate.requests)} requests against ${count(totals.baseline.requests)} of ${baseline}`;
  const broken = assessments.filter(({ classification }) => classification !== 'pass');
  if (broken.length > 0) {
    const sentence = `${candidate} breaks ${broken.map(describe).join(' and ')}; ${evidence}`;
    return { outcome: 'fail', sentence, assessments, requests };
  }
  const newest = ledger.rows.slice(-1);
  if (newest[0] !== shared.at(-1)) return undecided(missingIn(newest, [baseline, candidate]));
  const sentence = `${candidate} keeps ${assessments.map(describe).join(' and ')}; ${evidence}`;
  return { outcome: 'pass', sentence, assessments, requests };
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

function measure(metric: MetricId, { requests, errors, latencySum }: Sample): number {
  if (metric === 'request-count') return requests;
  return (metric === 'error-rate' ? errors : latencySum) / requests;
}

function assess(objective: Objective, totals: { baseline: Sample; candidate: Sample }): Assessment {
  const { metric, upperLimit, lowerLimit, maxRatio, minRatio } = objective;
  const value = measure(metric, totals.candidate);
  const baseline = measure(metric, totals.baseline);
  const upper = smallest(upperLimit, maxRatio && maxRatio * baseline);
  const lower = largest(lowerLimit, minRatio && minRatio * baseline);
  if (upper !== undefined && value > upper) return { metric, classification: 'high', value, baseline, limit: upper };
  if (lower !== undefined && value < lower) return { metric, classification: 'low', value, baseline, limit: lower };
  return { metric, classification: 'pass', value, baseline, limit: upper ?? lower };
}

function smallest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

function largest(...limits: readonly (number | undefined)[]): number | undefined {
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
}

function withoutData(metric: MetricId): Assessment {
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

function show(metric: MetricId, value: number | undefined): string {
  if (value === undefined) return '-';
  if (metric === 'error-rate') return `${Number((100 * value).toFixed(2))} %`;
  return metric === 'latency-mean' ? `${Number(value.toFixed(1))} ms` : count(value);
}

function count(value: number): string {
  return value.toLocaleString('en');
}
