import { isDeepStrictEqual } from 'node:util';
import { ConfigError, InternalError, isSluiceError, type Problem } from '../errors.js';
import type { PathSegment } from '../release/contradiction.js';
import { formatPath, parseSourceText, type SourceText } from './source-text.js';

/** Keys and list positions from the root of a document. */
export type Path = readonly PathSegment[];

/** Text that takes the place of what stands from `start` to `end` (offsets into the text, the end exclusive). */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Why something cannot be changed in place; `message` and the path make a sentence. */
interface Refusal {
  readonly path: Path;
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/**
 * Makes the splice and parses the text again.
 *
 * @throws InternalError unless the data is exactly `expected`, so that a wrong splice never reaches a file
 */
export function respliced(source: SourceText, splice: Splice, expected: unknown): SourceText {
  const { file, text } = source;
  const next = reparse(text.slice(0, splice.start) + splice.text + text.slice(splice.end), file);
  if (isDeepStrictEqual(next.data, expected)) return next;
  throw wrongSplice(file, 'other data changed');
}

function reparse(text: string, file: string): SourceText {
  try {
    return parseSourceText(text, file);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    throw wrongSplice(file, error.message, error);
  }
}

function wrongSplice(file: string, current: string, cause?: unknown): InternalError {
  return new InternalError(`Cannot edit ${file} as nothing beside the edit may change: ${current}`, {
    code: 'values/wrong-splice',
    path: file,
    hint: 'Nothing was written; make the change by hand and report the file as a defect of sluice.',
    ...(cause !== undefined && { cause }),
  });
}

/** @throws ConfigError with the place, always */
export function refuse({ file, lines }: SourceText, { path, offset, message, hint }: Refusal): never {
  const { line, col } = lines.linePos(offset);
  throw notEditable([{ file, line, column: col, path: formatPath(path), message, hint }]);
}

/** Returns the one error for all that stands in the way of editing a file. */
export function notEditable(problems: readonly Problem[]): ConfigError {
  const [first] = problems;
  const more = problems.length > 1 ? ` and ${problems.length - 1} more` : '';
  return new ConfigError(`Cannot edit ${first?.file} in place: ${first?.path} ${first?.message}${more}`, {
    code: 'values/not-editable',
    path: first?.file ?? '',
    problems,
  });
}
