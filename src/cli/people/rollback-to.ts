import { basename } from 'node:path/posix';
import { ConfigError } from '../../errors.js';
import { formatStatus, initialStatus, type Status } from '../../evaluate/status.js';
import { type Files, Overtaken } from '../../gitops/proposal.js';
import type { FileChange } from '../../release/file-change.js';
import { byRisk } from '../../reports/change.js';
import { releaseChanges } from '../../reports/release-changes.js';
import { renderedFile, renderedText } from '../../synth/rendered.js';
import { applyEdits, type Edit } from '../../values/edit.js';
import { type LoadedValues, loadValues } from '../../values/load.js';
import { removeKey } from '../../values/remove-key.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import type { ReleaseEntry, Workspace } from '../workspace.js';
import type { Session } from '../writer.js';
import { type Asked, askedWith, sentence } from './asked.js';
import { meantBy, runWishes } from './run-steps.js';
import { statusFile, statusIn } from './standing.js';
import { statusAfter } from './status-after.js';
import type { Nothing, Step } from './step.js';
import { type ValuesThen, valuesThen } from './values-then.js';
import type { Wish } from './wish.js';

/** Brings the values of a release back to what they were at a commit. */
export async function rollbackTo(input: CommandInput, io: Io, revision: string): Promise<number> {
  const asked = await askedWith(input.options, io);
  const open = async ({ workspace }: Session): Promise<Wish[]> => {
    const entry = meantBy(workspace, input.argument);
    const then = await valuesThen(workspace, entry, revision);
    const { chartChanges } = workspace.project.render === 'helm' ? await import('../charts.js') : {};
    const rendered = (loaded: LoadedValues, files: Files): readonly FileChange[] => {
      const { id, file } = entry;
      if (chartChanges !== undefined) return chartChanges(workspace, { id, file, loaded }, files);
      const path = renderedFile(workspace.project.rendered, id);
      return [{ path, content: renderedText({ file, release: loaded.release }) }];
    };
    return [{ id: entry.id, plan: (files) => planTo(files, { workspace, entry, then, asked, rendered }) }];
  };
  return runWishes(input, io, { command: 'rollback', open });
}

interface Context {
  readonly workspace: Workspace;
  readonly entry: ReleaseEntry;
  readonly then: ValuesThen;
  readonly asked: Asked;
  rendered(loaded: LoadedValues, files: Files): readonly FileChange[];
}

function planTo(files: Files, { workspace, entry, then, asked, rendered }: Context): Step | Nothing | Overtaken {
  const { id, file } = entry;
  const text = files.read(file);
  if (text === undefined) return new Overtaken(`${file} is gone`);
  const { namespace, analyses } = workspace.project;
  const identity = { file, name: basename(id), namespace, analyses };
  const now = tryLoad(text, identity);
  const after = loadValues(withWishesOf(now, then.text, file), identity);
  if (after.text === text) return { nothing: `its values are as they were at ${then.name}` };

  const status = statusAfter(statusNow(files, file), after, {
    message: sentence(asked, `went back to ${then.name}`),
    now: asked.now,
  });
  const changes = changesOf(now, after);
  return {
    plan: {
      release: after.release.model.name,
      summary: `roll back to ${then.name}`,
      body: `${status.message}; ${changes.join('; ')}`,
      trailers: { decision: 'roll back', iteration: status.iteration },
      changes: [
        { path: file, content: after.text },
        { path: statusFile(file), content: formatStatus(status) },
        ...rendered(after, files),
      ],
    },
    says: status.message,
    lines: changes,
    notices: after.notices,
  };
}

/** Values that a person broke are what one goes back from. */
function tryLoad(text: string, identity: Parameters<typeof loadValues>[1]): LoadedValues | undefined {
  try {
    return loadValues(text, identity);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** A merge that went wrong breaks the status with the values. */
function statusNow(files: Files, file: string): Status {
  try {
    return statusIn(files, file);
  } catch (error) {
    if (error instanceof ConfigError) return initialStatus;
    throw error;
  }
}

/** What a person wants of the release today is no part of what it was. */
function withWishesOf(now: LoadedValues | undefined, then: string, file: string): string {
  if (now === undefined) return then;
  const wishes = ['override', 'freeze'] as const;
  const text = wishes.reduce((rest, wish) => removeKey(rest, ['rollout', wish], { file }), then);
  const { override, freeze } = now.release.rollout ?? {};
  // A freeze that says nothing of itself holds as well, and there is no edit for an empty map.
  const isBare = freeze !== undefined && Object.keys(freeze).length === 0;
  const today = { override, freeze: isBare ? { by: 'a person' } : freeze };
  return applyEdits(text, scalarsIn(['rollout'], today), { file });
}

function scalarsIn(path: readonly string[], value: unknown): Edit[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, each]) => scalarsIn([...path, key], each));
  return value === undefined ? [] : [{ path, value: value as Edit['value'] }];
}

function changesOf(now: LoadedValues | undefined, after: LoadedValues): string[] {
  if (now === undefined) return ['the values before could not be used'];
  const changes = byRisk(releaseChanges(now.release, after.release)).map(({ text }) => text);
  return changes.length === 0 ? ['nothing that it means changes, only its text'] : changes;
}
