/** A question that a template can ask, or its negation, or several of them joined. */
export type Condition =
  | { readonly kind: 'ask'; readonly expression: string; readonly not: boolean }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Condition[] };

/**
 * The answers of one instance, by the expression of the question, in one map for each item that it can be asked of. A
 * question that makes no sense there is missing.
 */
export type Answers = readonly ReadonlyMap<string, boolean>[];

/** A condition and the instances that it holds for, as a set of bits. */
interface Candidate {
  readonly condition: Condition;
  readonly holds: bigint;
}

/** Finds conditions by which instances can be told apart. Its questions are gathered when the first one is wanted. */
export class Explainer {
  private known: readonly Candidate[] | undefined;

  /** @param answers of every instance, asked for when needed */
  constructor(private readonly answers: () => readonly Answers[]) {}

  /**
   * Returns the simplest condition found that holds for exactly those instances for which `wanted` is true: one question,
   * then two joined, then several that are all needed or of which any suffices, then a choice by cases.
   *
   * @returns undefined where two instances with the same answers differ in what is wanted
   */
  conditionFor(wanted: readonly boolean[]): Condition | undefined {
    this.known ??= questions(this.answers());
    return search(this.known, bits(wanted), everyone(wanted.length));
  }
}

function everyone(count: number): bigint {
  return (1n << BigInt(count)) - 1n;
}

function questions(instances: readonly Answers[]): Candidate[] {
  const yes = new Map<string, boolean[]>();
  for (const [i, answers] of instances.entries()) {
    for (const each of answers) {
      for (const [expression, answer] of each) {
        const flags = yes.get(expression) ?? [];
        if (flags.length === 0) yes.set(expression, flags);
        if (answer) flags[i] = true;
      }
    }
  }
  const all = everyone(instances.length);
  const seen = new Map<bigint, Candidate>();
  const sets = [...yes].map(([expression, flags]) => ({ expression, holds: bits(flags) }));
  for (const not of [false, true]) {
    for (const { expression, holds: set } of sets) {
      const holds = not ? all & ~set : set;
      // Of questions with the same answers everywhere, the first and plainest is asked.
      if (!seen.has(holds)) seen.set(holds, { condition: { kind: 'ask', expression, not }, holds });
    }
  }
  return [...seen.values()];
}

function search(candidates: readonly Candidate[], target: bigint, within: bigint): Condition | undefined {
  const single = candidates.find(({ holds }) => (holds & within) === target);
  if (single) return single.condition;
  return pair(candidates, target, within) ?? chain(candidates, target, within) ?? cases(candidates, target, within);
}

function pair(candidates: readonly Candidate[], target: bigint, within: bigint): Condition | undefined {
  const above = candidates.filter(({ holds }) => (holds & target) === target);
  const below = candidates.filter(({ holds }) => (holds & within & ~target) === 0n);
  for (const [i, a] of above.entries())
    for (const b of above.slice(i + 1)) if ((a.holds & b.holds & within) === target) return join('and', [a, b]);
  for (const [i, a] of below.entries())
    for (const b of below.slice(i + 1)) if (((a.holds | b.holds) & within) === target) return join('or', [a, b]);
  return undefined;
}

/** Drops from all that could help whatever is not needed. */
function chain(candidates: readonly Candidate[], target: bigint, within: bigint): Condition | undefined {
  const above = candidates.filter(({ holds }) => (holds & target) === target);
  const all = (list: readonly Candidate[]) => list.reduce((set, { holds }) => set & holds, within);
  if (all(above) === target)
    return join(
      'and',
      needed(above, (list) => all(list) === target),
    );
  const below = candidates.filter(({ holds }) => (holds & within & ~target) === 0n);
  const any = (list: readonly Candidate[]) => list.reduce((set, { holds }) => set | (holds & within), 0n);
  if (any(below) === target)
    return join(
      'or',
      needed(below, (list) => any(list) === target),
    );
  return undefined;
}

function needed(list: readonly Candidate[], suffices: (list: readonly Candidate[]) => boolean): readonly Candidate[] {
  let kept = list;
  for (const each of [...list].reverse()) {
    const rest = kept.filter((other) => other !== each);
    if (suffices(rest)) kept = rest;
  }
  return kept;
}

function join(kind: 'and' | 'or', candidates: readonly Candidate[]): Condition {
  return { kind, terms: candidates.map(({ condition }) => condition) };
}

/** Splits by the question that leaves the least disorder. */
function cases(candidates: readonly Candidate[], target: bigint, within: bigint): Condition | undefined {
  if (target === 0n) return { kind: 'or', terms: [] };
  if (target === within) return { kind: 'and', terms: [] };
  const splitting = candidates.filter(({ holds }) => (holds & within) !== 0n && (holds & within) !== within);
  const [best] = splitting
    .map((candidate) => ({ candidate, disorder: disorder(candidate.holds, target, within) }))
    .sort((a, b) => a.disorder - b.disorder);
  if (best === undefined) return undefined;
  const { condition, holds } = best.candidate;
  const [yes, no] = [
    search(candidates, target & holds, within & holds),
    search(candidates, target & ~holds, within & ~holds),
  ];
  if (yes === undefined || no === undefined) return undefined;
  return or([and([condition, yes]), and([negated(condition), no])]);
}

function disorder(holds: bigint, target: bigint, within: bigint): number {
  return [holds & within, within & ~holds].reduce((sum, side) => {
    const [all, some] = [count(side), count(side & target)];
    return sum + Math.min(some, all - some);
  }, 0);
}

function and(terms: readonly Condition[]): Condition {
  const kept = terms.filter((term) => !(term.kind === 'and' && term.terms.length === 0));
  if (kept.some((term) => term.kind === 'or' && term.terms.length === 0)) return { kind: 'or', terms: [] };
  return kept.length === 1 && kept[0] ? kept[0] : { kind: 'and', terms: kept };
}

function or(terms: readonly Condition[]): Condition {
  const kept = terms.filter((term) => !(term.kind === 'or' && term.terms.length === 0));
  return kept.length === 1 && kept[0] ? kept[0] : { kind: 'or', terms: kept };
}

/** Returns the opposite. */
export function negated(condition: Condition): Condition {
  if (condition.kind === 'ask') return { ...condition, not: !condition.not };
  return { kind: condition.kind === 'and' ? 'or' : 'and', terms: condition.terms.map(negated) };
}

/** @param flags may have holes, which are false */
function bits(flags: readonly boolean[]): bigint {
  let digits = '';
  for (let i = flags.length - 1; i >= 0; i -= 1) digits += flags[i] === true ? '1' : '0';
  return BigInt(`0b0${digits}`);
}

function count(set: bigint): number {
  return set.toString(2).replaceAll('0', '').length;
}

/** Returns the condition as the argument of a template's `if`. */
export function printCondition(condition: Condition): string {
  if (condition.kind === 'ask') return condition.not ? `not ${argument(condition.expression)}` : condition.expression;
  return `${condition.kind} ${condition.terms.map((term) => argument(printCondition(term))).join(' ')}`;
}

function argument(expression: string): string {
  return expression.includes(' ') ? `(${expression})` : expression;
}
