import type { RouteMatch, RouteRule } from '../release/route-plan.js';
import type { Change } from './change.js';
import { matchesWords, matchKey, matchWords } from './match-words.js';
import type { Planned } from './renames.js';
import { answers, numberOf, pairRules, type RulePair } from './rule-pairs.js';

interface Sides {
  readonly before: Planned;
  readonly after: Planned;
}

/** Returns which rules come and go, what they match now, and whether their order is another one. */
export function ruleChanges(before: Planned, after: Planned): Change[] {
  const pairs = pairRules(before, after);
  return [...pairs.flatMap((pair) => matchChanges(pair, { before, after })), ...orderChanges(pairs, { before, after })];
}

function matchChanges({ before: old, after: now }: RulePair, { before, after }: Sides): Change[] {
  if (now === undefined) return old === undefined ? [] : removedRule(old, { before, after });
  const rule = `rule ${numberOf(after.plan, now)}${to(now)}`;
  if (old === undefined) return addedRule(now, { before, after });
  if (old.matches.length === 0 && now.matches.length === 0) return [];
  if (old.matches.length === 0)
    return [high(`${rule} now matches ${matchesWords(now.matches)}, no longer every request`)];
  if (now.matches.length === 0)
    return [high(`${rule} now matches every request, not only ${matchesWords(old.matches)}`)];
  return [
    ...beyond(now.matches, old.matches).map((match) => high(`${rule} now matches ${matchWords(match)}`)),
    ...beyond(old.matches, now.matches).map((match) => high(`${rule} no longer matches ${matchWords(match)}`)),
  ];
}

function high(text: string): Change {
  return { kind: 'match', risk: 'high', text };
}

function beyond(matches: readonly RouteMatch[], others: readonly RouteMatch[]): RouteMatch[] {
  const known = new Set(others.map(matchKey));
  return matches.filter((match) => !known.has(matchKey(match)));
}

/** Whom a rule with one backend leads to, and whom it copies to. */
function to({ backends, mirrors }: RouteRule): string {
  if (backends.length !== 1) return '';
  const copies = mirrors.map(({ version }) => version).join(' and ');
  return `, to ${backends[0]?.version}${copies === '' ? '' : ` with copies to ${copies}`},`;
}

/** That a version enters says where, so a rule of its own need not be told again. */
function addedRule(rule: RouteRule, { before, after }: Sides): Change[] {
  const [first] = rule.backends;
  if (rule.backends.length === 1 && first !== undefined && !answers(before.plan, first.version)) return [];
  return [high(`rule ${numberOf(after.plan, rule)} added: ${sentence(rule, after)}`)];
}

function removedRule(rule: RouteRule, { before, after }: Sides): Change[] {
  const [first] = rule.backends;
  if (rule.backends.length === 1 && first !== undefined && !answers(after.plan, first.version)) return [];
  return [high(`rule ${numberOf(before.plan, rule)} removed: ${sentence(rule, before)}`)];
}

function sentence(rule: RouteRule, { plan }: Planned): string {
  const others = plan.rules.length > 1 ? 'all other requests' : 'every request';
  const what = rule.matches.length === 0 ? others : `requests with ${matchesWords(rule.matches)}`;
  const alone = rule.backends.length === 1;
  const whom = rule.backends.map(({ version, share }) => (alone ? version : `${version} ${share} %`));
  return `${what} to ${whom.join(', ')}`;
}

function orderChanges(pairs: readonly RulePair[], { before, after }: Sides): Change[] {
  const common = pairs.flatMap(({ before: old, after: now }) => (old === undefined || now === undefined ? [] : [old]));
  const old = before.plan.rules.filter((rule) => common.includes(rule));
  if (common.every((rule, i) => rule === old[i])) return [];
  const order = after.plan.rules.map(({ backends }) => backends.map(({ version }) => version).join('+')).join(', ');
  return [high(`rules in another order, and the first that fits decides: ${order}`)];
}
