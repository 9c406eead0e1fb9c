import type { Contradiction } from '../release/contradiction.js';
import { likenessOf } from '../release/own-metric.js';
import { type ListedMetric, listedAs } from '../sources/listed-metric.js';
import { checkJudging } from '../values/check-judging.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { Lint } from './lint.js';
import { metricsIn } from './unknown-metric.js';

/** Objectives and rewards on counts of a metric of one's own that the judge takes of no metric counted like it. */
export const unjudgedMetric: Lint = {
  id: 'unjudged-metric',
  severity: 'error',
  needs: 'project',
  find({ loaded: { release }, project }): Contradiction[] {
    const { analysis } = release;
    if (analysis === undefined || project?.metrics === undefined) return [];
    const listed = metricsIn(project.metrics);
    const likened = <Each extends { readonly metric: string }>(each: Each): Each => {
      return { ...each, metric: likenessIn(each.metric, listed) ?? each.metric };
    };
    const { objectives, rewards } = analysis;
    const asBuiltIn = { ...analysis, objectives: objectives.map(likened), rewards: rewards.map(likened) };
    // What is wrong with the values as they are has refused them before.
    return checkJudging({ ...release, analysis: asBuiltIn }).flatMap((found): Contradiction[] => {
      const own = metricAt(release, found.path);
      const like = own && likenessIn(own, listed);
      if (own === undefined || like === undefined) return [];
      const message = `${found.message}; ${own} is a ${listedAs(own, listed)?.kind}`;
      return [{ ...found, message, hint: `It is judged like ${like}. ${found.hint}` }];
    });
  },
};

function likenessIn(metric: string, listed: readonly ListedMetric[]): string | undefined {
  const counted = listedAs(metric, listed)?.counted;
  return counted && likenessOf(counted, metric);
}

/** The metric of the objective or the reward that a path is in. */
function metricAt({ analysis }: ResolvedRelease, [, list, position]: Contradiction['path']): string | undefined {
  if (list !== 'objectives' && list !== 'rewards') return undefined;
  return analysis?.[list][Number(position)]?.metric;
}
