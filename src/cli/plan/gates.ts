import { heldBy } from '../../evaluate/held-by.js';
import type { State } from '../../evaluate/phases/state.js';
import type { Rollout } from '../../release/policy.js';
import { duration } from '../../reports/words.js';
import { waitsAs } from '../pull-requests.js';
import type { Workspace } from '../workspace.js';

/** What a candidate is asked for, and where it stands. */
export interface Approach {
  readonly workspace: Workspace;
  readonly rollout: Rollout;
  readonly state: State;
  /** The percent of the candidate. */
  readonly share: number;
  /** The most seconds of its analysis, where this is reached when they are over. */
  readonly overdue: number | undefined;
  /** Unix seconds. */
  readonly now: number;
}

/** The kinds of decisions that steps are made by. */
const decisions = { baseline: 'hold', share: 'advance', promotion: 'promote', 'roll back': 'roll back' } as const;

interface Step {
  readonly kind: keyof typeof decisions;
  readonly share: number;
}

/** Returns whom or what a step waits for beside the verdict, each in a few words. */
export function gatesOf({ kind, share }: Step, approach: Approach): string[] {
  const { workspace, rollout, overdue } = approach;
  const merged = waitsAs(workspace, decisions[kind]) ? ['the merge of a pull request'] : [];
  if (kind === 'roll back') return merged;
  if (kind === 'baseline') return [...merged, ...holdsOn(approach)];
  const ends = kind === 'promotion' && rollout.onTermination !== 'to-winner';
  return [
    ...pausesBefore(kind === 'promotion' ? Number.POSITIVE_INFINITY : share, approach),
    ...(ends ? [`sluice promote, since onTermination is ${rollout.onTermination}`] : []),
    ...(overdue === undefined
      ? []
      : [`a win by the end of its analysis (${duration(overdue)}), else ${after[rollout.onInconclusive]}`]),
    ...merged,
    ...holdsOn(approach),
  ];
}

/** What becomes of who has not won by the end. */
const after = { hold: 'inconclusive', rollback: 'rolled back', promote: 'promoted while it keeps its limits' } as const;

/** The pause of the step that is left; those before it are told with the steps before. */
function pausesBefore(share: number, { rollout, share: now }: Approach): string[] {
  const left = rollout.steps.findLast((step) => step.share < share && step.share >= now);
  return left?.pause === true ? [`a person, at the pause of ${left.share} %`] : [];
}

function holdsOn({ workspace, rollout, state, now }: Approach): string[] {
  const { freeze, schedule } = workspace.project;
  const held = heldBy(rollout, { freeze, schedule }, now);
  const paused = state.paused === undefined ? [] : ['sluice resume, since the evaluator has paused it'];
  return [...(held === undefined ? [] : [held]), ...paused];
}
