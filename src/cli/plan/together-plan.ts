import type { Departure, Reached } from '../../evaluate/ahead/play.js';
import type { StepAhead } from '../../evaluate/ahead/steps-ahead.js';
import { togetherFrom } from '../../evaluate/ahead/together.js';
import { amountOf, movesOf } from '../../evaluate/moves-of.js';
import { ownedEdits } from '../../evaluate/owned-edits.js';
import type { Scene } from '../../evaluate/phases/scene.js';
import type { State } from '../../evaluate/phases/state.js';
import type { Shares } from '../../release/policy.js';
import { type Origin, type PlannedStep, shareStep } from './planned-step.js';
import { type Standing, standingsIn } from './standings.js';

/** What a release is planned from. */
export interface Found extends Origin {
  readonly scene: Scene;
  readonly state: State;
  /** How many candidates are analysed beside one another. */
  readonly together: number;
}

/** What several candidates come to beside one another. */
export interface TogetherPlan {
  readonly candidates: readonly string[];
  readonly primary: string;
  readonly judge: string;
  readonly policy: string;
  /** Requests per second of all versions together, where that was said. */
  readonly rate: number | undefined;
  /** What every version has now. */
  readonly now: readonly Standing[];
  readonly steps: readonly (PlannedStep & { readonly shares: Shares })[];
  /** What has to be known of all of them. */
  readonly notes: readonly string[];
}

/**
 * Returns what is expected of candidates that are analysed together: the shares that policy and phases give them while all
 * pass, each state rendered, validated and linted. Undefined where one follows the other, or nothing goes on by itself.
 */
export function togetherPlan(
  candidates: readonly string[],
  found: Found,
  departure: Departure | undefined,
): TogetherPlan | undefined {
  const { together, scene, ground, loaded } = found;
  if (together < 2 || departure === undefined) return undefined;
  const { reached, due } = togetherFrom(departure);
  const { analysis, rollout, primary } = scene;
  let before = loaded;
  const steps = reached.map(({ shares, at }) => {
    const step = stepTo(shares, candidates, found);
    const share = Math.min(step.share, mostNow(found));
    const way = { ...found, analysis, rollout, share, earliest: { share: () => at, promotion: undefined, due } };
    const { values, planned } = shareStep(step, before, way);
    before = values ?? before;
    return { ...planned, shares };
  });
  return {
    ...{ candidates, primary: primary.name, judge: analysis.judge, policy: rollout.policy, rate: ground.rate },
    ...{ now: standingsIn(loaded.release), steps, notes: ['while all pass and none has won; who wins is promoted'] },
  };
}

/** Returns the state of the route in which every candidate has its share. */
function stepTo(shares: Reached['shares'], candidates: readonly string[], { loaded }: Found): StepAhead {
  const { model, strategy } = loaded.release;
  const given = candidates.map((name) => shares[name] ?? 0);
  const amounts = given.map((share) => amountOf(movesOf(strategy), share));
  const isEven = amounts.every((amount) => amount === amounts[0]);
  return {
    kind: 'share',
    candidate: candidates.join(', '),
    share: Math.max(...given),
    name: isEven ? `${amounts[0]} each` : amounts.join(' and '),
    edits: ownedEdits(loaded.values, model, strategy.expose(model, shares)),
  };
}

function mostNow({ scene }: Found): number {
  return Math.max(...scene.others.map(({ share }) => share));
}
