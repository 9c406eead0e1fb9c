import { measure } from '../../../src/judges/measure.js';
import type { Sample } from '../../../src/release/evaluation.js';
import type { Player } from '../../../src/simulate/player.js';
import { type Limits, ordinaryLimits } from './ordinary-limits.js';
import { enterWith, fileAt, newestOf, type Rule, successOf } from './rule.js';

/** Of a canary resource. */
interface Analysis extends Limits {
  readonly stepWeight: number;
  readonly maxWeight: number;
  readonly threshold: number;
}

const repository = 'fluxcd/flagger';
const tutorial = fileAt({
  repository,
  commit: '128c883755d25e18dd7916c4f9d14002a9603dbf',
  path: 'docs/gitbook/tutorials/istio-progressive-delivery.md',
});
const scheduler = fileAt({
  repository,
  commit: '0016895489a8589bd9472e10668f89063d48189c',
  path: 'pkg/controller/scheduler.go',
});

/** The guide's canary: 10 % more a minute up to 50 %, at least 99 % success, a p99 of at most 500 ms, 5 failed checks. */
export const flagger = {
  id: 'flagger',
  name: 'Flagger',
  text: '10 % more every minute up to 50 %, then promoted; a minute under 99 % success or with a p99 over 500 ms is a failed check; after 5 of them it rolls back',
  source: `Flagger (flagger.app/v1beta1): its tutorial ${tutorial}, and advanceCanary in ${scheduler}`,
  player: () => playerOf({ stepWeight: 10, maxWeight: 50, threshold: 5, success: 0.99, duration: 500 }),
} as const satisfies Rule;

/** The same by somebody who knows the service: limits beside what is ordinary, smaller steps, less patience. */
export const flaggerTuned = {
  id: 'flagger-tuned',
  name: 'Flagger, tuned',
  text: '5 % more every minute up to 50 %; limits of success and p99 that one in a hundred ordinary minutes breaks; after 3 failed checks it rolls back',
  source: 'as Flagger, with the settings of a team that knows its service',
  player: (scenario) => playerOf({ stepWeight: 5, maxWeight: 50, threshold: 3, ...ordinaryLimits(scenario, 5, 0.99) }),
} as const satisfies Rule;

/**
 * A failed check is counted and keeps the weight; the count is never set back. Whether it has reached the threshold is
 * asked at the beginning of the next check, so that the rollback comes one interval later. No traffic is a failed check.
 */
function playerOf({ stepWeight, maxWeight, threshold, ...limits }: Analysis): Player {
  let weight = stepWeight;
  let failed = 0;
  return enterWith(weight, (rows) => {
    if (failed >= threshold) return 'roll back';
    if (!passes(newestOf(rows), limits)) {
      failed += 1;
      return weight;
    }
    if (weight >= maxWeight) return 'promote';
    weight += stepWeight;
    return weight;
  });
}

function passes(sample: Sample | undefined, { success, duration }: Limits): boolean {
  if (sample === undefined || successOf(sample) < success) return false;
  const p99 = measure('latency-p99', [sample]);
  return p99 === undefined || Math.trunc(p99.value) <= duration;
}
