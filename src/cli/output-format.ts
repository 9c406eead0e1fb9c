import { ConfigError } from '../errors.js';

/**
 * Returns what `--output` asks for.
 *
 * @param what is printed, such as `the decisions`
 * @throws ConfigError for any other word
 */
export function outputFormat(output: unknown, what: string): 'text' | 'json' {
  if (output === undefined || output === 'text') return 'text';
  if (output === 'json') return 'json';
  throw new ConfigError(`Cannot print ${what} as asked: ${output}`, {
    code: 'cli/arguments',
    hint: 'Allowed are: text, json.',
  });
}
