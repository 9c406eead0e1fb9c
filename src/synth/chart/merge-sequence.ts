import type { Json } from '../../release/json.js';
import { Explainer } from './condition.js';
import { itemsOf, referring } from './expand.js';
import { grouped } from './grouped.js';
import { answersOf, type Instance, listOf, loopOf, type Position, unboundItem } from './instance.js';
import type { Element } from './template.js';

/** How the parts of a sequence are told apart and put together. */
interface SequenceOptions<V, T> {
  /** Where the items of a list are looked for that the part stands for. */
  readonly markOf: (part: V) => Json;
  /** What the same part is called in every instance. */
  readonly nameOf: (part: Instance<V>) => string;
  readonly merge: (parts: readonly Instance<V>[]) => T;
}

/** A part, and the items that it holds of lists whose loops were not entered. */
interface Marked<V> {
  readonly value: V;
  readonly items: readonly string[];
}

/** A part with the place that it takes in the merged sequence. */
interface Placed<V> {
  readonly value: V;
  readonly label: string;
  /** The item of a list that it stands for. */
  readonly item: string | undefined;
}

/** Returns the items of a list, or the entries of a map, of which each row has some: in order, with loops and conditions. */
export function mergeSequence<V, T>(
  rows: readonly Instance<readonly V[]>[],
  options: SequenceOptions<V, T>,
): Element<T>[] {
  const marked = rows.map((row) => ({ ...row, value: row.value.map((part) => markedPart(part, row, options)) }));
  const together = joinedLoops(marked);
  const placed = marked.map((row) => placedParts(row, together, options));
  const byLabel = placed.map((parts) => grouped(parts, ({ label }) => label));
  const explainer = new Explainer(() => rows.map(answersOf));
  return inOrder(placed.map((parts) => parts.map(({ label }) => label))).flatMap((label) => {
    const chosen = rows.map(({ draw, bound }, i) => ({ draw, bound, value: byLabel[i]?.get(label) ?? [] }));
    return label.startsWith('each ') ? [loop(chosen, options)] : single(chosen, { ...options, explainer });
  });
}

function markedPart<V, T>(value: V, { draw, bound }: Position, { markOf }: SequenceOptions<V, T>): Marked<V> {
  const items = new Set<string>();
  for (const scope of draw.holes.scopesIn(markOf(value))) {
    const item = unboundItem(scope, bound);
    if (item !== undefined) items.add(item);
  }
  return { value, items: [...items] };
}

/** The loops of which one part of some row holds several items: the loop is inside that part, not around it. */
function joinedLoops<V>(rows: readonly Instance<readonly Marked<V>[]>[]): Set<string> {
  return new Set(rows.flatMap((row) => row.value.flatMap(({ items }) => (items.length > 1 ? items.map(loopOf) : []))));
}

function placedParts<V, T>(
  row: Instance<readonly Marked<V>[]>,
  together: ReadonlySet<string>,
  { nameOf }: SequenceOptions<V, T>,
): Placed<V>[] {
  const seen = new Map<string, number>();
  return row.value.map(({ value, items }) => {
    const item = items.find((each) => !together.has(loopOf(each)));
    if (item !== undefined) return { value, item, label: `each ${loopOf(item)}` };
    const name = nameOf({ ...row, value });
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return { value, item, label: `one ${name} ${times}` };
  });
}

/** Returns all labels in an order that every list agrees with, the longest list first. */
function inOrder(lists: readonly (readonly string[])[]): string[] {
  const order: string[] = [];
  for (const list of [...lists].sort((a, b) => b.length - a.length)) {
    for (const [i, label] of list.entries()) {
      if (order.includes(label)) continue;
      const before = list.slice(0, i).findLast((each) => order.includes(each));
      order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, label);
    }
  }
  return order;
}

function single<V, T>(
  rows: readonly Instance<readonly Placed<V>[]>[],
  { markOf, merge, explainer }: SequenceOptions<V, T> & { readonly explainer: Explainer },
): Element<T>[] {
  const there = rows.map(({ value }) => value.length > 0);
  const parts = rows.flatMap((row) => row.value.map(({ value }) => ({ ...row, value })));
  const element = { kind: 'one', element: merge(parts) } as const;
  if (!there.includes(false)) return [element];
  const condition = explainer.conditionFor(there);
  if (condition === undefined) {
    const [example] = parts.map((part) => JSON.stringify(referring(markOf(part.value), part)));
    throw new TypeError(`no question tells when ${example} stands there`);
  }
  return [{ kind: 'if', condition, elements: [element] }];
}

function loop<V, T>(rows: readonly Instance<readonly Placed<V>[]>[], options: SequenceOptions<V, T>): Element<T> {
  const example = rows.flatMap(({ value, bound }) => value.map(({ item }) => ({ item, bound })))[0];
  if (example?.item === undefined) throw new TypeError('a loop has an item');
  const item = loopOf(example.item);
  const inner = rows.flatMap((row) => {
    const { draw, bound, value } = row;
    return itemsOf(item, row).map((scope) => ({
      draw,
      bound: new Map([...bound, [scope, item]]),
      value: value.filter((part) => part.item === scope).map((part) => part.value),
    }));
  });
  const over = rows.flatMap(({ draw, bound }) =>
    [...bound.keys()].flatMap((parent) => {
      const found = draw.loops.get(`${parent}>${item}`);
      return found ? [listOf(found.over, bound)] : [];
    }),
  )[0];
  return { kind: 'each', item, over: over ?? '', elements: mergeSequence(inner, options) };
}
