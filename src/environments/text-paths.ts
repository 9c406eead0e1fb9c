import { comparesElements, type RouteMatch, type RoutePlan } from '../release/route-plan.js';

/**
 * Returns the plan with every path as Istio compares it, which is by its text. A prefix by whole elements becomes two
 * matches: /api alone, and /api/ with what is below.
 */
export function textPlan({ rules }: RoutePlan): RoutePlan {
  return { rules: rules.map((rule) => ({ ...rule, matches: rule.matches.flatMap(textMatches) })) };
}

/** Returns a match as one or two whose paths are compared by their text. */
export function textMatches(match: RouteMatch): RouteMatch[] {
  const { path } = match;
  if (path?.kind !== 'prefix' || path.value === '/' || !comparesElements(match)) return [match];
  const bare = path.value.replace(/\/$/, '');
  return [
    { ...match, path: { kind: 'exact', value: bare } },
    { ...match, path: { kind: 'prefix', value: `${bare}/` } },
  ];
}
