import { type Difference, isDifferent } from '../reports/difference.js';
import type { CommandInput } from './command.js';
import { compare } from './diff/compare.js';
import { differenceText } from './diff/report.js';
import { sideAgainst, sideOf } from './diff/side.js';
import { exitCodes, type Io } from './io.js';
import { isColourful } from './judge/report.js';
import { outputFormat } from './output-format.js';

/** Says what differs between the workspace as it stands and another state of it: 1 where anything does. */
export async function diff({ options }: CommandInput, io: Io): Promise<number> {
  const { against = 'HEAD', output } = options;
  const format = formats[outputFormat(output, 'the difference', ['text', 'json', 'markdown'])];
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

const formats = {
  text: (difference, { stdout }) => differenceText(difference, isColourful(stdout, process.env)),
  json: async (difference) => (await import('../reports/difference-json.js')).differenceJson(difference),
  markdown: async (difference) => (await import('../reports/difference-markdown.js')).differenceMarkdown(difference),
} satisfies Record<string, Format>;
