import { isSample, type LedgerRow, type Objective } from '../../release/evaluation.js';
import type { Assessment, Classification, JudgeInput, Outcome, Standing, Verdict } from '../../release/judge.js';
import { ownMetric } from '../../release/own-metric.js';
import { mean } from '../../stats/mean.js';
import { judgeEach } from '../judge-each.js';
import { measure, requestsIn } from '../measure.js';
import { missingIn, several, shortOf, showAll } from '../words.js';
import { type CanaryResult, judgeCanary } from './judge-canary.js';
import type { MetricPair, MetricResult } from './judge-metric.js';
import { type KayentaLook, leastOf, lookAt } from './look-at.js';
import { metricOf } from './metric-of.js';
import { settingsOf } from './settings.js';

/**
 * Judges every candidate by itself; see `kayenta`.
 *
 * @throws InternalError for numbers that cannot be
 */
export function verdictOf(input: JudgeInput): Verdict {
  return judgeEach(input, judgeOne);
}

function judgeOne(input: JudgeInput, candidate: string): Standing {
  const { ledger, objectives, baseline, settings } = input;
  const { windows, pass, marginal, groupWeights } = settingsOf(settings);
  const rows = ledger.rows.filter(({ versions }) => [baseline, candidate].every((name) => isSample(versions[name])));
  const look = lookAt(rows, windows, input);
  const { rows: looked } = look;
  const waits = waitsFor(input, candidate, { rows, look, windows });
  if (waits !== undefined) {
    const assessments = objectives.map(({ metric }) => assessmentOf(metric, 'nodata', undefined));
    return { version: candidate, outcome: 'inconclusive', sentence: waits, assessments };
  }
  const pairs = objectives.map(({ metric }, i) => pairOf(metric, looked, { name: nameOf(i), baseline, candidate }));
  const result = judgeCanary({
    config: { metrics: objectives.map((each, i) => metricOf(each, nameOf(i))), classifier: { groupWeights } },
    thresholds: { pass, marginal },
    pairs: pairs.map(unitless),
  });
  const assessments = result.metrics.map(({ classification }, i) => {
    const { metric = '', kayenta = {} } = objectives[i] ?? {};
    const pair = pairs[i];
    const varies = isShare(metric, looked) || kayenta.nanStrategy === 'replace';
    const idle = pair !== undefined && !varies && isIdle(pair);
    return assessmentOf(metric, idle ? 'nodata' : classifications[classification], pair);
  });
  const others = assessments.flatMap((each, i) => {
    return each.classification === 'pass' ? [] : [describe(each, result.metrics[i]?.critical, objectives[i]?.kayenta)];
  });
  const scored = `${candidate} scores ${result.score} of 100 beside ${baseline}, ${pass} passes`;
  const sentence = [scored, others.join(' and ') || 'every metric passes', several(looked.length, 'window')].join('; ');
  const outcome = outcomeOf(result, assessments, objectives);
  if (outcome !== 'fail' && look.after > windows / 10) {
    const next = `${sentence}; the next look is after ${several(look.next, 'window')}: ${rows.length} so far`;
    return { version: candidate, outcome: 'inconclusive', sentence: next, assessments };
  }
  return { version: candidate, outcome, sentence, assessments };
}

/**
 * What Kayenta scores with 0 for want of data is no failure of the candidate, unless it must have them. A critical metric
 * that is worse fails it, whatever of the others nobody knows.
 */
function outcomeOf(
  { classification, metrics }: CanaryResult,
  assessments: readonly Assessment[],
  objectives: readonly Objective[],
): Outcome {
  const isLost = metrics.some((metric, i) => metric.critical && counts(metric, objectives[i]?.kayenta));
  if (isLost) return 'fail';
  const known = assessments.every((each, i) => {
    const { muted = false, mustHaveData = false } = objectives[i]?.kayenta ?? {};
    if (each.classification === 'nodata') return muted || mustHaveData;
    return muted || each.classification !== 'error';
  });
  return known ? outcomes[classification] : 'inconclusive';
}

/** Whether a metric that does not pass is held against the candidate. */
function counts({ classification }: MetricResult, { muted, mustHaveData }: Objective['kayenta'] = {}): boolean {
  return muted !== true && (classification !== 'Nodata' || mustHaveData === true);
}

interface Looked {
  readonly rows: readonly LedgerRow[];
  readonly look: KayentaLook;
  readonly windows: number;
}

/** Says what is missing before there is anything to judge. */
function waitsFor(input: JudgeInput, candidate: string, { rows, look, windows }: Looked): string | undefined {
  const { baseline, ledger, minRequests } = input;
  const names = [baseline, candidate];
  const newest = ledger.rows.at(-1);
  if (newest === undefined || newest !== rows.at(-1)) return missingIn(newest, names);
  if (look.rows.length === 0)
    return `${candidate} is looked at after ${several(windows, 'window')}: ${rows.length} so far`;
  const had = rows.length - look.after;
  if (look.isLast && had < leastOf(windows))
    return `the time is up after ${several(had, 'window')} of ${candidate}, too few where ${windows} are a look`;
  const short = names.find((name) => requestsIn(rows, name) < minRequests);
  return short === undefined ? undefined : shortOf(short, requestsIn(rows, short), minRequests);
}

/** Objectives may share a metric, and a canary config wants names of their own. */
function nameOf(position: number): string {
  return String(position);
}

function pairOf(
  metric: string,
  rows: readonly LedgerRow[],
  { name, baseline, candidate }: { readonly name: string; readonly baseline: string; readonly candidate: string },
): MetricPair {
  const points = (version: string) =>
    rows.map(({ versions }) => {
      const entry = versions[version];
      return isSample(entry) ? (measure(metric, [entry])?.value ?? null) : null;
    });
  return { name, control: points(baseline), experiment: points(candidate) };
}

/** Whether it is a share of many: no errors at all among many requests is no want of data. */
function isShare(metric: string, rows: readonly LedgerRow[]): boolean {
  const samples = rows.flatMap(({ versions }) => Object.values(versions)).filter(isSample);
  return (ownMetric(metric, samples)?.like ?? metric) === 'error-rate';
}

/** Whether a metric says the same in every window of both sides. */
function isIdle({ control, experiment }: MetricPair): boolean {
  return new Set([...control, ...experiment]).size === 1;
}

/** In parts of the mean size of all values. */
function unitless({ name, control, experiment }: MetricPair): MetricPair {
  const sizes = [...control, ...experiment].filter((value) => value !== null).map(Math.abs);
  const size = sizes.length === 0 ? 1 : mean(sizes) || 1;
  const scaled = (values: MetricPair['control']) => values.map((value) => (value === null ? null : value / size));
  return { name, control: scaled(control), experiment: scaled(experiment) };
}

const classifications = {
  Pass: 'pass',
  High: 'high',
  Low: 'low',
  Nodata: 'nodata',
  NodataFailMetric: 'nodata',
  Error: 'error',
} as const satisfies Record<string, Classification>;

const outcomes = { Pass: 'pass', Marginal: 'marginal', Fail: 'fail' } as const satisfies Record<string, Outcome>;

function assessmentOf(metric: string, classification: Classification, pair: MetricPair | undefined): Assessment {
  return { metric, classification, value: meanOf(pair?.experiment), baseline: meanOf(pair?.control), limit: undefined };
}

function meanOf(points: MetricPair['control'] = []): number | undefined {
  const known = points.filter((point) => point !== null);
  return known.length === 0 ? undefined : mean(known);
}

function describe(
  { metric, classification, value, baseline }: Assessment,
  critical = false,
  { muted = false }: NonNullable<Objective['kayenta']> = {},
): string {
  const weight = muted ? ', which is muted' : critical ? ', which is critical' : '';
  const values = showAll(metric, [value, baseline]).join(' against ');
  // Of data that are there it is none only where they never vary; see `isIdle`.
  const why = classification === 'nodata' && value !== undefined && value === baseline ? ', as it never varied' : '';
  return `${metric} is ${classification} (${values})${why}${weight}`;
}
