import type { CopyPlan, Mirror, RoutePlan } from '../release/route-plan.js';
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
    percent: percentOf(mirrors),
    mirrors,
    shares: mirrors.map((mirror, i) => ({ version: mirror.version, share: percents[i] ?? 0 })),
  };
}

/** Returns how many of 100 requests these mirrors copy together: above 100 where some would be copied several times. */
export function percentOf(mirrors: readonly Mirror[]): number {
  return mirrors.reduce((sum, { percent }) => sum + percent, 0);
}
