import type { ReleaseEvent } from '../../notify/event.js';
import type { Delivery } from '../../notify/notify.js';
import type { EventKind } from '../../values/project/notifications.js';
import { deliver } from '../evaluate-notifications.js';
import type { Io } from '../io.js';
import type { Workspace } from '../workspace.js';
import type { StepReport, StepResult } from './report.js';
import { type Command, isForAll, kindOf } from './wish.js';

/** What a command was, and where. */
interface Commanded {
  readonly command: Command;
  readonly workspace: Workspace;
  readonly io: Pick<Io, 'stderr'>;
}

/** Tells whoever `notifications` names what a person commanded, once it is committed. Never throws. */
export async function notifyOfSteps(
  { results, where }: Pick<StepReport, 'results' | 'where'>,
  { command, workspace, io }: Commanded,
): Promise<Delivery[]> {
  const { root, project } = workspace;
  const { notifications, git } = project;
  const events = results.flatMap((result) => eventOf(result, command));
  if (notifications.length === 0 || events.length === 0 || where === undefined) return [];
  // What passes have told of failures is none of a command's business.
  const looked = { releases: [], known: undefined };
  return deliver(events, { notifications, git, folder: root, isPublished: where.pushed, looked }, io);
}

/** A step without a commit waits for a merge: its request tells of it. */
function eventOf({ release, step, commit }: StepResult, command: Command): ReleaseEvent[] {
  if (step === undefined || commit === undefined) return [];
  const { plan, candidate: { name: candidate, ...written } = {}, says } = step;
  const releases = isForAll(step) ? [] : [release];
  const told = { summary: plan.summary, reason: says ?? plan.body ?? '', commit };
  const where = 'file' in written ? { written } : {};
  return [{ kind: eventFor(command), releases, candidate, ...told, ...where }];
}

function eventFor(command: Command): EventKind {
  const kind = kindOf(command);
  return kind === 'promote' || kind === 'roll back' ? kind : 'command';
}
