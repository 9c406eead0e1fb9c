import { type PolicyId, policies } from '../../policies/registry.js';
import { candidatesOf } from '../../release/model.js';
import { mostBeside } from '../../release/most-beside.js';
import type { Rollout, Shares } from '../../release/policy.js';
import type { Allocation } from '../../release/strategy.js';
import type { Edit } from '../../values/edit.js';
import type { LoadedValues } from '../../values/load.js';
import type { ResolvedRelease } from '../../values/resolve.js';
import { amountOf, movesOf } from '../moves-of.js';
import { ownedEdits } from '../owned-edits.js';

/** A state of the route that a candidate may come to next, or later. */
export interface StepAhead {
  readonly kind: 'roll back' | 'share' | 'promotion';
  readonly candidate: string;
  /** The percent that the candidate has then; 100 as the primary. */
  readonly share: number;
  /** What it is called in a sentence, such as `5 %`, `copies of 5 %` or `promotion`. */
  readonly name: string;
  /** What the evaluator would write for it. */
  readonly edits: readonly Edit[];
}

/** Shares that stand for all of them, where a policy may choose nearly any. */
const USUAL = [1, 2, 5, 10, 20, 35, 50];

/** From here on a table of every single share would tell nothing more. */
export const MOST_SHARES = 12;

/** The primary keeps at least so much of the requests. */
const LEAST_FOR_PRIMARY = 1;

/**
 * Returns the steps that the policy and the strategy could take with a candidate from where it is, in their order: back to
 * nothing, the shares, the promotion. Fixed steps only rise. Other candidates keep what they have, and shares for which
 * that leaves no room are left out. None where no policy moves anybody.
 */
export function stepsAhead({ release, values }: LoadedValues, candidate: string): StepAhead[] {
  const { model, strategy, rollout } = release;
  if (rollout === undefined) return [];
  const now = strategy.exposureOf(model, candidate);
  const others = sharesBeside(release, candidate);
  const baseline = freshBaselineIn(release);
  const given = Object.values(others).reduce((sum, share) => sum + share, 0);
  const room = Math.floor((100 - LEAST_FOR_PRIMARY - given) / (baseline === undefined ? 1 : 2));
  const isFixed = rollout.steps.length > 0;
  const shares = sharesToTake(release).filter((share) => {
    return share !== now && (!isFixed || share > now) && (strategy.needs !== 'weight' || share <= room);
  });
  const edits = (allocation: Allocation) => ownedEdits(values, model, allocation);
  const at = (share: number, kind: StepAhead['kind']): StepAhead => ({
    ...{ kind, candidate, share, name: kind === 'share' ? amountOf(movesOf(strategy), share) : kind },
    edits: edits(strategy.expose(model, { ...others, [candidate]: share, ...(baseline && { [baseline]: share }) })),
  });
  return [
    ...(now > 0 ? [at(0, 'roll back')] : []),
    ...shares.map((share) => at(share, 'share')),
    {
      ...{ kind: 'promotion', candidate, share: 100, name: 'promotion' },
      edits: edits(strategy.promote(model, candidate)),
    },
  ];
}

/** Whether a share that rises so comes to one of those that stand for all. */
export function isUsual(before: number, share: number): boolean {
  return USUAL.some((each) => before < each && share >= each);
}

/** Returns the shares that the policy may give a candidate, rising; of very many the usual ones. */
export function sharesToTake({ rollout, strategy, analysis }: ResolvedRelease): readonly number[] {
  if (rollout === undefined || strategy.needs === undefined) return [];
  if (strategy.needs === 'match') return [strategy.grant(100)];
  const shares = rollout.steps.length > 0 ? rollout.steps.map(({ share }) => share) : chosen(rollout);
  return analysis?.baseline === 'fresh' ? shares.filter((share) => share <= mostBeside(1)) : shares;
}

function chosen(rollout: Rollout): readonly number[] {
  const policy = policies[rollout.policy as PolicyId];
  // The last one that is left may have as much as one alone.
  const reached = policy.reaches(rollout, 1);
  if (reached.length <= MOST_SHARES) return reached;
  const ends = [policy.entryShare(rollout, undefined), reached.at(-1)];
  return reached.filter((share) => USUAL.includes(share) || ends.includes(share));
}

/** Returns the version that gets as much as the candidate, where it is deployed already. */
function freshBaselineIn({ model, analysis }: ResolvedRelease): string | undefined {
  if (analysis?.baseline !== 'fresh') return undefined;
  return model.versions.find(({ baselineOf }) => baselineOf !== undefined)?.name;
}

/** What divides one whole has to be said of everybody; copies and matches of others stay without being named. */
function sharesBeside({ model, strategy }: ResolvedRelease, candidate: string): Shares {
  if (strategy.needs !== 'weight') return {};
  const others = candidatesOf(model).filter(({ name }) => name !== candidate);
  const shares = others.map(({ name }) => [name, strategy.exposureOf(model, name)] as const);
  return Object.fromEntries(shares.filter(([, share]) => share > 0));
}
