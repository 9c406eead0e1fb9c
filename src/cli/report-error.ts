import { ConfigError, formatProblems, isSluiceError } from '../errors.js';
import { exitCodes, type Io } from './io.js';

/** Writes an error as a person needs it: every problem with its position, or the text and then the hint. */
export function reportError(error: unknown, stderr: Io['stderr']): void {
  if (error instanceof ConfigError && error.problems.length > 0) {
    stderr.write(`${formatProblems(error.problems)}\n`);
    return;
  }
  if (isSluiceError(error)) {
    stderr.write(`sluice: ${error.message}\n`);
    if (error.hint !== undefined) stderr.write(`  hint: ${error.hint}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`sluice: a defect of sluice itself; please report it with these lines\n${text}\n`);
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
