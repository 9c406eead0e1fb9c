import { isSample, type LedgerRow, type Objective } from '../../release/evaluation.js';
import type { Assessment, Classification, JudgeInput, Outcome, Standing, Verdict } from '../../release/judge.js';
import { mean } from '../../stats/mean.js';
import { judgeEach } from '../judge-each.js';
import { measure, requestsIn } from '../measure.js';
import { missingIn, several, shortOf, showAll } from '../words.js';
import type { CanaryMetric } from './canary-config.js';
import { type CanaryResult, judgeCanary } from './judge-canary.js';
import type { MetricPair } from './judge-metric.js';
import { settingsOf } from './settings.js';

const GROUP = 'objectives';
const classifier = { groupWeights: { [GROUP]: 100 } };

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
  const { windows, pass, marginal } = settingsOf(settings);
  const rows = ledger.rows.filter(({ versions }) => [baseline, candidate].every((name) => isSample(versions[name])));
  const end = rows.length - (rows.length % windows);
  const looked = rows.slice(Math.max(0, end - windows), end);
  const waits = waitsFor(input, candidate, { rows, looked, windows });
  if (waits !== undefined) {
    const assessments = objectives.map(({ metric }) => assessmentOf(metric, 'nodata', undefined));
    return { version: candidate, outcome: 'inconclusive', sentence: waits, assessments };
  }
  const pairs = objectives.map(({ metric }, i) => pairOf(metric, looked, { name: nameOf(i), baseline, candidate }));
  const result = judgeCanary({
    config: { metrics: objectives.map(metricOf), classifier },
    thresholds: { pass, marginal },
    pairs: pairs.map(unitless),
  });
  const assessments = result.metrics.map(({ classification }, i) => {
    const metric = objectives[i]?.metric ?? '';
    const pair = pairs[i];
    return assessmentOf(metric, pair && isIdle(metric, pair) ? 'nodata' : classifications[classification], pair);
  });
  const others = assessments.filter(({ classification }) => classification !== 'pass').map(describe);
  const scored = `${candidate} scores ${result.score} of 100 beside ${baseline}, ${pass} passes`;
  const sentence = [scored, others.join(' and ') || 'every metric passes', several(looked.length, 'window')].join('; ');
  const outcome = outcomeOf(result, assessments);
  if (outcome !== 'fail' && rows.length - end > windows / 10) {
    const next = `${sentence}; the next look is after ${several(end + windows, 'window')}: ${rows.length} so far`;
    return { version: candidate, outcome: 'inconclusive', sentence: next, assessments };
  }
  return { version: candidate, outcome, sentence, assessments };
}

/** What Kayenta scores with 0 for want of data is no failure of the candidate. */
function outcomeOf({ classification }: CanaryResult, assessments: readonly Assessment[]): Outcome {
  const known = assessments.every((each) => each.classification !== 'nodata' && each.classification !== 'error');
  return known ? outcomes[classification] : 'inconclusive';
}

interface Looked {
  readonly rows: readonly LedgerRow[];
  readonly looked: readonly LedgerRow[];
  readonly windows: number;
}

/** Says what is missing before there is anything to judge. */
function waitsFor(input: JudgeInput, candidate: string, { rows, looked, windows }: Looked): string | undefined {
  const { baseline, ledger, minRequests } = input;
  const names = [baseline, candidate];
  const newest = ledger.rows.at(-1);
  if (newest === undefined || newest !== rows.at(-1)) return missingIn(newest, names);
  if (looked.length === 0)
    return `${candidate} is looked at after ${several(windows, 'window')}: ${rows.length} so far`;
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

/** Whether a metric says the same in every window of both sides; no errors at all among many requests is no such thing. */
function isIdle(metric: string, { control, experiment }: MetricPair): boolean {
  return metric !== 'error-rate' && new Set([...control, ...experiment]).size === 1;
}

/** In parts of the mean size of all values. */
function unitless({ name, control, experiment }: MetricPair): MetricPair {
  const sizes = [...control, ...experiment].filter((value) => value !== null).map(Math.abs);
  const size = sizes.length === 0 ? 1 : mean(sizes) || 1;
  const scaled = (values: MetricPair['control']) => values.map((value) => (value === null ? null : value / size));
  return { name, control: scaled(control), experiment: scaled(experiment) };
}

/** As a config without any setting but direction and effect would have it. */
function metricOf(objective: Objective, position: number): CanaryMetric {
  const { maxRatio: allowedIncrease, minRatio: allowedDecrease } = objective;
  return {
    name: nameOf(position),
    groups: [GROUP],
    scopeName: 'default',
    analysisConfigurations: {
      canary: {
        direction: directionOf(objective),
        nanStrategy: 'remove',
        outliers: { strategy: 'keep', outlierFactor: 3 },
        effectSize: { measure: 'meanRatio', allowedIncrease, allowedDecrease },
        ...{ critical: false, mustHaveData: false, muted: false },
      },
    },
  };
}

/** Errors and latencies are bad when they rise; nobody knows that of a gauge. */
function directionOf({ metric, maxRatio, minRatio }: Objective): 'increase' | 'decrease' | 'either' {
  if (maxRatio === undefined && minRatio === undefined)
    return /^(error-rate|latency-)/.test(metric) ? 'increase' : 'either';
  if (minRatio === undefined) return 'increase';
  return maxRatio === undefined ? 'decrease' : 'either';
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

function describe({ metric, classification, value, baseline }: Assessment): string {
  return `${metric} is ${classification} (${showAll(metric, [value, baseline]).join(' against ')})`;
}
