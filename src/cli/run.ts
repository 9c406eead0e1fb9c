import { commands } from './commands.js';
import type { Io } from './io.js';
import { parseWords } from './parse-words.js';
import { reportingErrors } from './report-error.js';
import { guarded } from './visible.js';

/**
 * Runs the command line and returns the exit code.
 *
 * @param argv what follows the program's name
 */
export async function run(argv: readonly string[], streams: Io): Promise<number> {
  const io = guardedIo(streams);
  const [name = '', ...words] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const input = command === undefined ? `there is no command ${name}` : parseWords(command, words);
  // commander costs a third of a cold start, so it is there for pages and complaints only.
  if (command === undefined || typeof input === 'string') {
    return (await import('./usage.js')).usage(argv, io, String(input));
  }
  return reportingErrors(io.stderr, () => command.run(input, io));
}

/** Texts come from files, servers and commits of anybody: what they hold is shown, and never acts. */
function guardedIo(io: Io): Io {
  return {
    get stdin() {
      return io.stdin;
    },
    stdout: guarded(io.stdout),
    stderr: guarded(io.stderr),
    cwd: io.cwd,
    now: () => io.now(),
  };
}
