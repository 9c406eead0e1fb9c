import { show } from '../words.js';
import type { BayesianCase } from './case-schema.js';
import { isMoving, limitsOf } from './limits.js';
import { kindOf, type Observations } from './observations.js';

type Question = Pick<BayesianCase, 'versions' | 'criteria' | 'rewards' | 'feasible'>;
type Criterion = BayesianCase['criteria'][number];

/** How probably a version keeps each of the criteria, in their order. */
interface Kept {
  readonly name: string;
  readonly criteria: readonly { readonly probability: number | null }[];
}

/** Names the criteria that versions break, such as `v2 breaks error-rate (at most 1 %)`; empty where none does. */
export function brokenBy(versions: readonly Kept[], { criteria, feasible }: Question): string {
  const [baseline] = versions;
  const told = versions.flatMap((version) => {
    const broken = criteria.filter((_criterion, i) => (version.criteria[i]?.probability ?? 1) < feasible);
    const reference = version === baseline ? undefined : baseline?.name;
    if (broken.length === 0) return [];
    return [`${version.name} breaks ${broken.map((criterion) => wordsOf(criterion, reference)).join(' and ')}`];
  });
  return told.join(', ');
}

/** @param reference whom limits move with; undefined for the baseline, which they do not bind */
function wordsOf(criterion: Criterion, reference: string | undefined): string {
  const { metric } = criterion;
  const limits = limitsOf(criterion).filter((limit) => reference !== undefined || !isMoving(limit));
  const told = limits.map((limit) => {
    const bound = isMoving(limit) ? `${limit.ratio} × ${reference}` : show(metric, limit.constant);
    return `${limit.side === 'upper' ? 'at most' : 'at least'} ${bound}`;
  });
  return `${metric} (${told.join(', ')})`;
}

/** Says which version has nothing of which metric, such as `v1 and v2 have no means of latency-mean`; else it is empty. */
export function unmeasuredIn(
  { versions, criteria, rewards }: Question,
  observed: (metric: string) => Observations,
): string {
  const metrics = new Set([...criteria, ...rewards.slice(0, 1)].map(({ metric }) => metric));
  const told = [...metrics].flatMap((metric) => {
    const seen = observed(metric);
    const without = versions.filter(({ name }) => !seen.get(name)?.some((each) => each !== undefined));
    if (without.length === 0) return [];
    const have = without.length === 1 ? 'has' : 'have';
    const what = kindOf(metric) === 'share' ? 'counts for' : 'means of';
    return [`${without.map(({ name }) => name).join(' and ')} ${have} no ${what} ${metric}`];
  });
  return told.join('; ');
}
