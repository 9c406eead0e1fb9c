/** What every error of sluice carries beside its text. */
export interface ErrorDetails {
  /** A stable identifier such as `values/unknown-key`, for programs. */
  readonly code: string;
  /** Where: a file, a file with line and column, or a URL without credentials. */
  readonly path?: string;
  /** What to do about it; one sentence, shown on a line of its own. */
  readonly hint?: string;
  /** The error underneath. */
  readonly cause?: unknown;
}

abstract class SluiceError extends Error {
  readonly code: string;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, { code, path, hint, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.path = path;
    this.hint = hint;
  }
}

/** One thing that is wrong in a file that a person wrote. */
export interface Problem {
  readonly file: string;
  /** 1-based; absent where the whole file is meant. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** Such as `application.versions[1].weight`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** What a person wrote cannot be used: values, configuration or arguments. Carries every problem found at once. */
export class ConfigError extends SluiceError {
  readonly problems: readonly Problem[];

  constructor(message: string, details: ErrorDetails & { readonly problems?: readonly Problem[] }) {
    super(message, details);
    this.problems = details.problems ?? [];
  }
}

/** A metrics source did not answer, or not in its own format. Never raised for an answer without data. */
export class SourceError extends SluiceError {}

/** git, or the repository as it stands, does not allow what is asked. */
export class GitError extends SluiceError {}

/** A defect of sluice itself. */
export class InternalError extends SluiceError {}

/** Returns one `file:line:col path: message` line per problem, each followed by its hint. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, path, message, hint }) => {
      const where = line === undefined ? file : `${file}:${line}:${column}`;
      const subject = path === '' ? '' : `${path}: `;
      return `${where} ${subject}${message}${hint === undefined ? '' : `\n  hint: ${hint}`}`;
    })
    .join('\n');
}

/** Whether the error is one of sluice's own, with a code and perhaps a hint. */
export function isSluiceError(error: unknown): error is SluiceError {
  return error instanceof SluiceError;
}
