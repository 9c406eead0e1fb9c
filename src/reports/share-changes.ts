import type { RoutePlan, RouteRule } from '../release/route-plan.js';
import type { Change } from './change.js';
import { matchesWords } from './match-words.js';
import type { Planned } from './renames.js';
import { answers, copiesIn, pairRules, type RulePair, shareIn } from './rule-pairs.js';

/** Returns who answers more or less than before, who enters and leaves the route, and whose copies change. */
export function shareChanges(before: Planned, after: Planned): Change[] {
  const pairs = pairRules(before, after);
  const names = [...after.model.versions, ...before.model.versions].map(({ name }) => name);
  return [...new Set(names)].flatMap((version) => [
    ...answerChanges(version, pairs, { before, after }),
    ...mirrorChanges(version, pairs, { before, after }),
  ]);
}

interface Sides {
  readonly before: Planned;
  readonly after: Planned;
}

function answerChanges(version: string, pairs: readonly RulePair[], { before, after }: Sides): Change[] {
  const [answered, answering] = [answers(before.plan, version), answers(after.plan, version)];
  if (!answered && !answering) return [];
  if (!answered) {
    const parts = after.plan.rules.flatMap((rule) => partOf(rule, shareIn(rule, version), after.plan));
    const text = `${roleOf(version, after)} enters the route: ${parts.join('; ')}`;
    return [{ kind: 'route', risk: 'high', version, text }];
  }
  if (!answering) {
    const parts = before.plan.rules.flatMap((rule) => partOf(rule, shareIn(rule, version), before.plan));
    const role = version === before.model.primary ? `${version}, the primary until now,` : roleOf(version, before);
    const text = `${role} leaves the route; it had ${parts.join('; ')}`;
    return [{ kind: 'route', risk: 'high', version, text }];
  }
  return pairs.flatMap((pair): Change[] => {
    const [from, to] = [shareIn(pair.before, version), shareIn(pair.after, version)];
    // A rule that comes or goes is told as a whole.
    if (pair.before === undefined || pair.after === undefined || from === to) return [];
    const risk = to > from && version !== after.model.primary ? 'high' : 'medium';
    const text = `${roleOf(version, after)}: ${from} % → ${to} %${scope(pair.after, after.plan)}`;
    return [{ kind: 'share', risk, version, text }];
  });
}

function partOf(rule: RouteRule, share: number, { rules }: RoutePlan): string[] {
  if (share === 0) return [];
  if (rules.length === 1) return [`${share} % of the requests`];
  return [
    `${share === 100 ? '' : `${share} % of `}${rule.matches.length === 0 ? 'all other requests' : requests(rule)}`,
  ];
}

function requests({ matches }: RouteRule): string {
  return `requests with ${matchesWords(matches)}`;
}

/** Nothing where the rule is the only one. */
function scope(rule: RouteRule, { rules }: RoutePlan): string {
  if (rules.length === 1) return '';
  return ` of ${rule.matches.length === 0 ? 'all other requests' : requests(rule)}`;
}

function mirrorChanges(version: string, pairs: readonly RulePair[], { before, after }: Sides): Change[] {
  return pairs.flatMap((pair): Change[] => {
    const [from, to] = [copiesIn(pair.before, version), copiesIn(pair.after, version)];
    if (from === to) return [];
    const place = pair.after === undefined ? '' : scope(pair.after, after.plan);
    const were = pair.before === undefined ? '' : scope(pair.before, before.plan);
    const change = { kind: 'mirror', risk: 'medium', version } as const;
    if (from === 0) return [{ ...change, text: `mirror to ${version} added: ${to} %${place || ' of the requests'}` }];
    if (to === 0)
      return [{ ...change, text: `mirror to ${version} removed; it had ${from} %${were || ' of the requests'}` }];
    return [{ ...change, text: `mirror to ${version}: ${from} % → ${to} %${place}` }];
  });
}

/** Returns a version with its role, such as `candidate reviews-v2`. */
export function roleOf(version: string, { model }: Planned): string {
  const isBaseline = model.versions.some(({ name, baselineOf }) => name === version && baselineOf !== undefined);
  return `${version === model.primary ? 'primary' : isBaseline ? 'baseline' : 'candidate'} ${version}`;
}

/** Returns what a version gets of the requests, such as `20 % of the requests`. */
export function standingOf(version: string, { plan }: Planned): string {
  const parts = plan.rules.flatMap((rule) => partOf(rule, shareIn(rule, version), plan));
  const copies = plan.rules.flatMap((rule) =>
    partOf(rule, copiesIn(rule, version), plan).map((part) => `copies of ${part}`),
  );
  return [...parts, ...copies].join('; ') || 'not in the route';
}
