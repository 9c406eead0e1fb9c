import { ConfigError, formatProblems, isSluiceError, type Problem } from '../errors.js';
import { exitCodes, type Io } from './io.js';
import { visible } from './visible.js';

/** Returns an error as a person needs it: every problem with its position, or the text, the place and the hint. */
export function describeError(error: Error): string {
  if (error instanceof ConfigError && error.problems.length > 0) return `${formatProblems(error.problems)}\n`;
  if (!isSluiceError(error)) return `${error.message}\n`;
  const { message, path, hint } = error;
  const place = path === undefined || message.includes(path) ? '' : `  at: ${path}\n`;
  return `${message}\n${place}${hint === undefined ? '' : `  hint: ${hint}\n`}`;
}

/** Writes why a command cannot go on. */
export function reportError(error: unknown, stderr: Io['stderr']): void {
  if (isSluiceError(error)) {
    const positions = error instanceof ConfigError && error.problems.length > 0;
    stderr.write(visible(`${positions ? '' : 'sluice: '}${describeError(error)}`));
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(visible(`sluice: a defect of sluice itself; please report it with these lines\n${text}\n`));
}

/** Writes what a person should know and that stops nothing. */
export function reportNotices(notices: readonly Problem[], stderr: Io['stderr']): void {
  if (notices.length === 0) return;
  const worded = notices.map((notice) => ({ ...notice, message: `${notice.message} (a notice)` }));
  stderr.write(visible(`${formatProblems(worded)}\n`));
}

/** Returns the exit code of a command; where it throws, the error is written and the code says so. */
export async function reportingErrors(stderr: Io['stderr'], run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    reportError(error, stderr);
    return exitCodes.couldNotRun;
  }
}
