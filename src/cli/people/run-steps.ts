import { ConfigError } from '../../errors.js';
import { Overtaken } from '../../gitops/proposal.js';
import type { CommandInput } from '../command.js';
import { exitCodes, type Io } from '../io.js';
import { outputFormat } from '../output-format.js';
import { reportError, reportNotices } from '../report-error.js';
import { type ReleaseEntry, readRelease, readReleases, type Workspace } from '../workspace.js';
import { openSession, type Session } from '../writer.js';
import { type Asked, askedWith } from './asked.js';
import { notifyOfSteps } from './notify-of-steps.js';
import { publishWishes } from './publish-wishes.js';
import { formatJson, formatText, type StepReport } from './report.js';
import { type Standing, standingOf } from './standing.js';
import { stayingIn, withStaying } from './staying.js';
import type { Nothing, Step } from './step.js';
import { whereabouts } from './whereabouts.js';
import type { Command, Wish } from './wish.js';

/** What a command of a person does to a release. */
export type PlanStep = (
  standing: Standing,
  context: { readonly workspace: Workspace; readonly asked: Asked },
) => Step | Nothing | Overtaken;

/** Carries a command out on the release that is named, or with `--all` on every one; a commit or a request each. */
export async function runSteps(
  { argument, options }: CommandInput,
  io: Io,
  { command, plan }: { readonly command: Command; readonly plan: PlanStep },
): Promise<number> {
  const asked = await askedWith(options, io);
  const open = async ({ workspace }: Session) =>
    Promise.all(
      entriesOf(workspace, { name: argument, options }).map(async (entry): Promise<Wish> => {
        const staying = await stayingIn(workspace, entry);
        return {
          id: entry.id,
          plan(files) {
            const standing = standingOf(entry, files);
            return standing instanceof Overtaken
              ? standing
              : plan(withStaying(standing, staying), { workspace, asked });
          },
        };
      }),
    );
  return runWishes({ options }, io, { command, open });
}

/** What a command wants, and how it is told. */
interface Wishes {
  readonly command: Command;
  open(session: Session): Promise<readonly Wish[]>;
  /** @default formatText */
  readonly asText?: (report: StepReport) => string;
}

/** Publishes what is wished for, prints what came of it, and tells whoever `notifications` names. */
export async function runWishes(
  { options }: Pick<CommandInput, 'options'>,
  io: Io,
  { command, open, asText = formatText }: Wishes,
): Promise<number> {
  const format = outputFormat(options.output, 'what was done', ['text', 'json']);
  const session = await openSession(options, io);
  const dryRun = options['dry-run'] === true;
  const results = await publishWishes(session, await open(session), { command, dryRun, io });
  const { git } = session.workspace.project;
  const isCommitted = results.some(({ commit }) => commit !== undefined);
  const where = isCommitted ? await whereabouts(options, { git, cwd: io.cwd }) : undefined;
  const report = { dryRun, results, where };
  const failures = results.flatMap(({ error }) => error ?? []);
  reportNotices(
    results.flatMap(({ step }) => step?.notices ?? []),
    io.stderr,
  );
  const notify = () => notifyOfSteps(report, { command, workspace: session.workspace, io });
  if (format === 'json') io.stdout.write(formatJson(report, await notify()));
  else {
    for (const error of failures) reportError(error, io.stderr);
    io.stdout.write(asText(report));
    // Nobody at a keyboard waits for the servers of others to see what was done.
    await notify();
  }
  return failures.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
}

function entriesOf(
  workspace: Workspace,
  { name, options: { all } }: { readonly name: string | undefined; readonly options: CommandInput['options'] },
): readonly ReleaseEntry[] {
  if (name === undefined) return all === true ? readReleases(workspace) : [meantBy(workspace, name)];
  if (all !== true) return [meantBy(workspace, name)];
  throw new ConfigError('Cannot tell which releases are meant: --all and a name', {
    code: 'cli/arguments',
    hint: 'Name one release, or give --all for every one.',
  });
}

const mostNamed = 20;

/**
 * Returns the release that a command is for: the one that is named, or the only one that there is.
 *
 * @throws ConfigError with the names of all where none is named
 */
export function meantBy(workspace: Workspace, name: string | undefined): ReleaseEntry {
  const entries = name === undefined ? readReleases(workspace) : [];
  const [only, ...others] = entries;
  const entry = name === undefined ? only : readRelease(workspace, name);
  if (entry !== undefined && others.length === 0) return entry;
  const names = entries.slice(0, mostNamed).map(({ id }) => id);
  const more = entries.length > mostNamed ? ` and ${entries.length - mostNamed} more` : '';
  throw new ConfigError('Cannot tell which release is meant: none is named', {
    code: 'cli/arguments',
    hint: only === undefined ? 'The workspace has no releases.' : `Name one: ${names.join(', ')}${more}.`,
  });
}
