import { parseArgs } from 'node:util';
import type { CommandInput, CommandSpec } from './command.js';
import { commands } from './commands.js';
import { exitCodes, type Io } from './io.js';
import { reportError } from './report-error.js';

/**
 * Runs the command line and returns the exit code.
 *
 * @param argv what follows the program's name
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const input = command === undefined ? `there is no command ${name}` : parse(command, rest);
  // commander costs a third of a cold start, so it is there for pages and complaints only.
  if (command === undefined || typeof input === 'string') {
    return (await import('./usage.js')).usage(argv, io, String(input));
  }
  try {
    return await command.run(input, io);
  } catch (error) {
    reportError(error, io.stderr);
    return exitCodes.couldNotRun;
  }
}

/** Returns the input of a command, or why there is none: help is asked for, or the words do not fit. */
function parse({ argument, options }: CommandSpec, args: string[]): CommandInput | string {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
  );
  try {
    const { values, positionals } = parseArgs({ args, options: config, allowPositionals: argument !== undefined });
    const missing = Object.entries(options).some(([name, { required }]) => required && values[name] === undefined);
    if (missing || positionals.length > 1 || (argument?.startsWith('<') && positionals.length === 0)) {
      return 'an argument or a required option is missing, or there is one too many';
    }
    return { argument: positionals[0], options: values as CommandInput['options'] };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
