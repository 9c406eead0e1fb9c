import type { CopyPlan, RoutePlan } from '../release/route-plan.js';
import { shares } from '../release/shares.js';

/** Returns how the copies of a plan reach their candidates; undefined where nothing is copied. One rule may copy. */
export function copyPlan({ rules }: RoutePlan): CopyPlan | undefined {
  const rule = rules.find(({ mirrors }) => mirrors.length > 0);
  const version = rule?.backends[0]?.version;
  if (rule === undefined || version === undefined) return undefined;
  const { mirrors } = rule;
  const percents = shares(mirrors.map(({ percent }) => percent));
  return {
    version,
    percent: mirrors.reduce((sum, { percent }) => sum + percent, 0),
    mirrors,
    shares: mirrors.map((mirror, i) => ({ version: mirror.version, share: percents[i] ?? 0 })),
  };
}
