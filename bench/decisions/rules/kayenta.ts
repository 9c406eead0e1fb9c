import type { CanaryMetric } from '../../../src/judges/kayenta/canary-config.js';
import { judgeCanary } from '../../../src/judges/kayenta/judge-canary.js';
import { measure } from '../../../src/judges/measure.js';
import { isSample, type LedgerRow } from '../../../src/release/evaluation.js';
import { candidate, primary } from '../../../src/simulate/stage.js';
import { analysisPage } from './argo-rollouts.js';
import { enterWith, fileAt, type Rule } from './rule.js';

const SHARE = 10;
const HOUR = 60;
const thresholds = { pass: 95, marginal: 75 };
const metrics = ['error-rate', 'latency-p95'] as const;

const repository = 'spinnaker/spinnaker.io';
const judgePage = fileAt({
  repository,
  commit: '5bd6074e4e5cd9bcc23a24e1d759b15183283140',
  path: 'content/en/docs/guides/user/canary/judge/_index.md',
});
const bestPractices = fileAt({
  repository,
  commit: '0ebfbaaed91422f788a73d144053d8c69bdfcf8f',
  path: 'content/en/docs/guides/user/canary/best-practices/_index.md',
});

/** One judgement on an hour of points. */
export const kayenta = {
  id: 'kayenta',
  name: 'Kayenta, one look',
  text: '10 % for an hour, then one judgement on 60 points of the error rate and of the p95; under 95 of 100 it rolls back',
  source: `Kayenta (NetflixACAJudge-v1.0), by ${judgePage}; an hour of minutes as Mann-Whitney Analysis in ${analysisPage}; 95 by ${bestPractices}`,
  player: () =>
    enterWith(SHARE, (rows) =>
      rows.length < HOUR ? SHARE : scoreOf(rows) < thresholds.pass ? 'roll back' : 'promote',
    ),
} as const satisfies Rule;

/** Three judgements on an hour each: any of them may fail it, and the last one must pass. */
export const kayentaHourly = {
  id: 'kayenta-hourly',
  name: 'Kayenta, hourly',
  text: '10 % for three hours; after each hour a judgement on its 60 points; under 75 it rolls back, and the last one must be at least 95',
  source: `Spinnaker: a lifetime of 3 hours, every 60 minutes, no lookback, 75 and 95 by ${bestPractices}`,
  player: () =>
    enterWith(SHARE, (rows) => {
      if (rows.length % HOUR > 0) return SHARE;
      const score = scoreOf(rows.slice(-HOUR));
      if (score < thresholds.marginal) return 'roll back';
      if (rows.length < 3 * HOUR) return SHARE;
      return score < thresholds.pass ? 'roll back' : 'promote';
    }),
} as const satisfies Rule;

/** Both metrics are bad when they rise, count evenly, and have no effect size. */
const config = { metrics: metrics.map(metricOf), classifier: { groupWeights: { all: 100 } } };

function metricOf(name: string): CanaryMetric {
  return {
    ...{ name, groups: ['all'], scopeName: 'default' },
    analysisConfigurations: {
      canary: {
        direction: 'increase',
        nanStrategy: 'remove',
        outliers: { strategy: 'keep', outlierFactor: 3 },
        effectSize: { measure: 'meanRatio' },
        ...{ critical: false, mustHaveData: false, muted: false },
      },
    },
  };
}

function scoreOf(rows: readonly LedgerRow[]): number {
  const points = (metric: string, version: string) =>
    rows.map(({ versions }) => {
      const entry = versions[version];
      const value = isSample(entry) ? measure(metric, [entry])?.value : undefined;
      // In percent: Kayenta's root has an absolute tolerance, beside which shares are small.
      return value === undefined ? null : metric === 'error-rate' ? 100 * value : value;
    });
  const pairs = metrics.map((name) => ({ name, control: points(name, primary), experiment: points(name, candidate) }));
  return judgeCanary({ config, thresholds, pairs }).score;
}
