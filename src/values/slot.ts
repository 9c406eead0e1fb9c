import { isAlias, isMap, isScalar, isSeq, type Pair, type ParsedNode, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { PathSegment } from '../release/contradiction.js';
import { endOfProperties, sourceTokens } from './layout.js';
import { formatPath, type SourceText } from './source-text.js';
import { type Path, refuse } from './splice.js';

/** Where a value stands or, when it is empty, where it is to be written. */
export interface Slot {
  readonly path: Path;
  readonly node: ParsedNode | null;
  /** Offset right after what announces the value: `:`, `-`, or a key without a colon. */
  readonly after: number;
  /** What stands between there and a new value; a key that has no colon gets one. */
  readonly lead: ' ' | ': ';
  /** Whether it lies directly within `[]` or `{}`. */
  readonly inFlow: boolean;
}

type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** Returns the slot of the whole document. */
export function rootSlot({ document }: SourceText): Slot {
  return { path: [], node: document.contents, after: 0, lead: ' ', inFlow: false };
}

/** Whether nothing stands there, or no more than `null`. */
export function isEmptySlot({ node }: Slot): boolean {
  if (node === null) return true;
  return isScalar(node) && node.value === null && node.anchor === undefined && node.tag === undefined;
}

/**
 * Returns the slot of a key or of a list's item; undefined for a key that is absent.
 *
 * @throws ConfigError when the container is of another type, or when a change there would not stay there: behind an
 * alias, a merge key, a tag or an anchor that is used elsewhere; also for an explicit key and an item that is absent
 */
export function stepInto(source: SourceText, slot: Slot, segment: PathSegment): Slot | undefined {
  if (typeof segment === 'number') return itemSlot(source, slot, segment);
  const map = mapAt(source, slot);
  const path = [...slot.path, segment];
  const [pair, again] = map.items.filter((item) => keyText(source, item) === segment);
  if (pair === undefined) {
    refuseMerged(source, map, path);
    return undefined;
  }
  refuseOddKey(source, again ?? pair, path);
  const { sep } = sourceTokens(pair);
  const colon = sep.find(({ type }) => type === 'map-value-ind');
  const here = { path, node: pair.value, inFlow: map.flow === true };
  if (colon === undefined) return { ...here, after: pair.key.range[1], lead: ': ' };
  return { ...here, after: colon.offset + 1, lead: ' ' };
}

function itemSlot(source: SourceText, slot: Slot, index: number): Slot {
  const list = listAt(source, slot);
  const path = [...slot.path, index];
  const node = list.items[index];
  const inFlow = list.flow === true;
  if (node !== undefined) return { path, node, after: endOfProperties(list, index), lead: ' ', inFlow };
  const hint = `${formatPath(slot.path)} has ${list.items.length} items, counted from 0.`;
  return refuse(source, { path, offset: list.range[0], message: 'does not exist', hint });
}

/** Returns the map of a slot. @throws ConfigError as in {@link stepInto} */
export function mapAt(source: SourceText, slot: Slot): YAMLMap.Parsed {
  const { node } = slot;
  refuseShared(source, slot);
  return isMap(node) ? node : refuseType(source, slot, 'map');
}

/** Returns the list of a slot. @throws ConfigError as in {@link stepInto} */
export function listAt(source: SourceText, slot: Slot): YAMLSeq.Parsed {
  const { node } = slot;
  refuseShared(source, slot);
  return isSeq(node) ? node : refuseType(source, slot, 'list');
}

/** @throws ConfigError for a value of another type than is required, always */
export function refuseType(source: SourceText, slot: Slot, required: 'map' | 'list' | 'scalar'): never {
  const { path, node, after } = slot;
  const found = isMap(node) ? 'a map' : isSeq(node) ? 'a list' : isEmptySlot(slot) ? 'empty' : 'a scalar';
  const offset = node?.range[0] ?? after;
  refuse(source, { path, offset, message: `is ${found}, not a ${required}`, hint: `Write a ${required} there.` });
}

/** @throws ConfigError for an alias, a tag, or an anchor: any anchor on a scalar, one that is used on a collection */
export function refuseShared(source: SourceText, { path, node }: Slot): void {
  if (node === null) return;
  const [offset] = node.range;
  if (isAlias(node)) {
    const hint = `Write out here what *${node.source} stands for.`;
    refuse(source, { path, offset, message: `is an alias (*${node.source})`, hint });
  }
  if (node.tag !== undefined) {
    refuse(source, { path, offset, message: `has a tag (${node.tag})`, hint: 'Remove the tag.' });
  }
  const { anchor } = node;
  if (anchor === undefined || !(isScalar(node) || isAliased(source, anchor))) return;
  const hint = 'Remove the anchor and write the value out where it is used, since it would change there too.';
  refuse(source, { path, offset, message: `has an anchor (&${anchor})`, hint });
}

function isAliased({ document }: SourceText, anchor: string): boolean {
  let found = false;
  visit(document, {
    Alias(_, alias) {
      if (alias.source !== anchor) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** Returns the key as the data has it; an alias is resolved, a merge key is undefined. */
function keyText({ document }: SourceText, { key }: ParsedPair): string | undefined {
  const node = isAlias(key) ? key.resolve(document) : key;
  return isScalar(node) && typeof node.value !== 'symbol' ? String(node.value) : undefined;
}

function refuseOddKey(source: SourceText, pair: ParsedPair, path: Path): void {
  const { key } = pair;
  const [offset] = key.range;
  const hint = `Write it as ${path.at(-1)}: with its value.`;
  if (isAlias(key)) refuse(source, { path, offset, message: `has an alias for its key (*${key.source})`, hint });
  const { start } = sourceTokens(pair);
  const explicit = start.some(({ type }) => type === 'explicit-key-ind');
  if (explicit) refuse(source, { path, offset, message: 'has an explicit key (?)', hint });
}

/** A key that the data has and the map has not comes from a merge key; one written here would hide it. */
function refuseMerged(source: SourceText, map: YAMLMap.Parsed, path: Path): void {
  if (valueAt(source.data, path) === undefined) return;
  const merge = map.items.find(({ key }) => isScalar(key) && typeof key.value === 'symbol');
  const offset = (merge?.key ?? map).range[0];
  const hint = `Write ${path.at(-1)} out in this map.`;
  refuse(source, { path, offset, message: 'comes from a merge key (<<)', hint });
}

/** Returns what stands in plain data at a path, or undefined. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    return (value as { readonly [key: PathSegment]: unknown })[segment];
  }, data);
}

/** Returns a copy of plain data with one value set; only what lies on the path is copied, and absent maps are made. */
export function withValue(data: unknown, path: Path, value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(data)) {
    return data.map((item, index) => (index === segment ? withValue(item, rest, value) : item));
  }
  const map = typeof data === 'object' && data !== null ? data : {};
  return { ...map, [segment]: withValue(valueAt(map, [segment]), rest, value) };
}
