import { sharesToTake } from '../../evaluate/ahead/steps-ahead.js';
import { gaugesIn } from '../../release/evaluation.js';
import type { Rollout } from '../../release/policy.js';
import type { Regression, Scenario } from '../../simulate/scenario.js';
import type { ResolvedRelease } from '../../values/resolve.js';
import type { Service } from './service.js';
import { standingsIn } from './standings.js';

/** What is simulated of a release, and what cannot be. */
export interface PowerScenarios {
  /** As the policy moves the candidate. */
  readonly byPolicy: Scenario;
  /** A candidate like the primary, moved in the same way. */
  readonly equal: Scenario;
  /** Kept at one share until the time is up. */
  readonly atShares: readonly { readonly share: number; readonly scenario: Scenario }[];
  /** Metrics that are not simulated, and so not judged by. */
  readonly left: readonly string[];
}

/** Beyond it the comparison has too little of the primary. */
const MOST_SHARE = 50;

/** A release is neither held nor watched afterwards, and nobody has to be asked. */
const attended = { override: undefined, schedule: undefined, onMetricsDown: undefined, onNoData: undefined } as const;

/**
 * Returns what is simulated to tell how soon a regression is seen; undefined where the release has no analysis, or nothing
 * that a simulation knows.
 */
export function powerScenarios(
  release: ResolvedRelease,
  { rate, baseline }: Service,
  regression: Regression,
): PowerScenarios | undefined {
  const { analysis, rollout } = release;
  if (analysis === undefined || rollout === undefined) return undefined;
  const left = gaugesIn(analysis);
  const objectives = analysis.objectives.filter(({ metric }) => !left.includes(metric));
  if (objectives.length === 0) return undefined;
  const rewards = analysis.rewards.filter(({ metric }) => !left.includes(metric));
  const played: Rollout = { ...rollout, ...attended, onTermination: 'to-winner', rollbackWindow: 0, cleanup: false };
  const byPolicy: Scenario = {
    ...{ traffic: { shape: 'flat', rate }, pods: podsOf(release), baseline, regression, sync: 0 },
    analysis: { ...analysis, objectives, rewards },
    rollout: { ...played, steps: unpaused(rollout.steps) },
  };
  const shares = [...new Set(sharesToTake(release).map((share) => Math.min(share, MOST_SHARE)))];
  return {
    byPolicy,
    equal: { ...byPolicy, regression: undefined },
    atShares: shares.map((share) => ({ share, scenario: keptAt(share, byPolicy) })),
    left,
  };
}

function podsOf(release: ResolvedRelease): Scenario['pods'] {
  const pods = standingsIn(release);
  const { primary } = release.model;
  const of = (isPrimary: boolean) => pods.find(({ version }) => (version === primary) === isPrimary)?.pods;
  return {
    ...{ primary: of(true) || 8, candidate: of(false) || 2 },
    ...{ errorVariation: 0, latencyVariation: 0, autocorrelation: 0.5 },
  };
}

/** Copies of all requests leave the primary as many as it had; as a share they would leave it none. */
function unpaused(steps: Rollout['steps']): Rollout['steps'] {
  const rising = new Map(steps.map((step) => [Math.min(step.share, 95), step]));
  return [...rising].map(([share, { duration }]) => ({ share, duration, pause: false }));
}

/** Nothing is promoted before the time is up. */
function keptAt(share: number, scenario: Scenario): Scenario {
  const { analysis, rollout } = scenario;
  const { entryShare: _, maxIncrement: __, maxCandidateWeight: ___, ...rest } = rollout;
  return {
    ...scenario,
    analysis: { ...analysis, minDuration: analysis.maxDuration },
    rollout: { ...rest, policy: 'steps', steps: [{ share, duration: 0, pause: false }], onInconclusive: 'hold' },
  };
}
