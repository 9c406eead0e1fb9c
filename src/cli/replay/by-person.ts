import { type Because, goBack, goOn, keep, promote, rollBack, type Target, terminate } from '../../evaluate/changes.js';
import type { Decision } from '../../evaluate/decision.js';
import { versionNamed } from '../../release/model.js';
import type { Found } from './find-decisions.js';
import type { Recorded } from './record.js';

/** Whether the reason of a decision names its author, as people's commands have it. */
export function isPersons({ commit }: Found, { after }: Recorded): boolean {
  const { author, committer } = commit;
  return [author, committer].some(({ name }) => name !== '' && after.status.message.startsWith(`${name} `));
}

/** Returns what commands of people could have made of a release, with the reason that was given. */
export function personsDecisions({ state, moment, after }: Recorded): Decision[] {
  const { model } = state.loaded.release;
  const because: Because = { reason: after.status.message, clock: { now: moment.now, delay: 0 } };
  const names = model.versions.map(({ name }) => name);
  const of = (versions: readonly (string | undefined)[]) =>
    versions.filter((name) => name !== undefined && names.includes(name)) as string[];
  const settled = of(newlySettled(state.status.settled, after.status.settled));
  const kept = of([after.status.candidate, ...(after.status.others ?? []).map(({ name }) => name)]);
  const promoted = of([after.status.primary, model.primary]);
  return [
    ...promoted.map((name) => promote(targetOf(state, [name]), because)),
    ...(settled.length === 0
      ? []
      : [rollBack(targetOf(state, settled), because), terminate(targetOf(state, settled), because)]),
    ...(kept.length === 0 ? [] : [keep(targetOf(state, kept), because), goOn(targetOf(state, kept), because)]),
    ...of([after.status.primary]).map((former) => goBack(targetOf(state, [model.primary]), former, because)),
  ];
}

type Settled = Recorded['after']['status']['settled'];

function newlySettled(before: Settled, after: Settled): string[] {
  const known = new Set(before.map(({ name, at }) => `${name} ${at}`));
  return after.filter(({ name, at }) => !known.has(`${name} ${at}`)).map(({ name }) => name);
}

function targetOf({ id, loaded, status }: Recorded['state'], [name = '', ...others]: readonly string[]): Target {
  return { id, loaded, status, situation: { candidate: versionNamed(loaded.release.model, name), others } };
}
