import { isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import type { JsonObject } from '../release/json.js';
import { endOfContent, endOfLine, lineBreakAt, linesAfter } from './layout.js';
import { listAt, mapAt, rootSlot, type Slot, stepInto, valueAt, withValue } from './slot.js';
import { parseSourceText, type SourceText } from './source-text.js';
import { refuse, respliced, type Splice } from './splice.js';
import { type BlockStyle, blockLines, flowText } from './yaml-text.js';

const versionsPath = ['application', 'versions'] as const;

/**
 * Adds an entry to the end of `application.versions` in the text of a values file, laid out as the entries before it;
 * every character that was there stays.
 *
 * @param comment stands behind its first line; between `[]` there is no place for one
 * @throws ConfigError with the place when there is no list of versions, or one behind an alias, a merge key or a tag
 * @throws InternalError when the new text would not hold the old data with exactly this entry more
 */
export function addVersion(
  text: string,
  entry: JsonObject,
  { file, comment }: { readonly file: string; readonly comment?: string },
): string {
  const source = parseSourceText(text, file);
  const application = present(source, rootSlot(source), 'application');
  const list = listAt(source, present(source, application, 'versions'));
  const parentColumn = mapAt(source, application).srcToken?.indent ?? 0;
  const splice = list.flow
    ? appendInFlow(source, list, entry)
    : appendInBlock(source, list, { entry, comment, parentColumn });
  const before = valueAt(source.data, versionsPath);
  const after = [...(Array.isArray(before) ? before : []), entry];
  return respliced(source, splice, withValue(source.data, versionsPath, after)).text;
}

function present(source: SourceText, parent: Slot, key: string): Slot {
  const slot = stepInto(source, parent, key);
  if (slot !== undefined) return slot;
  const path = [...parent.path, key];
  const offset = parent.node?.range[0] ?? parent.after;
  return refuse(source, { path, offset, message: 'is missing', hint: 'A version is added to a list that has one.' });
}

function appendInFlow({ text }: SourceText, list: YAMLSeq.Parsed, entry: JsonObject): Splice {
  const last = list.items.at(-1);
  const at = last === undefined ? list.range[0] + 1 : endOfContent(text, last);
  return { start: at, end: at, text: `${last === undefined ? '' : ', '}${flowText(entry)}` };
}

interface BlockEntry {
  readonly entry: JsonObject;
  readonly comment: string | undefined;
  /** The column of the key `versions`. */
  readonly parentColumn: number;
}

function appendInBlock({ text }: SourceText, list: YAMLSeq.Parsed, block: BlockEntry): Splice {
  const { entry, comment, parentColumn } = block;
  const column = list.srcToken?.indent ?? parentColumn;
  const at = endOfListComments(text, endOfLine(text, endOfContent(text, list)), column);
  const style = { flowKeys: flowKeysOf(list), indentLists: column > parentColumn };
  const indent = ' '.repeat(column);
  const [first = '', ...rest] = entryLines(list, entry, style);
  const lines = [comment === undefined ? first : `${first} # ${comment}`, ...rest];
  return { start: at, end: at, text: lines.map((line) => `${lineBreakAt(text, at)}${indent}${line}`).join('') };
}

function entryLines(list: YAMLSeq.Parsed, entry: JsonObject, style: BlockStyle): string[] {
  const last = list.items.at(-1);
  const inFlow = isMap(last) && last.flow === true;
  if (inFlow || Object.keys(entry).length === 0) return [`- ${flowText(entry)}`];
  const width = isMap(last) ? columnOf(last) - (list.srcToken?.indent ?? 0) : 2;
  const lead = '-'.padEnd(width);
  return blockLines(entry, style).map((line, index) => `${index === 0 ? lead : ' '.repeat(width)}${line}`);
}

function columnOf({ srcToken }: YAMLMap.Parsed): number {
  return srcToken?.indent ?? 0;
}

/** Returns the keys whose value is in `{}` or `[]` in the last entry that has the key. */
function flowKeysOf(list: YAMLSeq.Parsed): ReadonlySet<string> {
  const flowByKey = new Map<string, boolean>();
  for (const item of list.items) {
    if (!isMap(item)) continue;
    for (const { key, value } of item.items) {
      flowByKey.set(String(key), value !== null && 'flow' in value && value.flow === true);
    }
  }
  return new Set([...flowByKey].filter(([, isFlow]) => isFlow).map(([key]) => key));
}

/**
 * Returns where the list ends, comments included: those right of its column belong to the last entry, those left of
 * it to what follows. One in the column itself belongs to what follows only where that stands directly below it, in
 * the same column.
 */
function endOfListComments(text: string, offset: number, column: number): number {
  let certain = offset;
  let end = offset;
  for (const line of linesAfter(text, offset)) {
    if (line.isEmpty) {
      certain = end;
      continue;
    }
    if (!line.isComment) return line.column === column ? certain : end;
    if (line.column < column) return end;
    end = line.end;
    if (line.column > column) certain = end;
  }
  return end;
}
