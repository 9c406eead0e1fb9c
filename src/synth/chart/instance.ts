import type { Answers } from './condition.js';
import type { Choice, Draw, Place } from './draw.js';
import type { Hole } from './hole.js';
import type { Reference } from './template.js';

/** A part of what one draw rendered, seen from inside the loops that lead to it. */
export interface Instance<T> {
  readonly draw: Draw;
  /** The variable of every item whose loop was entered, by the item's scope. */
  readonly bound: ReadonlyMap<string, string>;
  readonly value: T;
}

/** Where an instance stands. */
export type Position = Omit<Instance<unknown>, 'value'>;

/** Returns the first item on the way to this scope whose loop was not entered, or undefined. */
export function unboundItem(scope: string, bound: Position['bound']): string | undefined {
  if (bound.has(scope)) return undefined;
  const steps = scope.split('>');
  const prefixes = steps.map((_, i) => steps.slice(0, i + 1).join('>'));
  return prefixes.find((prefix) => !bound.has(prefix));
}

/** Returns the variable of the loop that an item belongs to, such as `backend` of `rule0>backend1`. */
export function loopOf(scope: string): string {
  return (scope.split('>').at(-1) ?? '').replace(/\d+$/, '');
}

/** Returns the parts of a text with its holes as references. */
export function referencesIn(text: string, { draw, bound }: Position): (string | Reference)[] {
  return draw.holes.partsOf(text).map((part) => (typeof part === 'string' ? part : referenceTo(part, bound)));
}

function referenceTo({ scope, path, type }: Hole, bound: Position['bound']): Reference {
  const variable = bound.get(scope);
  if (variable === undefined) throw new TypeError(`${path} of ${scope} stands outside the list that it comes from`);
  return { expression: expressionOf(variable, path), type };
}

function expressionOf(variable: string, path: string): string {
  return path === '' ? `$${variable}` : `$${variable}.${path}`;
}

/** Returns the expression of the list that a loop goes over. */
export function listOf(place: Place, bound: Position['bound']): string {
  return referenceTo({ ...place, type: 'tree' }, bound).expression;
}

/** Returns what a template can ask where this instance stands, nearest first: that is easiest to read. */
export function answersOf({ draw, bound }: Position): Answers {
  return [...bound].reverse().map(([scope, variable]) => {
    const known = draw.answers.get(scope);
    if (known !== undefined) return known;
    const answers = new Map<string, boolean>();
    for (const [path, choice] of draw.choices.get(scope) ?? [])
      addAnswers(answers, expressionOf(variable, path), choice);
    draw.answers.set(scope, answers);
    return answers;
  });
}

function addAnswers(answers: Map<string, boolean>, expression: string, choice: Choice): void {
  if (choice.kind === 'option') {
    answers.set(`eq ${expression} ${JSON.stringify(choice.value)}`, true);
  } else if (choice.kind === 'count') {
    answers.set(expression, choice.value > 0);
    answers.set(`gt (len ${expression}) 1`, choice.value > 1);
  } else {
    answers.set(expression, choice.value);
  }
}
