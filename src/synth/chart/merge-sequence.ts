import type { Json } from '../../release/json.js';
import { Explainer } from './condition.js';
import { itemsOf, referring } from './expand.js';
import { answersOf, type Instance, listOf, loopOf, type Position, unboundItem } from './instance.js';
import type { Element } from './template.js';

interface Part<V> {
  readonly value: V;
}

/** How the parts of a sequence are told apart and put together. */
interface SequenceOptions<V, T> {
  /** Where the items of a list are looked for that the part stands for. */
  readonly markOf: (part: V) => Json;
  /** What the same part is called in every instance. */
  readonly nameOf: (part: Instance<V>) => string;
  readonly merge: (parts: readonly Instance<V>[]) => T;
}

type Row<V> = Instance<readonly Part<V>[]>;

/** A part with the place that it takes in the merged sequence. */
interface Placed<V> extends Part<V> {
  readonly label: string;
  /** The item of a list that it stands for. */
  readonly item: string | undefined;
}

/** Returns the items of a list, or the entries of a map, of which each row has some: in order, with loops and conditions. */
export function mergeSequence<V extends Json, T>(
  rows: readonly Row<V>[],
  options: SequenceOptions<V, T>,
): Element<T>[] {
  const together = joinedLoops(rows, options);
  const placed = rows.map((row) => ({ ...row, value: placedParts(row, together, options) }));
  const explainer = new Explainer(() => rows.map(answersOf));
  return inOrder(placed.map(({ value }) => value.map(({ label }) => label))).flatMap((label) => {
    const chosen = placed.map((row) => ({ ...row, value: row.value.filter((part) => part.label === label) }));
    return label.startsWith('each ') ? [loop(chosen, options)] : single(chosen, { ...options, explainer });
  });
}

/** The loops of which one part of some row holds several items: the loop is inside that part, not around it. */
function joinedLoops<V extends Json, T>(rows: readonly Row<V>[], { markOf }: SequenceOptions<V, T>): Set<string> {
  return new Set(
    rows.flatMap((row) =>
      row.value.flatMap((part) => {
        const items = itemsIn(markOf(part.value), row);
        return items.length > 1 ? items.map(loopOf) : [];
      }),
    ),
  );
}

function itemsIn(mark: Json, { draw, bound }: Position): string[] {
  const items = [...draw.holes.scopesIn(mark)].map((scope) => unboundItem(scope, bound));
  return [...new Set(items.filter((item) => item !== undefined))];
}

function placedParts<V extends Json, T>(
  row: Row<V>,
  together: ReadonlySet<string>,
  options: SequenceOptions<V, T>,
): Placed<V>[] {
  const { markOf, nameOf } = options;
  const seen = new Map<string, number>();
  return row.value.map((part) => {
    const [item] = itemsIn(markOf(part.value), row).filter((each) => !together.has(loopOf(each)));
    if (item !== undefined) return { ...part, item, label: `each ${loopOf(item)}` };
    const name = nameOf({ ...row, value: part.value });
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return { ...part, item: undefined, label: `one ${name} ${times}` };
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

function single<V extends Json, T>(
  rows: readonly Instance<readonly Placed<V>[]>[],
  { merge, explainer }: SequenceOptions<V, T> & { readonly explainer: Explainer },
): Element<T>[] {
  const there = rows.map(({ value }) => value.length > 0);
  const parts = rows.flatMap((row) => row.value.map(({ value }) => ({ ...row, value })));
  const element = { kind: 'one', element: merge(parts) } as const;
  if (!there.includes(false)) return [element];
  const condition = explainer.conditionFor(there);
  if (condition === undefined) {
    const [example] = parts.map((part) => JSON.stringify(referring(part.value, part)));
    throw new TypeError(`no question tells when ${example} stands there`);
  }
  return [{ kind: 'if', condition, elements: [element] }];
}

function loop<V extends Json, T>(
  rows: readonly Instance<readonly Placed<V>[]>[],
  options: SequenceOptions<V, T>,
): Element<T> {
  const example = rows.flatMap(({ value, bound }) => value.map(({ item }) => ({ item, bound })))[0];
  if (example?.item === undefined) throw new TypeError('a loop has an item');
  const item = loopOf(example.item);
  const inner = rows.flatMap((row) => {
    const { draw, bound, value } = row;
    return itemsOf(item, row).map((scope) => ({
      draw,
      bound: new Map([...bound, [scope, item]]),
      value: value.filter((part) => part.item === scope),
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
