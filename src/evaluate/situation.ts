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
 * @throws ConfigError when more than one candidate waits for an analysis
 */
export function situationOf(loaded: LoadedValues, status: Status, byHand = false): Situation {
  const { analysis, rollout, model, strategy } = loaded.release;
  if (analysis === undefined || rollout === undefined)
    return { kind: 'idle', reason: 'its values ask for no analysis' };
  const promoted = status.primary !== undefined && status.primary !== model.primary;
  const candidate = promoted ? primaryOf(model) : candidateOf(loaded, status);
  if (candidate === undefined) return { kind: 'idle', reason: 'no candidate waits for an analysis' };

  const share = promoted ? (status.share ?? 0) : strategy.exposureOf(model, candidate.name);
  const exposed = { candidate, analysis, rollout, share };
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
    return { kind: 'idle', reason: status.message };
  }
  if (!isUnderway(status) || status.candidate !== exposed.candidate.name) return { kind: 'adopting', ...exposed };
  if (!known) return { kind: 'changed', ...exposed };
  const since = Date.parse(status.since ?? '') / 1000;
  const startedAt = Date.parse(status.startedAt ?? '') / 1000;
  if (exposed.share !== status.share || Number.isNaN(since + startedAt)) return { kind: 'adopting', ...exposed };
  return { kind: 'progressing', since, startedAt, ...exposed };
}

/** A settled version is a candidate again when it is another one now, or when a person gave it traffic. */
function candidateOf(loaded: LoadedValues, { settled, phase, candidate: current }: Status): VersionModel | undefined {
  const { model, strategy } = loaded.release;
  const open = model.versions.filter(({ name }) => {
    const identity = identityOf(loaded, name);
    const done = settled.some((entry) => entry.name === name && entry.identity === identity);
    return name !== model.primary && (!done || strategy.exposureOf(model, name) > 0);
  });
  const [first, second] = open;
  if (second === undefined) return first;
  // One that is under way is seen through, rollback included, while the others wait; one that is paused waits itself.
  const known = open.find(({ name }) => name === current);
  if (known !== undefined && isUnderway({ phase })) return known;
  const others = open.filter((version) => version !== known);
  if (known !== undefined && phase === 'Paused' && others.length === 1) return others[0];
  const names = open.map(({ name }) => name).join(', ');
  throw new ConfigError(`Cannot evaluate ${model.name} with one candidate at a time: ${names}`, {
    code: 'evaluate/many-candidates',
    path: loaded.file,
    hint: 'Keep one version beside the primary and those that are settled without traffic, and remove the others for now.',
  });
}
