import { ConfigError } from '../errors.js';

/**
 * Returns the format that `--output` asks for, `text` where it is silent.
 *
 * @param what is printed, such as `the decisions`
 * @param known the formats that there are
 * @throws ConfigError for any other word
 */
export function outputFormat<const Format extends string>(
  output: unknown,
  what: string,
  known: readonly Format[],
): Format {
  const found = known.find((format) => format === (output ?? 'text'));
  if (found !== undefined) return found;
  throw new ConfigError(`Cannot print ${what} as asked: ${output}`, {
    code: 'cli/arguments',
    hint: `Allowed are: ${known.join(', ')}.`,
  });
}
