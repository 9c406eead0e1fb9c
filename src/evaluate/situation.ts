import { ConfigError } from '../errors.js';
import type { Analysis } from '../release/evaluation.js';
import { primaryOf, type VersionModel } from '../release/model.js';
import type { Rollout } from '../release/policy.js';
import type { LoadedValues } from '../values/load.js';
import { identityOf } from './identity.js';
import type { Status } from './status.js';

/** Where a release stands before its evidence is looked at. */
export type Situation =
  /** There is nothing to decide. */
  | { readonly kind: 'idle'; readonly reason: string }
  /** A candidate gets nothing yet and waits to be let in. */
  | ({ readonly kind: 'entering' } & Underway)
  /** The candidate has a share that no decision gave it; from here on it is analysed at that. */
  | ({ readonly kind: 'adopting' } & Exposed)
  /** A candidate is exposed at the share of the last decision. */
  | ({ readonly kind: 'progressing'; readonly since: number; readonly startedAt: number } & Exposed)
  /** The candidate became another one while it was exposed. */
  | ({ readonly kind: 'changed' } & Exposed)
  /** A person took the candidate out of the route. */
  | ({ readonly kind: 'withdrawn' } & Underway)
  /** A person made this version the primary. */
  | ({ readonly kind: 'overtaken' } & Exposed);

/** A candidate under analysis and how that is done. */
export interface Underway {
  readonly candidate: VersionModel;
  /** Whose turn comes after it, in the order of the values. */
  readonly queued: readonly string[];
  readonly analysis: Analysis;
  readonly rollout: Rollout;
}

/** A candidate that has traffic: its percent. */
interface Exposed extends Underway {
  readonly share: number;
}

/**
 * Returns where a release stands, from its values and its status alone.
 *
 * @param byHand whether a person wrote the status as it stands, by a revert for example: its windows are not taken over
 * @throws ConfigError when more than one candidate has traffic, and none is under analysis
 */
export function situationOf(loaded: LoadedValues, status: Status, byHand = false): Situation {
  const { analysis, rollout, model, strategy } = loaded.release;
  if (analysis === undefined || rollout === undefined)
    return { kind: 'idle', reason: 'its values ask for no analysis' };
  const promoted = status.primary !== undefined && status.primary !== model.primary;
  const open = promoted ? [primaryOf(model)] : openIn(loaded, status);
  const candidate = candidateOf(loaded, status, open);
  if (candidate === undefined) return { kind: 'idle', reason: 'no candidate waits for an analysis' };

  const share = promoted ? (status.share ?? 0) : strategy.exposureOf(model, candidate.name);
  const queued = open.filter((version) => version !== candidate).map(({ name }) => name);
  const exposed = { candidate, queued, analysis, rollout, share };
  if (promoted) return { kind: 'overtaken', ...exposed };
  if (byHand && share > 0) return { kind: 'adopting', ...exposed };
  return share === 0 ? unexposed(loaded, status, exposed) : underAnalysis(loaded, status, exposed);
}

function isKnown(loaded: LoadedValues, status: Status, { name }: VersionModel): boolean {
  return status.candidate === name && status.identity === identityOf(loaded, name);
}

/** One that is inconclusive is watched on: it may still prove harmful. */
function isUnderway({ phase }: Pick<Status, 'phase'>): boolean {
  return phase === 'Progressing' || phase === 'Inconclusive';
}

function unexposed(loaded: LoadedValues, status: Status, { share: _, ...underway }: Exposed): Situation {
  if (!isKnown(loaded, status, underway.candidate)) return { kind: 'entering', ...underway };
  if (isUnderway(status)) return { kind: 'withdrawn', ...underway };
  return status.phase === 'Paused' ? { kind: 'idle', reason: status.message } : { kind: 'entering', ...underway };
}

function underAnalysis(loaded: LoadedValues, status: Status, exposed: Exposed): Situation {
  const known = isKnown(loaded, status, exposed.candidate);
  if ((status.phase === 'Completed' || status.phase === 'Terminated') && known && exposed.share === status.share) {
    return { kind: 'idle', reason: withQueue(status.message, exposed.queued) };
  }
  if (!isUnderway(status) || status.candidate !== exposed.candidate.name) return { kind: 'adopting', ...exposed };
  if (!known) return { kind: 'changed', ...exposed };
  const since = Date.parse(status.since ?? '') / 1000;
  const startedAt = Date.parse(status.startedAt ?? '') / 1000;
  if (exposed.share !== status.share || Number.isNaN(since + startedAt)) return { kind: 'adopting', ...exposed };
  return { kind: 'progressing', since, startedAt, ...exposed };
}

/** Returns a reason, and behind it who waits for the candidate to be decided. */
export function withQueue(reason: string, queued: readonly string[]): string {
  if (queued.length === 0) return reason;
  return `${reason}; ${queued.join(', ')} ${queued.length === 1 ? 'waits for its' : 'wait for their'} turn`;
}

/** A settled version is a candidate again when it is another one now, or when a person gave it traffic. */
function openIn(loaded: LoadedValues, { settled }: Status): readonly VersionModel[] {
  const { model, strategy } = loaded.release;
  return model.versions.filter(({ name }) => {
    const identity = identityOf(loaded, name);
    const done = settled.some((entry) => entry.name === name && entry.identity === identity);
    return name !== model.primary && (!done || strategy.exposureOf(model, name) > 0);
  });
}

/** One at a time: who is under way is seen through, rollback included; then who has traffic, then the first that waits. */
function candidateOf(loaded: LoadedValues, status: Status, open: readonly VersionModel[]): VersionModel | undefined {
  const { model, strategy } = loaded.release;
  const known = open.find(({ name }) => name === status.candidate);
  if (known !== undefined && isUnderway(status)) return known;
  const exposed = open.filter(({ name }) => strategy.exposureOf(model, name) > 0);
  if (open.length > 1 && exposed.length > 1) throw manyExposed(loaded, exposed);
  // One that a person took out waits for that person, and holds nobody up.
  const next = open.find((version) => version !== known || status.phase !== 'Paused');
  return exposed[0] ?? next ?? known;
}

function manyExposed({ file, release: { model } }: LoadedValues, exposed: readonly VersionModel[]): ConfigError {
  const names = exposed.map(({ name }) => name).join(', ');
  return new ConfigError(`Cannot evaluate ${model.name} with one candidate at a time: ${names} have traffic`, {
    code: 'evaluate/many-candidates',
    path: file,
    hint: 'Take the traffic from all but one of them: those without traffic wait for their turn.',
  });
}
