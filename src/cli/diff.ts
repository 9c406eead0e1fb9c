import { ConfigError } from '../errors.js';
import { type Difference, isDifferent } from '../reports/difference.js';
import type { CommandInput } from './command.js';
import { compare } from './diff/compare.js';
import { differenceText } from './diff/report.js';
import { sideAgainst, sideOf } from './diff/side.js';
import { exitCodes, type Io } from './io.js';
import { isColourful } from './judge/report.js';

/** Says what differs between the workspace as it stands and another state of it: 1 where anything does. */
export async function diff({ options }: CommandInput, io: Io): Promise<number> {
  const { against = 'HEAD', output = 'text' } = options;
  const format = formatNamed(String(output));
  const before = await sideAgainst(io.cwd, String(against));
  const difference = compare(before, sideOf(io.cwd), String(against));
  for (const { side, message, problems } of difference.errors) {
    io.stderr.write(problems.length > 0 ? `${message}\n` : `sluice: ${side}: ${message}\n`);
  }
  io.stdout.write(await format(difference, io));
  if (difference.errors.length > 0) return exitCodes.couldNotRun;
  return isDifferent(difference) ? exitCodes.different : exitCodes.done;
}

type Format = (difference: Difference, io: Io) => string | Promise<string>;

const formats: { readonly [name: string]: Format } = {
  text: (difference, { stdout }) => differenceText(difference, isColourful(stdout, process.env)),
  json: async (difference) => (await import('../reports/difference-json.js')).differenceJson(difference),
  markdown: async (difference) => (await import('../reports/difference-markdown.js')).differenceMarkdown(difference),
};

function formatNamed(name: string): Format {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return format;
  throw new ConfigError(`Cannot print the difference as asked: ${name}`, {
    code: 'cli/arguments',
    hint: `Allowed are: ${Object.keys(formats).join(', ')}.`,
  });
}
