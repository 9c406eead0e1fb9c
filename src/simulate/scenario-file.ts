import * as z from 'zod';
import { istioBuckets } from '../sources/istio-buckets.js';
import { Duration, DurationOrNone, seconds } from '../values/duration.js';
import { Analysis, Rollout } from '../values/evaluation-values.js';
import { Buckets } from '../values/project/metrics.js';
import { resolveAnalysis, resolveRollout } from '../values/resolve-evaluation.js';
import type { Baseline, Pods, Regression, Scenario, TrafficShape } from './scenario.js';

const share = z.number().min(0).max(1);
const factor = z.number().positive().max(1000);
const variation = z.number().min(0).max(2);
const milliseconds = z.number().positive();
const pods = z.int().min(1).max(1000);

const Traffic = z.strictObject({
  rate: z.number().positive().max(1_000_000),
  shape: z.enum(['flat', 'diurnal', 'bursts']).optional(),
  swing: share.optional(),
  bursts: z
    .strictObject({
      every: Duration.optional(),
      duration: Duration.optional(),
      requests: factor.optional(),
      errors: factor.optional(),
    })
    .optional(),
});

/** A scenario as a person writes it: strict, before any default. */
export const ScenarioFile = z.strictObject({
  traffic: Traffic,
  pods: z
    .strictObject({
      primary: pods.optional(),
      candidate: pods.optional(),
      errorVariation: variation.optional(),
      latencyVariation: variation.optional(),
      autocorrelation: share.optional(),
    })
    .optional(),
  baseline: z
    .strictObject({
      errorRate: share.optional(),
      latency: z.strictObject({ p50: milliseconds, p95: milliseconds }).optional(),
      buckets: z.union([z.enum(['istio', 'fine']), Buckets]).optional(),
    })
    .optional(),
  regression: z
    .strictObject({ errorRate: share.optional(), latency: factor.optional(), onset: DurationOrNone.optional() })
    .optional(),
  sync: DurationOrNone.optional(),
  analysis: Analysis.omit({ use: true }),
  // Nobody is there to wish for anything or to hold a release, and what is left of a version afterwards tells nothing.
  rollout: Rollout.omit({
    override: true,
    schedule: true,
    freeze: true,
    cleanup: true,
    onTermination: true,
    onMetricsDown: true,
  })
    .optional()
    .describe('how the candidate moves'),
});

/** A scenario as a person writes it. */
export type ScenarioFile = z.infer<typeof ScenarioFile>;

/** Twenty bounds in every factor of ten from 1 ms to 100 s, so that a tenth more can be told. */
const fineBuckets = Array.from({ length: 101 }, (_, i) => Number((10 ** (i / 20)).toPrecision(3)));

/** Returns the scenario with every default filled in. */
export function resolveScenario(written: ScenarioFile): Scenario {
  const { traffic, pods, baseline, regression, sync = '0s', analysis, rollout = {} } = written;
  return {
    traffic: trafficOf(traffic),
    pods: podsOf(pods),
    baseline: baselineOf(baseline),
    regression: regression && regressionOf(regression),
    sync: seconds(sync),
    analysis: resolveAnalysis(analysis, rollout.policy),
    rollout: resolveRollout(rollout),
  };
}

function trafficOf({ rate, shape = 'flat', swing = 0.5, bursts = {} }: ScenarioFile['traffic']): TrafficShape {
  if (shape === 'flat') return { shape, rate };
  if (shape === 'diurnal') return { shape, rate, swing };
  const { every = '20m', duration = '2m', requests = 2, errors = 5 } = bursts;
  return { shape, rate, bursts: { every: seconds(every), duration: seconds(duration), requests, errors } };
}

function podsOf(written: ScenarioFile['pods']): Pods {
  return { primary: 8, candidate: 2, errorVariation: 0, latencyVariation: 0, autocorrelation: 0.5, ...written };
}

function baselineOf({ buckets = 'istio', ...rest }: NonNullable<ScenarioFile['baseline']> = {}): Baseline {
  const named = { istio: istioBuckets, fine: fineBuckets };
  return {
    ...{ errorRate: 0.005, latency: { p50: 40, p95: 180 } },
    ...rest,
    buckets: typeof buckets === 'string' ? named[buckets] : buckets,
  };
}

function regressionOf({ onset = '0s', ...rest }: NonNullable<ScenarioFile['regression']>): Regression {
  return { errorRate: 0, latency: 1, ...rest, onset: seconds(onset) };
}
