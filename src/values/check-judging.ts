import { type JudgeId, judges } from '../judges/registry.js';
import type { Contradiction } from '../release/contradiction.js';
import type { Analysis, Objective } from '../release/evaluation.js';
import type { Judge } from '../release/judge.js';
import type { ResolvedRelease } from './resolve.js';

type Found = Omit<Contradiction, 'path'>;

/** Returns what of an analysis its judge cannot judge by or does not read, and the limits that mean nothing to any judge. */
export function checkJudging(release: ResolvedRelease): Contradiction[] {
  const { analysis } = release;
  if (analysis === undefined) return [];
  const judge: Judge = judges[analysis.judge as JudgeId];
  const own = judge.contradictions?.(analysis) ?? [];
  return [
    ...analysis.objectives.flatMap((objective, position) =>
      checkObjective(objective, ['analysis', 'objectives', position], { judge, release }),
    ),
    ...(analysis.rewards.length > 0 ? checkRewards(judge, release) : []),
    ...checkLookback(judge, analysis),
    ...own.map((each) => ({ ...each, path: ['analysis', ...each.path] })),
  ];
}

const followsFromWeights: readonly string[] = ['request-count', 'request-rate'];

function checkObjective(
  objective: Objective,
  path: Contradiction['path'],
  { judge, release }: { readonly judge: Judge; readonly release: ResolvedRelease },
): Contradiction[] {
  const { metric, maxRatio, minRatio } = objective;
  if (followsFromWeights.includes(metric) && (maxRatio ?? minRatio) !== undefined) {
    const message = 'compares counts of requests, which follow from the weights';
    const key = maxRatio === undefined ? 'minRatio' : 'maxRatio';
    return [{ path: [...path, key], message, hint: `Give ${metric} an upperLimit or a lowerLimit.` }];
  }
  const limits = checkLimits(objective, path);
  if (limits.length > 0) return limits;
  if (objective.kayenta !== undefined && judge.id !== 'kayenta') {
    const message = `is for the judge kayenta, but the judge is ${judge.id}`;
    return [{ path: [...path, 'kayenta'], message, hint: 'Write judge: kayenta, or take it out.' }];
  }
  const refusal = judge.refuses(objective, { comparable: release.strategy.needs !== 'match' });
  return refusal === undefined ? [] : [{ path, ...refusal }];
}

/** Limits that every value keeps, or none does. */
function checkLimits({ metric, upperLimit, lowerLimit }: Objective, path: Contradiction['path']): Contradiction[] {
  const upper = metric === 'error-rate' ? beyondShares(upperLimit, 'which no error rate can be above') : undefined;
  const lower = metric === 'error-rate' ? beyondShares(lowerLimit, 'which asks for nothing but errors') : undefined;
  const found = [
    ...(upper === undefined ? [] : [{ path: [...path, 'upperLimit'], ...upper }]),
    ...(lower === undefined ? [] : [{ path: [...path, 'lowerLimit'], ...lower }]),
  ];
  if (found.length > 0 || upperLimit === undefined || lowerLimit === undefined || lowerLimit <= upperLimit)
    return found;
  const message = `is ${lowerLimit}, above the upperLimit of ${upperLimit}`;
  return [{ path: [...path, 'lowerLimit'], message, hint: 'No value keeps both: swap them, or take one out.' }];
}

/** Whoever writes 5 means 5 %. */
function beyondShares(limit: number | undefined, above: string): Found | undefined {
  if (limit === undefined || (limit >= 0 && limit < 1)) return undefined;
  const percents = limit >= 1 && limit < 100 ? limit : 1;
  const hint = `error-rate is a share from 0 to 1: write ${Number((percents / 100).toPrecision(12))} for ${percents} %.`;
  return { message: `is ${limit}, ${limit < 0 ? 'which no error rate can be below' : above}`, hint };
}

/** What counts all looks together would be wrong the more often the longer it looks, if it forgot the old windows. */
function checkLookback(judge: Judge, { interval, lookback }: Analysis): Contradiction[] {
  if (lookback === undefined || lookback === 'growing') return [];
  const path = ['analysis', 'lookback'];
  if (judge.lookback === undefined) {
    const takers = Object.values<Judge>(judges).filter((each) => each.lookback !== undefined);
    const message = `forgets windows, but what the judge ${judge.id} promises holds for all windows since the entry together`;
    const hint = `Write growing, take it out, or choose the judge ${takers.map(({ id }) => id).join(' or ')}; a warmUp works with every judge.`;
    return [{ path, message, hint }];
  }
  if (lookback % interval === 0) return [];
  const message = `is ${lookback} s, no multiple of the interval, which is ${interval} s`;
  return [{ path, message, hint: 'Whole windows are looked at: write a multiple of the interval.' }];
}

function checkRewards(judge: Judge, { strategy }: ResolvedRelease): Contradiction[] {
  const path = ['analysis', 'rewards'];
  if (!judge.readsRewards) {
    const readers = Object.values<Judge>(judges).filter(({ readsRewards }) => readsRewards);
    const hint = `Choose the judge ${readers.map(({ id }) => id).join(' or ')}, or take it out.`;
    return [{ path, message: `has no effect with the judge ${judge.id}`, hint }];
  }
  if (strategy.needs !== 'match') return [];
  const message = `has no effect in ${strategy.id}, whose candidate answers other people than the primary`;
  const hint = 'Take it out, or split the requests inside the match: blue-green with application.match.';
  return [{ path, message, hint }];
}
