import type { Answers } from './condition.js';
import type { Choice, Draw, Place } from './draw.js';
import type { Hole } from './hole.js';
import { expressionOf, type Reference } from './template.js';

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
  for (let end = scope.indexOf('>'); end >= 0; end = scope.indexOf('>', end + 1)) {
    const outer = scope.slice(0, end);
    if (!bound.has(outer)) return outer;
  }
  return scope;
}

/** Returns the variable of the loop that an item belongs to, such as `backend` of `rule0>backend1`. */
export function loopOf(scope: string): string {
  return (scope.split('>').at(-1) ?? '').replace(/(?<!\d)\d+$/, '');
}

/** Returns the parts of a text with its holes as references. */
export function referencesIn(text: string, { draw, bound }: Position): (string | Reference)[] {
  return draw.holes.partsOf(text).map((part) => (typeof part === 'string' ? part : referenceTo(part, bound)));
}

/** Returns a text that is the same for two instances where `referencesIn` is; it takes less time to make and compare. */
export function signatureOf(text: string, { draw, bound }: Position): string {
  const parts = draw.holes.partsOf(text);
  if (parts.every((part) => typeof part === 'string')) return text;
  return parts
    .map((part) => (typeof part === 'string' ? part : `\0${expressionOf(referenceTo(part, bound))}\0`))
    .join('');
}

function referenceTo({ scope, path, type }: Hole, bound: Position['bound']): Reference {
  const variable = bound.get(scope);
  if (variable === undefined) throw new TypeError(`${path} of ${scope} stands outside the list that it comes from`);
  return { variable, path, type };
}

/** Returns the expression of the list that a loop goes over. */
export function listOf(place: Place, bound: Position['bound']): string {
  return expressionOf(referenceTo({ ...place, type: 'tree' }, bound));
}

/** Returns what a template can ask where this instance stands, nearest first: that is easiest to read. */
export function answersOf({ draw, bound }: Position): Answers {
  return [...bound].reverse().map(([scope, variable]) => answersAt(draw, scope, variable));
}

/** Whether a question is answered with yes, by any of the items. */
export function isTrue(expression: string, { draw, bound }: Position): boolean {
  for (const [scope, variable] of bound) if (answersAt(draw, scope, variable).get(expression) === true) return true;
  return false;
}

function answersAt(draw: Draw, scope: string, variable: string): ReadonlyMap<string, boolean> {
  const known = draw.answers.get(scope);
  if (known !== undefined) return known;
  const answers = new Map<string, boolean>();
  for (const [path, choice] of draw.choices.get(scope) ?? [])
    addAnswers(answers, expressionOf({ variable, path }), choice);
  draw.answers.set(scope, answers);
  return answers;
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
