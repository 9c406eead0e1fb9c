import { percentileOf } from '../../release/evaluation.js';
import type { Regression } from '../../simulate/scenario.js';
import { wrongValue } from './numbers.js';

const hint =
  'Write error-rate=+1pp (percentage points), error-rate=x2, latency-p95=x1.25 or latency-mean=x1.5; two with a comma.';

/** What is made worse without being told otherwise, by the metric of the first objective. */
const usual = { errors: 'error-rate=+1pp', latency: 'latency-p95=x1.25' } as const;

/** Returns the regression that is looked for where none is named: one that the objectives are about. */
export function usualRegression(metrics: readonly string[]): string {
  return metrics.includes('error-rate') || !metrics.some(isLatency) ? usual.errors : usual.latency;
}

/** Returns what a regression makes worse and no objective is about. */
export function unwatchedBy(metrics: readonly string[], { errorRate, latency }: Regression): string[] {
  return [
    ...(errorRate > 0 && !metrics.includes('error-rate') ? ['errors'] : []),
    ...(latency > 1 && !metrics.some(isLatency) ? ['latency'] : []),
  ];
}

/**
 * Reads a regression such as `error-rate=+1pp,latency-p95=x1.25`. A factor of any latency is one of all latencies.
 *
 * @param errorRate of the primary, from 0 to 1
 * @throws ConfigError when it is none
 */
export function regressionOf(spec: string, errorRate: number): Regression {
  const none: Regression = { errorRate: 0, latency: 1, onset: 0 };
  const found: Regression = Object.assign(none, ...spec.split(',').map((part) => partOf(part, spec, errorRate)));
  if (found.errorRate === 0 && found.latency === 1)
    throw wrongValue('--regression', spec, `It changes nothing. ${hint}`);
  if (errorRate + found.errorRate <= 1) return found;
  throw wrongValue('--regression', spec, `With the ${errorRate} of the primary that is more than all requests.`);
}

function partOf(part: string, spec: string, errorRate: number): Partial<Regression> {
  const [, metric = '', added, factor] = /^\s*([a-z0-9-]+)=(?:\+([\d.]+)pp|x([\d.]+))\s*$/.exec(part) ?? [];
  const number = Number(added ?? factor);
  if (metric === 'error-rate' && number > 0) {
    return { errorRate: Number((added === undefined ? errorRate * (number - 1) : number / 100).toPrecision(12)) };
  }
  if (isLatency(metric) && factor !== undefined && number >= 1) return { latency: number };
  throw wrongValue('--regression', spec, hint);
}

function isLatency(metric: string): boolean {
  return metric === 'latency-mean' || percentileOf(metric) !== undefined;
}
