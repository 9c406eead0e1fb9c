import type { Json, JsonObject } from '../../release/json.js';
import type { Condition } from './condition.js';
import type { Draw } from './draw.js';
import { readable } from './hole.js';
import { isTrue, type Position } from './instance.js';
import type { Element, Entry, Reference, Template } from './template.js';

/** Returns what a template makes of a draw: what Helm would do, to be compared with what the constructs made. */
export function expand(elements: readonly Element<Template>[], position: Position): Json[] {
  const values: Json[] = [];
  expandElements(elements, position, (template, at) => values.push(expandTemplate(template, at)));
  return values;
}

/** Returns a rendered object as a developer reads it: with references in place of holes. */
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

/** Calls `take` for all that stands there, as lists of it would be most of the work. */
function expandElements<T>(
  elements: readonly Element<T>[],
  position: Position,
  take: (element: T, position: Position) => void,
): void {
  for (const each of elements) {
    if (each.kind === 'one') take(each.element, position);
    else if (each.kind === 'if') {
      if (holds(each.condition, position)) expandElements(each.elements, position, take);
    } else {
      for (const scope of itemsOf(each.item, position)) {
        const inner = { ...position, bound: new Map([...position.bound, [scope, each.item]]) };
        expandElements(each.elements, inner, take);
      }
    }
  }
}

/** Returns the scopes of the items of a loop that starts here. */
export function itemsOf(item: string, { draw, bound }: Position): readonly string[] {
  return [...bound.keys()].flatMap((parent) => draw.loops.get(`${parent}>${item}`)?.scopes ?? []);
}

function holds(condition: Condition, position: Position): boolean {
  if (condition.kind === 'ask') return isTrue(condition.expression, position) !== condition.not;
  const { kind, terms } = condition;
  return kind === 'and' ? terms.every((term) => holds(term, position)) : terms.some((term) => holds(term, position));
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
      return expand(template.items, position);
    default:
      return expandMap(template.entries, position);
  }
}

function expandMap(entries: readonly Element<Entry>[], position: Position): JsonObject {
  const map: { [key: string]: Json } = {};
  expandElements(entries, position, ({ key, value }, at) => {
    map[textOf(key, at)] = value === undefined ? true : expandTemplate(value, at);
  });
  return map;
}

function textOf(parts: readonly (string | Reference)[], position: Position): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : wordOf(part, position);
  return text;
}

/** What a draw does not have is shown: that equals nothing that was rendered. */
function wordOf({ variable, path }: Reference, { draw, bound }: Position): string | number {
  for (const [scope, name] of bound) {
    const word = name === variable ? draw.holes.wordAt(scope, path) : undefined;
    if (word !== undefined) return word;
  }
  return readable({ scope: variable, path });
}

/** Where a draw stands before any loop. */
export function start(draw: Draw): Position {
  return { draw, bound: new Map([['', 'release']]) };
}
