import type { Json, JsonObject } from '../../release/json.js';
import type { Condition } from './condition.js';
import type { Draw } from './draw.js';
import { readable } from './hole.js';
import { answersOf, type Position } from './instance.js';
import type { Element, Entry, Reference, Template } from './template.js';

/**
 * Returns what a template makes of a draw, with references in place of holes: what Helm would do, to be compared with
 * what the constructs made.
 */
export function expand(elements: readonly Element<Template>[], position: Position): Json[] {
  return elements.flatMap((each) => expandElement(each, position, (template, at) => [expandTemplate(template, at)]));
}

/** Returns a rendered object in the same form: with references in place of holes. */
export function referring(value: Json, position: Position): Json {
  if (typeof value === 'string') return written(value, position);
  if (typeof value === 'number') {
    const text = written(String(value), position);
    return text === String(value) ? value : text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => referring(item, position));
  const entries = Object.entries(value).map(([key, each]) => [written(key, position), referring(each, position)]);
  return Object.fromEntries(entries);
}

/** The item of a reference stands in its text, so that what came from another item is seen. */
function written(text: string, { draw }: Position): string {
  return draw.holes
    .partsOf(text)
    .map((part) => (typeof part === 'string' ? part : readable(part)))
    .join('');
}

function expandElement<T, R>(
  element: Element<T>,
  position: Position,
  make: (element: T, position: Position) => R[],
): R[] {
  if (element.kind === 'one') return make(element.element, position);
  if (element.kind === 'if') {
    return holds(element.condition, position)
      ? element.elements.flatMap((each) => expandElement(each, position, make))
      : [];
  }
  return itemsOf(element.item, position).flatMap((scope) => {
    const inner = { ...position, bound: new Map([...position.bound, [scope, element.item]]) };
    return element.elements.flatMap((each) => expandElement(each, inner, make));
  });
}

/** Returns the scopes of the items of a loop that starts here. */
export function itemsOf(item: string, { draw, bound }: Position): readonly string[] {
  return [...bound.keys()].flatMap((parent) => draw.loops.get(`${parent}>${item}`)?.scopes ?? []);
}

function holds(condition: Condition, position: Position): boolean {
  if (condition.kind === 'ask') {
    return answersOf(position).some((answers) => answers.get(condition.expression) === true) !== condition.not;
  }
  const answers = condition.terms.map((term) => holds(term, position));
  return condition.kind === 'and' ? !answers.includes(false) : answers.includes(true);
}

function expandTemplate(template: Template, position: Position): Json {
  switch (template.kind) {
    case 'constant':
      return template.value;
    case 'empty':
      return template.value === '{}' ? {} : [];
    case 'text':
      return textOf(template.parts, position);
    case 'choice': {
      const branch = template.branches.find(({ condition }) => holds(condition, position));
      return expandTemplate(branch?.template ?? template.otherwise, position);
    }
    case 'list':
      return template.items.flatMap((each) => expandElement(each, position, (item, at) => [expandTemplate(item, at)]));
    default:
      return Object.fromEntries(
        template.entries.flatMap((each) => expandElement(each, position, entryOf)),
      ) as JsonObject;
  }
}

function entryOf({ key, value }: Entry, position: Position): [string, Json][] {
  return [[textOf(key, position), value === undefined ? true : expandTemplate(value, position)]];
}

function textOf(parts: readonly (string | Reference)[], { bound }: Position): string {
  const scopes = new Map([...bound].map(([scope, variable]) => [variable, scope]));
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const [, variable = '', path = ''] = /^\$(\w+)\.?(.*)$/.exec(part.expression) ?? [];
      return readable({ scope: scopes.get(variable) ?? '', path });
    })
    .join('');
}

/** Where a draw stands before any loop. */
export function start(draw: Draw): Position {
  return { draw, bound: new Map([['', 'release']]) };
}
