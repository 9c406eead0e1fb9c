import {
  Composer,
  type CST,
  type Document,
  isMap,
  isNode,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
  type ScalarTag,
} from 'yaml';
import { ConfigError, type Problem } from '../errors.js';
import type { PathSegment } from '../release/contradiction.js';
import { aliasFaults } from './alias-faults.js';
import { helmNumber } from './helm-number.js';
import { syntaxFaults } from './syntax-faults.js';
import { sharedTags } from './tag-faults.js';
import { textFaults } from './text-faults.js';
import { tooDeepAt } from './token-depth.js';

/** Far above any real file of this kind; what is larger is a mistake or an attack. */
const MAX_BYTES = 1_048_576;
/** Far above any Kubernetes object; what is deeper would exhaust the stack of whoever walks through it. */
const MAX_DEPTH = 100;

/** One YAML document with the positions of its parts. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Keeps its source tokens, for edits in place. */
  readonly document: Document.Parsed<ParsedNode>;
  /** The document as plain data, aliases and merge keys resolved. */
  readonly data: unknown;
  /** Turns offsets into lines and columns. */
  readonly lines: LineCounter;
  /** Returns a problem at the nearest part of `path` that exists; at the key itself with `atKey`. */
  problem(path: readonly PathSegment[], message: string, options?: ProblemOptions): Problem;
}

export interface ProblemOptions {
  readonly hint?: string;
  /** Point at the key of the last segment, not at its value. */
  readonly atKey?: boolean;
}

type Refuse = (message: string, hint: string, position?: Partial<Problem>) => ConfigError;

/**
 * Parses the one YAML document of a file as Helm and Kubernetes do (YAML 1.1: `yes` is a boolean).
 *
 * @throws ConfigError with a position for what is no YAML, empty, too large or too deep, more than one document, or a
 * bomb of aliases
 */
export function parseSourceText(text: string, file: string): SourceText {
  const refuse: Refuse = (message, hint, position = {}) =>
    configError([{ file, line: 1, column: 1, path: '', message, hint, ...position }]);

  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw refuse(`is too large: ${bytes} bytes`, `At most ${MAX_BYTES} bytes are read; split the file or shorten it.`);
  }
  const lines = new LineCounter();
  const [document, second] = documentsOf(text, lines, refuse);
  if (document === undefined) throw refuse('is empty', emptyHint);

  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const told = syntaxFaults(text, faults);
    throw configError(told.map(({ offset, ...words }) => ({ file, ...at(lines, offset), path: '', ...words })));
  }
  if (second !== undefined) {
    const where = at(lines, second.contents?.range[0] ?? second.range[0]);
    throw refuse(
      'holds a second document',
      'One file is one document: move what follows --- to a file of its own.',
      where,
    );
  }
  const [alias] = text.includes('*') ? aliasFaults(document) : [];
  if (alias !== undefined) throw refuse(alias.message, alias.hint, at(lines, alias.offset));
  const [fault] = textFaults(text, document);
  if (fault !== undefined) throw refuse(fault.message, fault.hint, at(lines, fault.offset));
  const data = toData(document, refuse);
  if (data === null || data === undefined) throw refuse('is empty', emptyHint);

  const problem = (
    path: readonly PathSegment[],
    message: string,
    { hint, atKey = false }: ProblemOptions = {},
  ): Problem => ({
    file,
    ...at(lines, offsetOf(document, path, atKey)),
    path: formatPath(path),
    message,
    ...(hint !== undefined && { hint }),
  });
  return { file, text, document, data, lines, problem };
}

const emptyHint = 'Fill it in, or remove it; sluice init and templates/values show how.';

/** Returns the error for all problems of one file. */
export function configError(problems: readonly Problem[]): ConfigError {
  const [first] = problems;
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  return new ConfigError(`Cannot use ${first?.file} as it stands: ${first?.message}${more}`, {
    code: 'values/invalid',
    path: first?.file ?? '',
    problems,
  });
}

/**
 * What can only be a string: what else starts with a letter is a word of five letters at most, from `false`, `no`,
 * `null`, `off`, `on`, `true` and `yes`. Asked first, it spares most scalars a dozen expressions.
 */
const plainWord: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^([a-eg-mp-su-xz]|[a-z].{5})/is,
  resolve: (text) => text,
};

/** The parser keeps a stack of its own, the composer recurses: so the depth is measured between the two. */
function documentsOf(text: string, lines: LineCounter, refuse: Refuse): Document.Parsed<ParsedNode>[] {
  function* shallow(): Iterable<CST.Token> {
    for (const token of new Parser(lines.addNewLine).parse(text)) {
      const offset = tooDeepAt(token, MAX_DEPTH);
      if (offset === undefined) yield token;
      else
        throw refuse(`is nested more than ${MAX_DEPTH} levels deep`, 'Write it with fewer levels.', at(lines, offset));
    }
  }
  const composer = new Composer({
    version: '1.1',
    keepSourceTokens: true,
    lineCounter: lines,
    prettyErrors: false,
    // Otherwise a file that says %YAML 1.2 gets back the tags that are left out.
    resolveKnownTags: false,
    customTags: (tags) => [plainWord, helmNumber, ...sharedTags(tags)],
  });
  return [...composer.compose(shallow())] as Document.Parsed<ParsedNode>[];
}

function toData(document: Document.Parsed, refuse: Refuse): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse(`has aliases or merge keys that cannot be resolved: ${reason}`, 'Write the repeated parts out.');
  }
}

function at(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Walks down as far as the path exists and returns where that part starts. */
function offsetOf(document: Document.Parsed, path: readonly PathSegment[], atKey: boolean): number {
  let offset = rangeStart(document.contents);
  for (let depth = 1; depth <= path.length; depth++) {
    const parent = document.getIn(path.slice(0, depth - 1), true);
    const segment = path[depth - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => String((item.key as { value?: unknown }).value) === String(segment))
      : undefined;
    const node = document.getIn(path.slice(0, depth), true);
    const last = depth === path.length;
    const value = isNode(node) && rangeLength(node) > 0 ? node : undefined;
    const target = (last && atKey ? undefined : value) ?? (pair?.key as Node | undefined) ?? value;
    if (target === undefined) return offset;
    offset = rangeStart(target);
  }
  return offset;
}

function rangeStart(node: unknown): number {
  return (isNode(node) && node.range?.[0]) || 0;
}

function rangeLength(node: Node): number {
  return node.range ? node.range[1] - node.range[0] : 0;
}

/** Returns `application.versions[1].weight` for its segments. */
export function formatPath(path: readonly PathSegment[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    return text === '' ? segment : `${text}.${segment}`;
  }, '');
}
