import { ConfigError } from '../errors.js';
import type { Analysis, Rollout } from '../release/evaluation.js';
import type { VersionModel } from '../release/model.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { identityOf } from './identity.js';
import type { Status } from './status.js';

/** Where a release stands before its evidence is looked at. */
export type Situation =
  /** There is nothing to decide. */
  | { readonly kind: 'idle'; readonly reason: string }
  /** A candidate gets nothing yet and waits to be let in. */
  | ({ readonly kind: 'entering' } & Underway)
  /** A person gave the candidate its share; from here on it is analysed at that. */
  | ({ readonly kind: 'adopting'; readonly share: number } & Underway)
  /** A candidate is exposed at the share of the last decision. */
  | ({
      readonly kind: 'progressing';
      readonly share: number;
      readonly since: number;
      readonly startedAt: number;
    } & Underway)
  /** The candidate became another one while it was exposed. */
  | ({ readonly kind: 'changed'; readonly share: number } & Underway);

/** A candidate under analysis and how that is done. */
export interface Underway {
  readonly candidate: VersionModel;
  readonly analysis: Analysis;
  readonly rollout: Rollout;
}

/**
 * Returns where a release stands, from its values and its status alone.
 *
 * @throws ConfigError when more than one candidate waits for an analysis
 */
export function situationOf(release: ResolvedRelease, status: Status): Situation {
  const { analysis, rollout, model, strategy } = release;
  if (analysis === undefined || rollout === undefined)
    return { kind: 'idle', reason: 'its values ask for no analysis' };
  const candidate = candidateOf(release, status);
  if (candidate === undefined) return { kind: 'idle', reason: 'no candidate waits for an analysis' };

  const underway: Underway = { candidate, analysis, rollout };
  const share = strategy.exposureOf(model, candidate.name);
  const known = status.phase === 'Progressing' && status.candidate === candidate.name;
  if (!known) return share === 0 ? { kind: 'entering', ...underway } : { kind: 'adopting', share, ...underway };
  if (status.identity !== identityOf(candidate)) {
    return share === 0 ? { kind: 'entering', ...underway } : { kind: 'changed', share, ...underway };
  }
  if (share === 0) return { kind: 'idle', reason: withdrawn(candidate.name) };
  const since = Date.parse(status.since ?? '') / 1000;
  const startedAt = Date.parse(status.startedAt ?? '') / 1000;
  if (share !== status.share || Number.isNaN(since + startedAt)) return { kind: 'adopting', share, ...underway };
  return { kind: 'progressing', share, since, startedAt, ...underway };
}

function withdrawn(name: string): string {
  return `a person took ${name} out of the route; give it a weight, or set routed to true, to go on`;
}

function candidateOf({ model }: ResolvedRelease, { settled }: Status): VersionModel | undefined {
  const candidates = model.versions.filter((version) => {
    const identity = identityOf(version);
    const done = settled.some((entry) => entry.name === version.name && entry.identity === identity);
    return version.name !== model.primary && !done;
  });
  const [first, second] = candidates;
  if (second === undefined) return first;
  const names = candidates.map(({ name }) => name).join(', ');
  throw new ConfigError(`Cannot evaluate ${model.name} with one candidate at a time: ${names}`, {
    code: 'evaluate/many-candidates',
    path: model.name,
    hint: 'Keep one version beside the primary and those that are settled, and remove the others for now.',
  });
}
