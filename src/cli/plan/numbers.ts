import { ConfigError } from '../../errors.js';
import type { OptionValues } from '../command.js';

/** Returns the number of an option above 0; undefined where it is not given. */
export function positiveNumber(option: string, given: string | boolean | undefined): number | undefined {
  if (given === undefined) return undefined;
  const number = /^\d+(\.\d+)?$/.test(String(given)) ? Number(given) : 0;
  if (number > 0) return number;
  throw wrongValue(option, given, 'Give a number above 0, such as 20 or 0.5.');
}

/** Refuses options that what is asked for does not read, since they would be dropped without a word. */
export function refuseOptions(options: OptionValues, names: readonly string[], hint: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new ConfigError(`Cannot plan as asked: nothing reads --${given} here`, { code: 'cli/arguments', hint });
}

/** Returns the error of an option whose value cannot be used. */
export function wrongValue(option: string, given: string | boolean, hint: string): ConfigError {
  return new ConfigError(`Cannot plan with ${option} ${JSON.stringify(given)}`, { code: 'cli/arguments', hint });
}
