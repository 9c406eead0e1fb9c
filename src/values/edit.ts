import { isCollection, isScalar, type Scalar, type YAMLMap } from 'yaml';
import { ConfigError, InternalError, type Problem } from '../errors.js';
import type { Json } from '../release/json.js';
import { quotedYaml } from '../release/yaml-string.js';
import { endOfDeeperComments, endOfLine, endOfPair, isBlank, isBlockScalar, lineBreakAt } from './layout.js';
import {
  isEmptySlot,
  mapAt,
  refuseShared,
  refuseType,
  rootSlot,
  type Slot,
  stepInto,
  valueAt,
  withValue,
} from './slot.js';
import { formatPath, parseSourceText, type SourceText } from './source-text.js';
import { notEditable, type Path, refuse, respliced, type Splice } from './splice.js';
import { blockLines, flowText, scalarText } from './yaml-text.js';

/** One scalar to be set, such as `['application', 'versions', 1, 'weight']` to 20. */
export interface Edit {
  readonly path: Path;
  /** A number must be finite. */
  readonly value: string | number | boolean;
}

/**
 * Sets scalars in the text of a YAML file and keeps every other character: one changed or added line per edit.
 * A value that is already there stays as it is written; a key that is absent is added, with the maps that hold it.
 * The order of the edits does not matter, and applying them again changes nothing.
 *
 * @example applyEdits('weight: 0 # ours\n', [{ path: ['weight'], value: 20 }], { file }) // 'weight: 20 # ours\n'
 * @throws ConfigError with a problem for each edit that cannot be made in place, as of an alias or a block scalar
 * @throws InternalError when the new text would not hold the old data with exactly these edits
 */
export function applyEdits(text: string, edits: readonly Edit[], options: { readonly file: string }): string {
  const source = parseSourceText(text, options.file);
  const ordered = [...edits].sort((a, b) => comparePaths(a.path, b.path));
  refuseContradiction(ordered, options.file);
  refuseAtOnce(source, ordered);
  return ordered.reduce(applyEdit, source).text;
}

function applyEdit(source: SourceText, edit: Edit): SourceText {
  const splice = plan(source, edit);
  return splice === undefined ? source : respliced(source, splice, withValue(source.data, edit.path, edit.value));
}

/** Plans every edit against the text as it stands, so that a person reads all problems, with their own line numbers. */
function refuseAtOnce(source: SourceText, edits: readonly Edit[]): void {
  const problems = edits.flatMap((edit): readonly Problem[] => {
    try {
      plan(source, edit);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  });
  if (problems.length > 0) throw notEditable(problems);
}

function refuseContradiction(ordered: readonly Edit[], file: string): void {
  const clash = ordered.find(({ path, value }, index) => {
    const before = ordered[index - 1];
    return before !== undefined && comparePaths(before.path, path) === 0 && before.value !== value;
  });
  if (clash === undefined) return;
  throw new InternalError(`Cannot edit ${file} as one value per path is required: ${formatPath(clash.path)} has two`, {
    code: 'values/contradicting-edits',
    path: file,
  });
}

function comparePaths(a: Path, b: Path): number {
  const depth = a.findIndex((segment, index) => segment !== b[index]);
  if (depth === -1) return a.length - b.length;
  const [left, right] = [a[depth], b[depth]];
  if (left === undefined || right === undefined) return a.length - b.length;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : 1;
}

/** Returns what changes the text, or undefined where the value is there already. */
function plan(source: SourceText, { path, value }: Edit): Splice | undefined {
  if (valueAt(source.data, path) === value) return undefined;
  let slot = rootSlot(source);
  for (const [depth, segment] of path.entries()) {
    if (typeof segment === 'string' && isEmptySlot(slot)) {
      refuseList(source, slot, path.slice(depth));
      return fill(slot, flowText(nested(path.slice(depth), value)));
    }
    const next = stepInto(source, slot, segment);
    if (next === undefined) {
      refuseList(source, slot, path.slice(depth));
      return insert(source, slot, { key: String(segment), value: nested(path.slice(depth + 1), value) });
    }
    slot = next;
  }
  return replace(source, slot, value);
}

/** Returns the value within maps of one key each, from the outside to the inside. */
function nested(keys: Path, value: Json): Json {
  return keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}

/** Maps that are absent are made, lists are not: nobody knows what their other items would be. */
function refuseList(source: SourceText, slot: Slot, absent: Path): void {
  const index = absent.findIndex((segment) => typeof segment === 'number');
  if (index === -1) return;
  const path = [...slot.path, ...absent.slice(0, index)];
  const offset = slot.node?.range[0] ?? slot.after;
  refuse(source, { path, offset, message: 'is missing', hint: 'Write the list there.' });
}

/** Writes where nothing stands, before the comment if there is one; a written `null` is overwritten. */
function fill({ node, after, lead }: Slot, text: string): Splice {
  if (node === null || isBlank(node)) return { start: after, end: after, text: `${lead}${text}` };
  const [start, end] = node.range;
  return { start, end, text };
}

function replace(source: SourceText, slot: Slot, value: Edit['value']): Splice {
  refuseShared(source, slot);
  const { node, path, inFlow } = slot;
  const plain = scalarText(value, { flow: inFlow });
  if (isEmptySlot(slot) || node === null) return fill(slot, plain);
  if (!isScalar(node)) return refuseType(source, slot, 'scalar');
  const [start, end] = node.range;
  const hint = `Write ${path.at(-1)} and its value on one line.`;
  if (isBlockScalar(node)) refuse(source, { path, offset: start, message: 'is a block scalar (| or >)', hint });
  const several = source.text.slice(start, end).includes('\n');
  if (several) refuse(source, { path, offset: start, message: 'goes over several lines', hint });
  return { start, end, text: typeof value === 'string' ? quotedAs(node, value, plain) : plain };
}

/** Keeps the quotes that are there. Single quotes cannot hold what needs an escape. */
function quotedAs({ type }: Scalar, value: string, plain: string): string {
  const double = quotedYaml(value);
  if (type === 'QUOTE_DOUBLE') return double;
  const needsEscape = double.replaceAll('\\"', '').includes('\\');
  return type === 'QUOTE_SINGLE' && !needsEscape ? `'${value.replaceAll("'", "''")}'` : plain;
}

interface NewPair {
  readonly key: string;
  readonly value: Json;
}

function insert(source: SourceText, slot: Slot, pair: NewPair): Splice {
  const map = mapAt(source, slot);
  if (map.flow !== true) return insertInBlock(source, map, pair);
  const [offset] = map.range;
  if (source.text[offset] === '{') return insertInFlow(source, map, pair);
  return refuse(source, { path: slot.path, offset, message: 'is a map without braces', hint: 'Put it in {}.' });
}

/** After the last pair, so that a comma at the end stays at the end. */
function insertInFlow({ text }: SourceText, map: YAMLMap.Parsed, { key, value }: NewPair): Splice {
  const added = flowText({ [key]: value }).slice(1, -1);
  const last = map.items.at(-1);
  const at = last === undefined ? map.range[0] + 1 : endOfPair(text, last);
  return { start: at, end: at, text: last === undefined ? added : `, ${added}` };
}

/** After the last scalar on one line, since a scalar is easily missed behind a long map; else after everything. */
function insertInBlock({ text }: SourceText, map: YAMLMap.Parsed, { key, value }: NewPair): Splice {
  const column = map.srcToken?.indent ?? 0;
  const ends = map.items.map((item) => ({ end: endOfPair(text, item), start: item.key.range[0], value: item.value }));
  const sibling = ends.findLast((item) => !isCollection(item.value) && endOfLine(text, item.start) >= item.end);
  const end = (sibling ?? ends.at(-1))?.end ?? map.range[0];
  const at = endOfDeeperComments(text, endOfLine(text, end), column);
  const [line = ''] = blockLines({ [key]: value }, { flowKeys: new Set([key]), indentLists: false });
  return { start: at, end: at, text: `${lineBreakAt(text, at)}${' '.repeat(column)}${line}` };
}
