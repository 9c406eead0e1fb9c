import { isCollection, isMap, isScalar, type Pair, type ParsedNode, type YAMLSeq } from 'yaml';

type SourceTokens = NonNullable<Pair['srcToken']>;
type SourceToken = SourceTokens['start'][number];

/** Returns the tokens before a pair's key and between its key and its value. */
export function sourceTokens({ srcToken }: Pair): { readonly start: SourceToken[]; readonly sep: SourceToken[] } {
  return { start: srcToken?.start ?? [], sep: srcToken?.sep ?? [] };
}

/** Returns the offset after the `-` of a list's item, and after its anchor and tag. */
export function endOfProperties({ srcToken, range }: YAMLSeq.Parsed, index: number): number {
  return endOfTokens(srcToken?.items[index]?.start ?? []) ?? range[0];
}

function endOfTokens(tokens: readonly SourceToken[]): number | undefined {
  const last = tokens.findLast(({ type }) => type !== 'space' && type !== 'comment' && type !== 'newline');
  return last === undefined ? undefined : last.offset + last.source.length;
}

/** Returns the offset after the last character of a node that is neither a comment nor white space. */
export function endOfContent(text: string, node: ParsedNode): number {
  const [start, end] = node.range;
  if (isScalar(node) && isBlockScalar(node)) return endOfBlockScalar(text.slice(start, end)) + start;
  if (!isCollection(node) || node.flow === true) return end;
  if (isMap(node)) {
    const last = node.items.at(-1);
    return last === undefined ? end : endOfPair(text, last);
  }
  const last = node.items.at(-1);
  if (last === undefined) return end;
  return isBlank(last) ? endOfProperties(node, node.items.length - 1) : endOfContent(text, last);
}

/** Returns the offset after a pair's value, or after its colon or key when it has none. */
export function endOfPair(text: string, pair: Pair<ParsedNode, ParsedNode | null>): number {
  if (pair.value !== null && !isBlank(pair.value)) return endOfContent(text, pair.value);
  return endOfTokens(sourceTokens(pair).sep) ?? pair.key.range[1];
}

/** Whether a node has no text of its own, such as what follows `weight:` when nothing does. */
export function isBlank(node: ParsedNode): boolean {
  return node.range[0] === node.range[1];
}

/** Whether a scalar is written with `|` or `>`. */
export function isBlockScalar({ type }: { readonly type?: string | undefined }): boolean {
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
}

/** With `+` the empty lines at the end are content, otherwise not. */
function endOfBlockScalar(source: string): number {
  const [header = ''] = source.split('\n', 1);
  return (/^[|>]\d?\+/.test(header) ? source.replace(/\r?\n$/, '') : source.trimEnd()).length;
}

/** Returns the offset of the line break that ends a line, or of the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed === -1) return text.length;
  return feed > offset && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** Returns the line break at `offset`; where the text ends there, the one of its last line. */
export function lineBreakAt(text: string, offset: number): '\n' | '\r\n' {
  const feed = offset < text.length ? text.indexOf('\n', offset) : text.lastIndexOf('\n');
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** Returns the end of the last of the comment lines that follow the line end `offset` and stand right of `column`. */
export function endOfDeeperComments(text: string, offset: number, column: number): number {
  for (const line of linesAfter(text, offset)) {
    if (!line.isComment || line.column <= column) return offset;
    offset = line.end;
  }
  return offset;
}

/** One line of a text. */
interface Line {
  /** How many spaces it starts with. */
  readonly column: number;
  readonly isComment: boolean;
  readonly isEmpty: boolean;
  /** Offset of its line break, or of the end of the text. */
  readonly end: number;
}

/** Yields the lines that follow the line end `offset`. */
export function* linesAfter(text: string, offset: number): Generator<Line> {
  let feed = text.indexOf('\n', offset);
  while (feed !== -1 && feed + 1 < text.length) {
    const end = endOfLine(text, feed + 1);
    const line = text.slice(feed + 1, end);
    const content = line.trimStart();
    yield { column: line.length - content.length, isComment: content.startsWith('#'), isEmpty: content === '', end };
    feed = text.indexOf('\n', end);
  }
}
