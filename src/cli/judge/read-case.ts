import { ConfigError, type Problem } from '../../errors.js';
import type { AnswerCase, CaseAnswer } from '../../release/judge.js';
import { type CheckedText, checkShape } from '../../values/check-shape.js';
import { formatPath } from '../../values/source-text.js';
import type { Line } from './lines.js';

/** What became of a line. */
export type Reading =
  | { readonly kind: 'blank' }
  | { readonly kind: 'answer'; readonly answer: CaseAnswer; readonly id: unknown }
  | { readonly kind: 'bad'; readonly problems: readonly Problem[]; readonly id: unknown };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Words a problem of one line. */
type Wording = (message: string, hint?: string, path?: string) => Problem;

/**
 * Reads the case of a line and has it answered.
 *
 * @param file as errors name it
 */
export function readCase(line: Line, file: string, answerCase: AnswerCase): Reading {
  const problem: Wording = (message, hint, path = '') => {
    return { file, line: line.number, column: 1, path, message, ...(hint !== undefined && { hint }) };
  };
  const { data, fault } = parse(line, problem);
  if (fault !== undefined) return { kind: 'bad', problems: [fault], id: null };
  if (data === undefined) return { kind: 'blank' };
  const source: CheckedText = {
    data,
    problem: (path, message, { hint } = {}) => problem(message, hint, formatPath(path)),
  };
  const id = typeof data === 'object' && data !== null && 'id' in data ? data.id : null;
  try {
    return { kind: 'answer', answer: answerCase((schema) => checkShape(source, schema)), id };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { kind: 'bad', problems: problemsOf(error, file, problem), id };
  }
}

/** Returns neither data nor a fault for a blank line. */
function parse({ bytes }: Line, problem: Wording): { readonly data?: unknown; readonly fault?: Problem } {
  const text = decode(bytes)?.trim();
  if (text === undefined) return { fault: problem('is no UTF-8 text', 'Save the file as UTF-8.') };
  if (text === '') return {};
  try {
    return { data: JSON.parse(text) };
  } catch (error) {
    return { fault: problem(`is no JSON: ${reasonOf(error)}`, jsonHint(text)) };
  }
}

function decode(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A judge that checks a part of a case itself names that part as the file. */
function problemsOf(error: ConfigError, file: string, problem: Wording): Problem[] {
  if (error.problems.length === 0) return [problem(error.message, error.hint)];
  return error.problems.map(({ file: part, path, message, hint }) => {
    return problem(message, hint, part === file ? path : `${part}.${path}`);
  });
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/ in JSON/, '').slice(0, 120);
}

function jsonHint(text: string): string {
  if (/\b(NaN|Infinity)\b/.test(text)) return 'JSON has no NaN and no Infinity: write null for a missing value.';
  return 'Write one case a line: {…}.';
}
