import { LineCounter, Parser } from 'yaml';

/** One lint that a comment allows. */
export interface Allowance {
  readonly id: string;
  /** Where its name stands; 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** The lines on which it counts: its own and, where the comment stands alone, the first one below that is none. */
  readonly covers: readonly number[];
}

const form = /^#\s*sluice:\s*allow\s+([\w-]+(?:\s*,\s*[\w-]+)*)/;

/** Returns what the comments of a YAML text allow, such as `# sluice: allow mutable-tag, overload: a test cluster`. */
export function allowancesOf(text: string): Allowance[] {
  const counter = new LineCounter();
  const comments = [...new Parser(counter.addNewLine).parse(text)].flatMap(commentsIn);
  const lines = text.split('\n');
  return comments.flatMap(({ source, offset }) => {
    const { line, col } = counter.linePos(offset);
    const covers = coveredBy(lines, line);
    return idsIn(source).map(({ id, at }) => ({ id, line, column: col + at, covers }));
  });
}

interface Comment {
  readonly source: string;
  readonly offset: number;
}

/** Tokens hold one another under many names; what looks like a comment within a text is no token of its own. */
function commentsIn(token: unknown): Comment[] {
  if (typeof token !== 'object' || token === null) return [];
  if ('type' in token && token.type === 'comment') return [token as unknown as Comment];
  return Object.values(token).flatMap(commentsIn);
}

function idsIn(comment: string): { readonly id: string; readonly at: number }[] {
  const [whole = '', list = ''] = form.exec(comment) ?? [];
  const start = whole.length - list.length;
  return [...list.matchAll(/[\w-]+/g)].map(({ 0: id, index }) => ({ id, at: start + index }));
}

function coveredBy(lines: readonly string[], line: number): number[] {
  const isComment = (each: string | undefined) => each !== undefined && /^\s*#/.test(each);
  if (!isComment(lines[line - 1])) return [line];
  const below = lines.findIndex((each, index) => index >= line && !isComment(each));
  return below === -1 ? [line] : [line, below + 1];
}
