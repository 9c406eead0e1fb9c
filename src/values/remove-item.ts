import type { YAMLSeq } from 'yaml';
import { InternalError } from '../errors.js';
import { endOfContent, endOfLine } from './layout.js';
import { listAt, rootSlot, stepInto, valueAt, withValue } from './slot.js';
import { formatPath, parseSourceText, type SourceText } from './source-text.js';
import { type Path, refuse, respliced, type Splice } from './splice.js';

/**
 * Removes an item of a list from the text of a YAML file and keeps every other character, the comments within the item and
 * behind it on its last line apart. The last item stays.
 *
 * @param path of the list
 * @throws ConfigError with the place where it stands behind an alias or shares its line, or is the only one
 * @throws InternalError when the new text would not hold the old data without exactly this item
 */
export function removeItem(text: string, path: Path, { index, file }: { index: number; file: string }): string {
  const source = parseSourceText(text, file);
  const list = valueAt(source.data, path) as readonly unknown[];
  const rest = list.filter((_, position) => position !== index);
  const splice = planRemoval(source, path, index);
  return respliced(source, splice, withValue(source.data, path, rest)).text;
}

function planRemoval(source: SourceText, path: Path, index: number): Splice {
  let slot = rootSlot(source);
  for (const segment of path) slot = stepInto(source, slot, segment) ?? absent(source, path);
  stepInto(source, slot, index);
  const list = listAt(source, slot);
  if (list.items.length === 1) {
    const hint = 'Remove the whole release, or add a version before.';
    refuse(source, { path: [...path, index], offset: list.range[0], message: 'is the only one of its list', hint });
  }
  return list.flow === true ? cutInFlow(source, list, index) : cutLines(source, list, { path, index });
}

/** The whole lines, from the dash on. */
function cutLines(
  source: SourceText,
  list: YAMLSeq.Parsed,
  { path, index }: { readonly path: Path; readonly index: number },
): Splice {
  const { text } = source;
  const node = list.items[index] ?? absent(source, path);
  const dash = dashOf(list, index) ?? absent(source, path);
  const start = text.lastIndexOf('\n', dash - 1) + 1;
  if (text.slice(start, dash).trim() !== '') {
    const hint = 'Put the first item on a line of its own.';
    refuse(source, { path: [...path, index], offset: dash, message: 'shares its line with what is to stay', hint });
  }
  const end = endOfLine(text, endOfContent(text, node));
  const feed = text.indexOf('\n', end);
  if (feed !== -1) return { start, end: feed + 1, text: '' };
  // The last line takes the break before it, where the text ends without one.
  return { start: text.slice(0, start).replace(/\r?\n$/, '').length, end, text: '' };
}

function dashOf({ srcToken }: YAMLSeq.Parsed, index: number): number | undefined {
  return srcToken?.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
}

function cutInFlow({ text }: SourceText, list: YAMLSeq.Parsed, index: number): Splice {
  const [before, node, after] = [list.items[index - 1], list.items[index], list.items[index + 1]];
  if (node === undefined) return { start: 0, end: 0, text: '' };
  const [start] = node.range;
  if (after !== undefined) return { start, end: after.range[0], text: '' };
  return { start: before === undefined ? start : endOfContent(text, before), end: endOfContent(text, node), text: '' };
}

function absent({ file }: SourceText, path: Path): never {
  throw new InternalError(`Cannot remove an item of ${formatPath(path)} from ${file}: it is not there`, {
    code: 'values/wrong-splice',
    path: file,
  });
}
