import { isDeepStrictEqual } from 'node:util';
import { isSluiceError } from '../errors.js';
import { type LoadedValues, reloadValues } from '../values/load.js';
import type { Decision, DecisionChange } from './decision.js';
import { identityOf } from './identity.js';
import type { ReleaseState } from './pass.js';

/** A decision on the values as they are by now, or why it no longer holds, as the end of a sentence. */
export type Replanned = { readonly decision: Decision; readonly state: ReleaseState } | { readonly overtaken: string };

/**
 * Returns a decision for another text of the same values: the same scalars of the same versions, found by name. What
 * else a person changed stays; where that is something that the decision rests on, it is overtaken.
 *
 * @param text undefined where the file is gone
 */
export function replan(decision: Decision, state: ReleaseState, text: string | undefined): Replanned {
  const { loaded } = state;
  if (text === undefined) return { overtaken: 'the release is gone' };
  if (text === loaded.text || decision.change === undefined) return { decision, state };
  let now: LoadedValues;
  try {
    now = reloadValues(loaded, text);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { overtaken: 'its values cannot be used as they are now' };
  }
  const overtaken = changeOf(loaded, now, decision);
  if (overtaken !== undefined) return { overtaken };
  return { decision: { ...decision, change: moved(decision.change, loaded, now) }, state: { ...state, loaded: now } };
}

/** A pause and a freeze let a rollback through, also one that was decided before them. */
const notHeld = { override: undefined, freeze: undefined };

/** Returns what changed that the decision rests on; undefined for nothing. */
function changeOf(before: LoadedValues, now: LoadedValues, { candidate, change, kind }: Decision): string | undefined {
  const changed = (key: string) => `${key} changed meanwhile`;
  for (const key of ['analysis', 'rollout'] as const) {
    const [was, is] = [before, now].map(({ release }) => ({
      ...release[key],
      ...(kind === 'roll back' && notHeld),
    }));
    if (!isDeepStrictEqual(was, is)) return changed(key);
  }
  const { model, strategy } = before.release;
  if (strategy.id !== now.release.strategy.id) return changed('application.strategy');
  if (model.primary !== now.release.model.primary) return changed('the primary');
  const meant = new Set([model.primary, candidate, ...(change?.edits ?? []).map(({ path }) => nameAt(before, path))]);
  for (const version of model.versions) {
    const { name } = version;
    const other = now.release.model.versions.find((each) => each.name === name);
    if (other === undefined && (meant.has(name) || strategy.exposureOf(model, name) > 0)) return `${name} is gone`;
    if (other === undefined) continue;
    if (other.weight !== version.weight || other.routed !== version.routed) return changed(`the traffic of ${name}`);
    if (meant.has(name) && identityOf(before, name) !== identityOf(now, name)) return changed(name);
  }
  const known = model.versions.map(({ name }) => name);
  const name = change?.adds?.version;
  if (name !== undefined && now.release.model.versions.some((each) => each.name === name))
    return `${name} is there by now`;
  const added = now.release.model.versions.find(
    ({ name }) => !known.includes(name) && strategy.exposureOf(now.release.model, name) > 0,
  );
  return added && `${added.name} has traffic by now`;
}

/** Where a version stands in the list may have changed, what it is called has not. */
function moved(change: DecisionChange, before: LoadedValues, now: LoadedValues): DecisionChange {
  const names = now.release.model.versions.map(({ name }) => name);
  const edits = change.edits.map((edit) => {
    const [application = '', versions = '', position, ...rest] = edit.path;
    const name = nameAt(before, edit.path);
    if (name === undefined || position === undefined) return edit;
    return { ...edit, path: [application, versions, names.indexOf(name), ...rest] };
  });
  const settled = change.status.settled.filter(({ name }) => names.includes(name));
  return { ...change, edits, status: { ...change.status, settled } };
}

/** Returns the name of the version that a path such as `application.versions[1].weight` leads into. */
function nameAt({ release }: LoadedValues, path: DecisionChange['edits'][number]['path']): string | undefined {
  const [, versions, position] = path;
  return versions === 'versions' ? release.model.versions[Number(position)]?.name : undefined;
}
