import type { RoutePlan, RouteRule } from '../release/route-plan.js';
import type { Planned } from './renames.js';

/** What became of a rule; one of the two is there at least. */
export interface RulePair {
  readonly before: RouteRule | undefined;
  readonly after: RouteRule | undefined;
}

/** The rules of a plan by what they are for: to divide what takes part, to take the rest, or to serve one candidate. */
interface Purposes {
  readonly split: RouteRule | undefined;
  readonly rest: RouteRule | undefined;
  readonly candidates: readonly RouteRule[];
}

/** Returns the rules of two plans side by side, in the order of the second one; those that are gone come last. */
export function pairRules(before: Planned, after: Planned): RulePair[] {
  const [old, now] = [purposesOf(before), purposesOf(after)];
  const partner = (rule: RouteRule): RouteRule | undefined => {
    if (rule === now.split) return old.split ?? (now.rest === undefined ? old.rest : undefined);
    if (rule === now.rest) return old.rest ?? (now.split === undefined ? old.split : undefined);
    return old.candidates.find(({ name }) => name === rule.name);
  };
  const pairs = after.plan.rules.map((rule): RulePair => ({ before: partner(rule), after: rule }));
  const paired = new Set(pairs.map((pair) => pair.before));
  const gone = before.plan.rules.filter((rule) => !paired.has(rule));
  return [...pairs, ...gone.map((rule) => ({ before: rule, after: undefined }))];
}

function purposesOf({ model, plan }: Planned): Purposes {
  const split = plan.rules.find(({ name }) => name === model.name);
  const last = plan.rules.at(-1);
  const rest = last === split ? undefined : last;
  return { split, rest, candidates: plan.rules.filter((rule) => rule !== split && rule !== rest) };
}

/** Returns the position of a rule in its plan as people count, from 1. */
export function numberOf({ rules }: RoutePlan, rule: RouteRule): number {
  return rules.indexOf(rule) + 1;
}

/** Returns whether a version answers requests of any rule. */
export function answers({ rules }: RoutePlan, version: string): boolean {
  return rules.some((rule) => shareIn(rule, version) > 0);
}

/** Returns the percent of a rule's requests that a version answers. */
export function shareIn(rule: RouteRule | undefined, version: string): number {
  return rule?.backends.find((backend) => backend.version === version)?.share ?? 0;
}

/** Returns the percent of a rule's requests that a version gets copies of. */
export function copiesIn(rule: RouteRule | undefined, version: string): number {
  return rule?.mirrors.find((mirror) => mirror.version === version)?.percent ?? 0;
}
