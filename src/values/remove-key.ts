import type { YAMLMap } from 'yaml';
import { InternalError } from '../errors.js';
import { endOfLine, endOfPair } from './layout.js';
import { mapAt, rootSlot, stepInto, valueAt, withValue } from './slot.js';
import { formatPath, parseSourceText, type SourceText } from './source-text.js';
import { type Path, refuse, respliced, type Splice } from './splice.js';

/**
 * Removes a key and its value from the text of a YAML file and keeps every other character, the comment behind it on
 * its line apart. A map that would be left empty goes as well, up to the document, which becomes `{}`. A key that is
 * absent changes nothing.
 *
 * @param path keys only, at least one
 * @example removeKey('a: 1\nb: 2\n', ['b'], { file }) // 'a: 1\n'
 * @throws ConfigError with the place where it stands behind an alias, a merge key or a tag, or shares its line
 * @throws InternalError when the new text would not hold the old data without exactly this key
 */
export function removeKey(text: string, path: readonly string[], { file }: { readonly file: string }): string {
  const source = parseSourceText(text, file);
  if (valueAt(source.data, path) === undefined) return text;
  const depth = path.findLastIndex((_, index) => index === 0 || !isAlone(source, path.slice(0, index)));
  const removed = path.slice(0, depth + 1);
  const parent = removed.slice(0, -1);
  if (isAlone(source, parent)) return emptied(source);
  const rest = { ...(valueAt(source.data, parent) as object) } as Record<string, unknown>;
  delete rest[removed.at(-1) ?? ''];
  return respliced(source, planRemoval(source, removed), withValue(source.data, parent, rest)).text;
}

/** Whether the map at a path has one key. */
function isAlone({ data }: SourceText, path: Path): boolean {
  return Object.keys(valueAt(data, path) as object).length === 1;
}

/** What stands before and after the one key stays. */
function emptied(source: SourceText): string {
  const map = mapAt(source, rootSlot(source));
  const [start] = map.range;
  const [pair] = map.items;
  if (pair === undefined) return source.text;
  const end = map.flow === true ? map.range[1] : endOfPair(source.text, pair);
  return respliced(source, { start, end, text: '{}' }, {}).text;
}

function planRemoval(source: SourceText, path: readonly string[]): Splice {
  const key = path.at(-1) ?? '';
  let slot = rootSlot(source);
  for (const segment of path.slice(0, -1)) slot = stepInto(source, slot, segment) ?? absent(source, path);
  stepInto(source, slot, key);
  const map = mapAt(source, slot);
  const index = map.items.findIndex((item) => String(item.key) === key);
  if (index === -1) return absent(source, path);
  return map.flow === true ? cutInFlow(source, map, index) : cutLines(source, map, index, path);
}

/** The whole lines, the comment at the end of the last one included. */
function cutLines(source: SourceText, map: YAMLMap.Parsed, index: number, path: Path): Splice {
  const { text } = source;
  const pair = map.items[index] ?? absent(source, path);
  const [offset] = pair.key.range;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  if (text.slice(start, offset).trim() !== '') {
    const hint = 'Put every key on a line of its own.';
    refuse(source, { path, offset, message: 'shares its line with what is to stay', hint });
  }
  const end = endOfLine(text, endOfPair(text, pair));
  const feed = text.indexOf('\n', end);
  if (feed !== -1) return { start, end: feed + 1, text: '' };
  // The last line takes the break before it, where the text ends without one.
  const before = text.slice(0, start).replace(/\r?\n$/, '');
  return { start: before.length, end, text: '' };
}

/** A comment between two keys stays, and with it a comma at the end, which YAML allows. */
function cutInFlow({ text }: SourceText, map: YAMLMap.Parsed, index: number): Splice {
  const [before, pair, after] = [map.items[index - 1], map.items[index], map.items[index + 1]];
  if (pair === undefined) return { start: 0, end: 0, text: '' };
  const [start] = pair.key.range;
  if (after !== undefined) return { start, end: after.key.range[0], text: '' };
  const end = endOfPair(text, pair);
  const tidy = before === undefined ? start : endOfPair(text, before);
  return { start: text.slice(tidy, start).includes('#') ? start : tidy, end, text: '' };
}

function absent({ file }: SourceText, path: Path): never {
  throw new InternalError(`Cannot remove ${formatPath(path)} from ${file} as a key: it is in the data alone`, {
    code: 'values/wrong-splice',
    path: file,
  });
}
