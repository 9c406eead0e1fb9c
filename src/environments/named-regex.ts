import type { NamedMatch, RouteMatch, RoutePlan } from '../release/route-plan.js';

/** Returns the regular expression of RE2 for all texts that start with this one. */
export function prefixRegex(text: string): string {
  return `${text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')}.*`;
}

/** Returns the plan with every header and query parameter by prefix as a regular expression. */
export function regexPlan({ rules }: RoutePlan): RoutePlan {
  return { rules: rules.map((rule) => ({ ...rule, matches: rule.matches.map(inRegex) })) };
}

function inRegex(match: RouteMatch): RouteMatch {
  return { ...match, headers: match.headers.map(named), query: match.query.map(named) };
}

function named({ name, match }: NamedMatch): NamedMatch {
  return { name, match: match.kind === 'prefix' ? { kind: 'regex', value: prefixRegex(match.value) } : match };
}
