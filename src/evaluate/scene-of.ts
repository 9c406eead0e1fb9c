import { type PolicyId, policies } from '../policies/registry.js';
import type { Analysis } from '../release/evaluation.js';
import type { Rollout } from '../release/policy.js';
import type { LoadedValues } from '../values/load.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { identityOf } from './identity.js';
import { movesOf } from './moves-of.js';
import type { Scene } from './phases/scene.js';
import type { Cast } from './phases/state.js';

/** Returns who there is in the values. */
export function castOf(loaded: LoadedValues): Cast {
  const { model, strategy } = loaded.release;
  const version = (name: string) => ({ name, identity: identityOf(loaded, name) });
  const others = model.versions.filter(({ name }) => name !== model.primary);
  return {
    primary: version(model.primary),
    others: others.map(({ name }) => ({ ...version(name), share: strategy.exposureOf(model, name) })),
    moves: movesOf(strategy),
  };
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
 * ask for, such as a second mirror, one follows the other.
 */
function togetherIn({ model, strategy, environment }: ResolvedRelease): number {
  const [first, second] = model.versions.filter(({ name }) => name !== model.primary);
  if (first === undefined || second === undefined) return 1;
  if (environment.supports.includes('replicas') && strategy.needs === 'weight') return 1;
  const exposures = strategy.expose(model, { [first.name]: strategy.grant(1), [second.name]: strategy.grant(1) });
  const both = {
    ...model,
    versions: model.versions.map((version) => ({ ...version, ...exposures.versions[version.name] })),
  };
  return environment.refuses(both, strategy.plan(both)).length > 0 ? 1 : Number.POSITIVE_INFINITY;
}
