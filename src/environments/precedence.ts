import { anyRequest, type RouteMatch, type RoutePlan, type StringMatch } from '../release/route-plan.js';

/** Numbers that are compared one after the other; the first that differs decides, and the higher wins. */
export type Ranking = readonly number[];

/**
 * Returns how specific a match is to a target. Where the target leaves that open, such as for a path by regular
 * expression, it returns the lowest or the highest rank that the match may get.
 */
export type Rank = (match: RouteMatch, open: 'lowest' | 'highest') => Ranking;

/** How a target reads matches and chooses among equals. */
export interface PrecedenceOptions {
  /** Whether the earlier of two rules of one rank wins, or nobody knows. @default 'order' */
  readonly ties?: 'order' | 'undefined';
  /** Whether the path prefix /foo fits whole elements, as /foo/bar, or any text, as /foobar too. @default 'elements' */
  readonly prefixes?: 'elements' | 'text';
}

/** An earlier match that loses requests, and the later one that takes them; undefined is the rule without matches. */
export interface Misrouted {
  readonly match: RouteMatch;
  readonly above: RouteMatch | undefined;
}

interface Candidate {
  readonly rule: number;
  readonly match: RouteMatch;
  readonly conditions: readonly Condition[];
}

interface Condition {
  /** What of a request is compared, such as `header x-user`. */
  readonly subject: string;
  readonly wanted: StringMatch;
}

type Begins = (text: string, prefix: string) => boolean;

/**
 * Returns the pairs of matches for which a target that ranks matches by specificity picks another rule than the plan,
 * whose first rule that fits decides. No pair means that every request goes where the plan sends it.
 *
 * Pairs suffice. Let a request fit the plan's match `a`, and the target's pick be `b` of a later rule: then both fit it,
 * and `b` is ranked higher. Conversely, take for such a pair the request with what `a` and `b` ask for and nothing else:
 * another match fits it if `a` and `b` imply that match, and then it fits every request of both. So `b` is picked there
 * unless one of the implied matches outranks it, and a request that is misrouted at all is found by its own pair.
 *
 * This is exact for exact values and prefixes. Whether two regular expressions have a common text is not decided:
 * they may, which reports rather too much. An exact value is tried against an expression that JavaScript can read.
 */
export function misrouted(plan: RoutePlan, rank: Rank, options: PrecedenceOptions = {}): Misrouted[] {
  const relations = relationsFor(options);
  const candidates = candidatesOf(plan);
  const wins = winsBy(rank, options.ties ?? 'order');
  return candidates.flatMap((first) =>
    candidates.flatMap((second): Misrouted[] => {
      if (second.rule <= first.rule || !wins(second, first, 'perhaps')) return [];
      const conditions = [...first.conditions, ...second.conditions];
      if (relations.contradictory(conditions)) return [];
      const decidedElsewhere = candidates.some(
        (other) =>
          (other.rule < first.rule || wins(other, second, 'surely')) && relations.implied(other, [first, second]),
      );
      if (decidedElsewhere) return [];
      return [{ match: first.match, above: second.match === anyRequest ? undefined : second.match }];
    }),
  );
}

function candidatesOf({ rules }: RoutePlan): Candidate[] {
  return rules.flatMap(({ matches }, rule) =>
    (matches.length > 0 ? matches : [anyRequest]).map((match) => ({ rule, match, conditions: conditionsOf(match) })),
  );
}

function conditionsOf({ headers, query, path, method }: RouteMatch): Condition[] {
  return [
    { subject: 'path', wanted: path ?? { kind: 'prefix', value: '/' } },
    ...(method === undefined ? [] : [{ subject: 'method', wanted: { kind: 'exact' as const, value: method } }]),
    ...headers.map(({ name, match }) => ({ subject: `header ${name.toLowerCase()}`, wanted: match })),
    ...query.map(({ name, match }) => ({ subject: `query ${name}`, wanted: match })),
  ];
}

/** Returns whether one match is preferred to another, in some target that keeps the ranking or in all of them. */
function winsBy(rank: Rank, ties: 'order' | 'undefined') {
  return (one: Candidate, other: Candidate, certainty: 'perhaps' | 'surely'): boolean => {
    const own = certainty === 'perhaps' ? 'highest' : 'lowest';
    // Whatever a target makes of a path, it makes of the same path again.
    const opposite = samePath(one.match, other.match) ? own : certainty === 'perhaps' ? 'lowest' : 'highest';
    const order = compareRankings(rank(one.match, own), rank(other.match, opposite));
    if (order !== 0) return order > 0;
    return ties === 'order' ? one.rule < other.rule : certainty === 'perhaps';
  };
}

function samePath({ path: one }: RouteMatch, { path: other }: RouteMatch): boolean {
  return one?.kind === other?.kind && one?.value === other?.value;
}

function compareRankings(one: Ranking, other: Ranking): number {
  for (let i = 0; i < Math.max(one.length, other.length); i += 1) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function relationsFor({ prefixes = 'elements' }: PrecedenceOptions) {
  const beginsFor = (subject: string): Begins => (subject === 'path' && prefixes === 'elements' ? isBelow : startsWith);
  return {
    /** Whether surely no request fulfils all the conditions. */
    contradictory: (conditions: readonly Condition[]): boolean =>
      conditions.some(({ subject, wanted }, i) =>
        conditions
          .slice(i + 1)
          .some((other) => other.subject === subject && excludes(wanted, other.wanted, beginsFor(subject))),
      ),
    /** Whether surely every request that fulfils both matches fulfils the candidate as well. */
    implied: ({ match, conditions }: Candidate, both: readonly Candidate[]): boolean =>
      (match.istio === undefined || both.some((each) => each.match === match)) &&
      conditions.every(({ subject, wanted }) =>
        both
          .flatMap((each) => each.conditions)
          .some((given) => given.subject === subject && implies(given.wanted, wanted, beginsFor(subject))),
      ),
  };
}

function startsWith(text: string, prefix: string): boolean {
  return text.startsWith(prefix);
}

/** Whether a path lies at or below another; a slash at the end of either means nothing. */
function isBelow(path: string, prefix: string): boolean {
  return `${path}/`.startsWith(`${prefix.replace(/(?<!\/)\/+$/, '')}/`);
}

function excludes(one: StringMatch, other: StringMatch, begins: Begins): boolean {
  if (one.kind === 'exact') return fits(other, one.value, begins) === false;
  if (other.kind === 'exact') return fits(one, other.value, begins) === false;
  if (one.kind === 'regex' || other.kind === 'regex') return false;
  return !begins(one.value, other.value) && !begins(other.value, one.value);
}

function implies(given: StringMatch, wanted: StringMatch, begins: Begins): boolean {
  if (given.kind === wanted.kind && given.value === wanted.value) return true;
  if (given.kind === 'exact') return fits(wanted, given.value, begins) === true;
  return given.kind === 'prefix' && wanted.kind === 'prefix' && begins(given.value, wanted.value);
}

/** Returns whether a text fits, or undefined where an expression is not one that JavaScript reads. */
function fits({ kind, value }: StringMatch, text: string, begins: Begins): boolean | undefined {
  if (kind === 'exact') return text === value;
  if (kind === 'prefix') return begins(text, value);
  try {
    // The flag makes JavaScript refuse what RE2 reads in another way, such as [[:alpha:]].
    return new RegExp(`^(?:${value})$`, 'u').test(text);
  } catch {
    return undefined;
  }
}
