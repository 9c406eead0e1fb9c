import { ConfigError, GitError, isSluiceError } from '../errors.js';
import { summaryOf } from '../evaluate/commit-plan.js';
import type { ReleaseEvent } from '../notify/event.js';
import type { Audience, Delivery } from '../notify/notify.js';
import type { EventKind } from '../values/project/notifications.js';
import type { OptionValues } from './command.js';
import type { Outcome, PassReport } from './evaluate-report.js';
import type { Io } from './io.js';
import { openWorkspace, type ReleaseEntry, type Workspace } from './workspace.js';

/** What a pass looked at. */
interface Passed {
  readonly entries: readonly ReleaseEntry[];
  readonly selected: readonly ReleaseEntry[];
  readonly options: OptionValues;
}

/**
 * Tells whoever `notifications` names what a pass did, and writes a line for each of them that was not reached. Never
 * throws.
 */
export async function notifyOf(
  report: Omit<PassReport, 'notifications'>,
  { root, project }: Workspace,
  { entries, selected, options, io }: Passed & { readonly io: Pick<Io, 'stderr'> },
): Promise<Delivery[]> {
  const { notifications, git } = project;
  if (notifications.length === 0 || report.dryRun) return [];
  const ids = (some: readonly ReleaseEntry[]) => some.map(({ id }) => id);
  const isPublished = git.backend !== 'local' || options.push === true;
  const audience = { notifications, git, folder: root, isPublished };
  return deliver(
    eventsOf(report, entries),
    { ...audience, looked: { releases: ids(selected), known: ids(entries) } },
    io,
  );
}

/** Tells that git or the server let no pass begin. Never throws: what counts is the error itself. */
export async function notifyOfDefeat(
  error: unknown,
  options: OptionValues,
  io: Pick<Io, 'cwd' | 'stderr'>,
): Promise<void> {
  if (!(error instanceof GitError) || options['dry-run'] === true) return;
  const project = projectOf(io.cwd);
  if (project === undefined || project.notifications.length === 0) return;
  const { notifications, git } = project;
  const audience = { notifications, git, folder: io.cwd, isPublished: false };
  const { message: reason, code } = error;
  const event: ReleaseEvent = { kind: 'failure', releases: [], summary: 'no release could be evaluated', reason, code };
  await deliver([event], { ...audience, looked: { releases: [], known: undefined } }, io);
}

/** Sends what is to be told, and writes a line for each who was not reached. */
export async function deliver(
  events: readonly ReleaseEvent[],
  audience: Audience,
  io: Pick<Io, 'stderr'>,
): Promise<Delivery[]> {
  const { notify } = await import('../notify/notify.js');
  const deliveries = await notify(events, audience);
  for (const { kind, error } of deliveries) if (error) io.stderr.write(`sluice: not notified by ${kind}: ${error}\n`);
  return deliveries;
}

function projectOf(folder: string): Workspace['project'] | undefined {
  try {
    return openWorkspace(folder).project;
  } catch {
    return undefined;
  }
}

/** Returns the news of a pass, the bad first: where there are too many, those are heard. */
export function eventsOf(report: Omit<PassReport, 'notifications'>, entries: readonly ReleaseEntry[]): ReleaseEvent[] {
  const { outcomes, overtaken, failures, warnings } = report;
  return [
    ...outcomes.flatMap((outcome) => eventOf(outcome, entries)),
    ...failures.map(({ release, error }): ReleaseEvent => {
      const code = isSluiceError(error) ? error.code : undefined;
      return { kind: 'failure', releases: [release], summary: 'could not run', reason: reasonOf(error), code };
    }),
    ...overtaken.map(({ release, summary, reason }): ReleaseEvent => {
      return { kind: 'overtaken', releases: [release], summary: `overtaken: ${summary}`, reason };
    }),
    ...warnings.map((reason): ReleaseEvent => ({ kind: 'warning', releases: [], summary: 'warning', reason })),
  ].toSorted((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind));
}

const urgency: readonly EventKind[] = [
  'roll back',
  'failure',
  'inconclusive',
  'promote',
  'command',
  'hold',
  'overtaken',
  'advance',
  'warning',
];

/** A decision without a commit changed nothing, or waits for a merge: its request tells of it. */
function eventOf({ decision, commit }: Outcome, entries: readonly ReleaseEntry[]): ReleaseEvent[] {
  const { release, change, candidate, reason } = decision;
  if (change === undefined || commit === undefined) return [];
  const kind = change.status.phase === 'Inconclusive' ? 'inconclusive' : decision.kind;
  const entry = entries.find(({ id }) => id === release);
  const versions =
    entry === undefined || entry.loaded instanceof ConfigError ? [] : entry.loaded.release.model.versions;
  const image = versions.find(({ name }) => name === candidate)?.image;
  const written = entry && { file: entry.file, image };
  return [{ kind, releases: [release], candidate, summary: summaryOf(decision), reason, commit, written }];
}

/** Of many problems in a file, the first. */
function reasonOf(error: Error): string {
  const [problem] = error instanceof ConfigError ? error.problems : [];
  if (problem === undefined) return error.message;
  const { file, line, path, message } = problem;
  return `${file}${line === undefined ? '' : `:${line}`} ${path}: ${message}`;
}
