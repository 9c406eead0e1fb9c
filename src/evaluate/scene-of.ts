import { type PolicyId, policies } from '../policies/registry.js';
import type { Analysis } from '../release/evaluation.js';
import { candidatesOf, type ReleaseModel } from '../release/model.js';
import type { Rollout } from '../release/policy.js';
import { likePrimaryBeside } from '../values/baseline-entry.js';
import type { LoadedValues } from '../values/load.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { identityOf } from './identity.js';
import { movesOf } from './moves-of.js';
import type { Scene } from './phases/scene.js';
import type { Baseline, Cast } from './phases/state.js';

/** Returns who there is in the values. */
export function castOf(loaded: LoadedValues): Cast {
  const { model, strategy } = loaded.release;
  const version = (name: string) => ({ name, identity: identityOf(loaded, name) });
  const others = candidatesOf(model);
  return {
    primary: version(model.primary),
    others: others.map(({ name }) => ({ ...version(name), share: strategy.exposureOf(model, name) })),
    ...(others.length + 1 < model.versions.length && { baseline: baselineIn(loaded) }),
    ...(loaded.release.analysis?.baseline === 'fresh' && { fresh: true }),
    moves: movesOf(strategy),
  };
}

function baselineIn(loaded: LoadedValues): Baseline | undefined {
  const { model, strategy } = loaded.release;
  const name = model.versions.find(({ baselineOf }) => baselineOf !== undefined)?.name;
  if (name === undefined) return undefined;
  const candidates = candidatesOf(model).map((each) => each.name);
  return { name, share: strategy.exposureOf(model, name), fits: likePrimaryBeside(loaded, name, candidates) };
}

/** Returns the name of the version that candidates are compared with, as the values have it. */
export function comparedWith({ versions, primary }: ReleaseModel, { baseline }: Pick<Analysis, 'baseline'>): string {
  const fresh = baseline === 'fresh' ? versions.find(({ baselineOf }) => baselineOf !== undefined) : undefined;
  return fresh?.name ?? primary;
}

/** Returns the release that the values describe, as its phases know it; undefined where they ask for no analysis. */
export function sceneOf(loaded: LoadedValues): Scene | undefined {
  const { analysis, rollout, strategy } = loaded.release;
  if (analysis === undefined || rollout === undefined) return undefined;
  return {
    ...castOf(loaded),
    ...asked(analysis, rollout),
    // Few releases have several candidates to ask it for.
    get together() {
      return togetherIn(loaded.release);
    },
    grant: (share) => strategy.grant(share),
  };
}

function asked(analysis: Analysis, rollout: Rollout): Pick<Scene, 'analysis' | 'rollout' | 'policy'> {
  return { analysis, rollout, policy: policies[rollout.policy as PolicyId] };
}

/**
 * Where pods are the shares, their number makes those of one candidate; where an environment cannot carry out what two
 * ask for, such as a second mirror, one follows the other; and where each is to have a baseline of its size.
 */
function togetherIn({ model, strategy, environment, analysis }: ResolvedRelease): number {
  const [first, second] = candidatesOf(model);
  if (first === undefined || second === undefined || analysis?.baseline === 'fresh') return 1;
  if (environment.supports.includes('replicas') && strategy.needs === 'weight') return 1;
  const exposures = strategy.expose(model, { [first.name]: strategy.grant(1), [second.name]: strategy.grant(1) });
  const both = {
    ...model,
    versions: model.versions.map((version) => ({ ...version, ...exposures.versions[version.name] })),
  };
  return environment.refuses(both, strategy.plan(both)).length > 0 ? 1 : Number.POSITIVE_INFINITY;
}
