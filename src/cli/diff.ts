import { type Difference, isDifferent } from '../reports/difference.js';
import type { CommandInput } from './command.js';
import { compare } from './diff/compare.js';
import { differenceText } from './diff/report.js';
import { type Side, sideAgainst, sideOf } from './diff/side.js';
import { exitCodes, type Io } from './io.js';
import { isColourful } from './judge/report.js';
import { withLeftOut } from './left-out.js';
import { outputFormat } from './output-format.js';
import { releasesLeftOut } from './workspace.js';

/** Says what differs between the workspace as it stands and another state of it: 1 where anything does. */
export async function diff({ options }: CommandInput, io: Io): Promise<number> {
  const { against = 'HEAD', output } = options;
  const format = formats[outputFormat(output, 'the difference', ['text', 'json', 'markdown'])];
  const before = await checkedOut(await sideAgainst(io.cwd, String(against)), io.cwd);
  const difference = compare(before, sideOf(io.cwd), String(against));
  for (const { side, message, problems } of difference.errors) {
    io.stderr.write(problems.length > 0 ? `${message}\n` : `sluice: ${side}: ${message}\n`);
  }
  io.stdout.write(await format(difference, io));
  if (difference.errors.length > 0) return exitCodes.couldNotRun;
  return isDifferent(difference) ? exitCodes.different : exitCodes.done;
}

/** Leaves out what a sparse checkout does: it is neither gone here nor changed. */
async function checkedOut(side: Side, root: string): Promise<Side> {
  if (side.project === undefined) return side;
  const leftOut = releasesLeftOut(await withLeftOut({ root, project: side.project }));
  const unseen = new Set(leftOut.map(({ id }) => id));
  const { project, entries, obstacles } = side;
  return {
    project,
    entries: entries.filter(({ id }) => !unseen.has(id)),
    obstacles: obstacles.filter(({ release }) => release === undefined || !unseen.has(release)),
  };
}

type Format = (difference: Difference, io: Io) => string | Promise<string>;

const formats = {
  text: (difference, { stdout }) => differenceText(difference, isColourful(stdout, process.env)),
  json: async (difference) => (await import('../reports/difference-json.js')).differenceJson(difference),
  markdown: async (difference) => (await import('../reports/difference-markdown.js')).differenceMarkdown(difference),
} satisfies Record<string, Format>;
