import type { Io } from './io.js';

/** One option of a command, as `util.parseArgs` and the help page read it. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What the value is called on the help page; strings only. */
  readonly value?: string;
  readonly summary: string;
  readonly required?: boolean;
}

/** The options as they were given, by name. */
export type OptionValues = { readonly [option: string]: string | boolean | undefined };

/** What a command is called with. */
export interface CommandInput {
  readonly argument: string | undefined;
  /** All positional arguments, of a command that takes several. @default none */
  readonly paths?: readonly string[];
  readonly options: OptionValues;
}

/** One command: what it takes is data, what it does is loaded when it is called. */
export interface CommandSpec {
  readonly summary: string;
  /** The one positional argument, such as `<release>` or `[dir]`, or several as `[path...]`; undefined for none. */
  readonly argument?: string;
  readonly options: { readonly [option: string]: OptionSpec };
  run(input: CommandInput, io: Io): Promise<number>;
}
