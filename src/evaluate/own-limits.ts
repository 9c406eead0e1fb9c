import { assess } from '../judges/threshold/assess.js';
import { isSample, type Ledger, type Objective } from '../release/evaluation.js';
import type { Assessment } from '../release/judge.js';

/**
 * Returns what a version shows of itself that nobody judges, such as the primary: whether it keeps the limits that compare
 * with nothing, over all windows together and without a doubt about chance.
 */
export function ownLimits(objectives: readonly Objective[], { rows }: Ledger, version: string): readonly Assessment[] {
  const samples = rows.flatMap(({ versions }) => {
    const entry = versions[version];
    return isSample(entry) ? [{ candidate: entry, baseline: undefined }] : [];
  });
  const absolute = objectives.flatMap(({ metric, upperLimit, lowerLimit }) =>
    (upperLimit ?? lowerLimit) === undefined ? [] : [{ metric, upperLimit, lowerLimit }],
  );
  return assess(absolute, samples).map(({ assessment }) => assessment);
}
