import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { CommandSpec } from './command.js';
import { commands } from './commands.js';
import { exitCodes, type Io } from './io.js';
import { packageFile } from './package-file.js';

/**
 * Prints the help page that is asked for, or says what is wrong with the words; returns the exit code.
 *
 * @param complaint what is said where the words only look right, such as a value that starts with a dash
 */
export function usage(argv: readonly string[], io: Io, complaint: string): number {
  const program: Command = new Command('sluice')
    .description('Progressive release for Kubernetes with Git as the only truth.')
    .version(version())
    .showHelpAfterError('(add --help for the words that it takes)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  for (const [name, spec] of Object.entries(commands)) addCommand(program, name, spec);
  try {
    program.parse(argv, { from: 'user' });
    program.error(`error: ${complaint}`);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.couldNotRun;
  }
}

function addCommand(program: Command, name: string, { summary, argument, options }: CommandSpec): void {
  const command = program.command(name).description(summary).copyInheritedSettings(program);
  if (argument !== undefined) command.argument(argument);
  for (const [option, { short, value, summary: text, required }] of Object.entries(options)) {
    const flags = `${short ? `-${short}, ` : ''}--${option}${value ? ` <${value}>` : ''}`;
    if (required) command.requiredOption(flags, text);
    else command.option(flags, text);
  }
  command.action(() => {});
}

function version(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}
