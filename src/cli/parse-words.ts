import { parseArgs } from 'node:util';
import type { CommandInput, CommandSpec } from './command.js';

/** Returns the input of a command, or why there is none: help is asked for, or the words do not fit. */
export function parseWords({ argument, options }: Omit<CommandSpec, 'run'>, words: string[]): CommandInput | string {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short && { short }) }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: config,
      allowPositionals: argument !== undefined,
    });
    const missing = Object.entries(options).some(([name, { required }]) => required && values[name] === undefined);
    const most = argument?.endsWith('...]') ? Number.POSITIVE_INFINITY : 1;
    if (missing || positionals.length > most || (argument?.startsWith('<') && positionals.length === 0)) {
      return 'an argument or a required option is missing, or there is one too many';
    }
    return { argument: positionals[0], paths: positionals, options: values as CommandInput['options'] };
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [, option] = /^Option '([^']*)' argument is ambiguous/.exec(error.message) ?? [];
  const long = option?.split(', ').at(-1);
  if (long === undefined) return error.message;
  return `${option} is followed by no value; one that begins with a dash is joined to it: ${long}=-VALUE`;
}
