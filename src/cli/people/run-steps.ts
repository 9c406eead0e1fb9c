import { ConfigError, GitError } from '../../errors.js';
import { type Files, type Outcome, Overtaken, type Proposal } from '../../gitops/proposal.js';
import type { CommandInput } from '../command.js';
import { exitCodes, type Io } from '../io.js';
import { outputFormat } from '../output-format.js';
import { reportError, reportNotices } from '../report-error.js';
import { type ReleaseEntry, readRelease, readReleases, type Workspace } from '../workspace.js';
import { openSession, type Session } from '../writer.js';
import { type Asked, askedWith } from './asked.js';
import { formatJson, formatText, type StepReport, type StepResult } from './report.js';
import { type Standing, standingOf } from './standing.js';
import type { Nothing, Step } from './step.js';

/** What a command of a person does to a release. */
export type PlanStep = (
  standing: Standing,
  context: { readonly workspace: Workspace; readonly asked: Asked },
) => Step | Nothing | Overtaken;

/** Something that a command wants to commit. */
export interface Wish {
  readonly id: string;
  /** Whether part of the budget is kept for it: for what takes traffic from a candidate. @default false */
  readonly urgent?: boolean;
  plan(files: Files): Step | Nothing | Overtaken;
}

/** Carries a command out on the release that is named, or with `--all` on every one; a commit each. */
export async function runSteps(
  { argument, options }: CommandInput,
  io: Io,
  plan: PlanStep,
  { urgent = false }: Pick<Wish, 'urgent'> = {},
): Promise<number> {
  const asked = await askedWith(options, io);
  const open = async (session: Session) =>
    entriesOf(session.workspace, { name: argument, all: options.all === true }).map((entry): Wish => {
      return {
        id: entry.id,
        urgent,
        plan(files) {
          const standing = standingOf(entry, files);
          return standing instanceof Overtaken ? standing : plan(standing, { workspace: session.workspace, asked });
        },
      };
    });
  return runWishes({ options }, io, open);
}

/** Publishes what is wished for and prints what came of it. */
export async function runWishes(
  { options }: Pick<CommandInput, 'options'>,
  io: Io,
  open: (session: Session) => Promise<readonly Wish[]>,
  asText: (report: StepReport) => string = formatText,
): Promise<number> {
  const format = outputFormat(options.output, 'what was done', ['text', 'json']);
  const session = await openSession(options, io);
  const results = await publishWishes(session, await open(session));
  const report = { dryRun: options['dry-run'] === true, results };
  const failures = results.flatMap(({ error }) => error ?? []);
  reportNotices(
    results.flatMap(({ step }) => step?.notices ?? []),
    io.stderr,
  );
  if (format === 'json') io.stdout.write(formatJson(report));
  else {
    for (const error of failures) reportError(error, io.stderr);
    io.stdout.write(asText(report));
  }
  return failures.length === 0 ? exitCodes.done : exitCodes.couldNotRun;
}

function entriesOf(
  workspace: Workspace,
  { name, all }: { readonly name: string | undefined; readonly all: boolean },
): readonly ReleaseEntry[] {
  if ((name === undefined) !== all) {
    throw new ConfigError(`Cannot tell which releases are meant: ${all ? '--all and a name' : 'none is named'}`, {
      code: 'cli/arguments',
      hint: 'Name one release, or give --all for every one.',
    });
  }
  if (name === undefined) return readReleases(workspace);
  const entry = readRelease(workspace, name);
  return entry === undefined ? [] : [entry];
}

async function publishWishes(session: Session, wishes: readonly Wish[]): Promise<StepResult[]> {
  const planned = new Map<Wish, Step | Nothing>();
  const proposals = wishes.map((wish): Proposal => {
    return {
      release: wish.id,
      urgent: wish.urgent === true,
      plan(files) {
        const found = wish.plan(files);
        if (found instanceof Overtaken) return found;
        planned.set(wish, found);
        return 'nothing' in found ? undefined : found.plan;
      },
    };
  });
  const outcomes = await session.publish(proposals);
  return wishes.map((wish, index) => resultOf(wish.id, planned.get(wish), outcomes[index]));
}

function resultOf(release: string, found: Step | Nothing | undefined, outcome: Outcome | undefined): StepResult {
  const error = errorOf(release, outcome);
  if (error !== undefined) return { release, error };
  if (found === undefined || 'nothing' in found) return { release, nothing: found?.nothing ?? 'nothing changes' };
  if (outcome?.kind === 'committed') return { release, step: found, commit: outcome.commit };
  return outcome?.kind === 'planned' ? { release, step: found } : { release, nothing: 'it is so already' };
}

function errorOf(release: string, outcome: Outcome | undefined): Error | undefined {
  switch (outcome?.kind) {
    case 'failed':
      return outcome.error;
    case 'overtaken':
      return new GitError(`Cannot commit to ${release} as asked: ${outcome.reason}`, {
        code: 'git/overtaken',
        path: release,
        hint: 'Look at what changed, and run the command again.',
      });
    case 'deferred':
      return new GitError(`Cannot commit to ${release} within the budget: ${outcome.reason}`, {
        code: 'git/budget',
        path: release,
        hint: 'Wait a little, or raise git.pushesPerMinute or git.writesPerHour in sluice.yaml.',
      });
    default:
      return undefined;
  }
}
