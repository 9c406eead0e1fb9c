import type { Objective } from '../../release/evaluation.js';
import type { CanaryMetric } from './canary-config.js';

/** What objectives that name no group are scored in. */
export const commonGroup = 'objectives';

/** Returns an objective as a canary config would have it; what it does not say is as in Kayenta, but for the direction. */
export function metricOf(objective: Objective, name: string): CanaryMetric {
  const { maxRatio, minRatio, kayenta = {} } = objective;
  const { groups = [commonGroup], nanStrategy = 'remove', outliers, effectSize, ...flags } = kayenta;
  const { critical = false, mustHaveData = false, muted = false, direction = directionOf(objective) } = flags;
  return {
    name,
    groups: [...groups],
    scopeName: 'default',
    analysisConfigurations: {
      canary: {
        ...{ direction, nanStrategy, critical, mustHaveData, muted },
        outliers: { strategy: outliers?.strategy ?? 'keep', outlierFactor: outliers?.outlierFactor ?? 3 },
        effectSize: {
          ...effectSize,
          measure: effectSize?.measure ?? 'meanRatio',
          allowedIncrease: effectSize?.allowedIncrease ?? maxRatio,
          allowedDecrease: effectSize?.allowedDecrease ?? minRatio,
        },
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
