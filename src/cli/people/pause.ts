import { goOn } from '../../evaluate/changes.js';
import { heldBy } from '../../evaluate/held-by.js';
import type { CommitPlan } from '../../gitops/plan.js';
import type { Rollout } from '../../release/policy.js';
import { applyEdits } from '../../values/edit.js';
import { reloadValues } from '../../values/load.js';
import { removeKey } from '../../values/remove-key.js';
import { formatPath } from '../../values/source-text.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import { sentence } from './asked.js';
import { type PlanStep, runSteps } from './run-steps.js';
import { exposedIn, type Standing, targetOf } from './standing.js';
import { type Step, stepOf } from './step.js';

const place = ['rollout', 'override'] as const;

/** Holds a release where it is: `rollout.override` in its values, which every pass reads. */
export function pause(input: CommandInput, io: Io): Promise<number> {
  return runSteps(input, io, { command: 'pause', plan: planPause });
}

/** Takes back what `pause` wrote. */
export function resume(input: CommandInput, io: Io): Promise<number> {
  return runSteps(input, io, { command: 'resume', plan: planResume });
}

const planPause: PlanStep = (standing, { asked }) => {
  const { analysis, rollout } = standing.loaded.release;
  if (analysis === undefined) return { nothing: 'its values ask for no analysis, so nothing moves by itself' };
  const { by, reason } = asked;
  const before = rollout?.override?.action === 'pause' ? rollout : undefined;
  const isSame = reason === undefined || reason === before?.override?.reason;
  if (before !== undefined && isSame) return { nothing: `it is ${wishOf(before)}` };
  const wish = { action: 'pause', by, ...(reason !== undefined && { reason }) };
  const edits = Object.entries(wish).map(([key, value]) => ({ path: [...place, key], value }));
  const { file } = standing.loaded;
  // Another wish gives way, with all that it says.
  const text = removeKey(standing.loaded.text, place, { file });
  const was = before === undefined ? '' : `; it was ${wishOf(before)}`;
  const words = { summary: 'pause', body: `${sentence(asked, 'paused it')}${was}`, decision: 'pause' };
  const lines = edits.map(({ path, value }) => `${formatPath(path)}: ${value}`);
  return stepWith(standing, applyEdits(text, edits, { file }), { words, lines });
};

const planResume: PlanStep = (standing, { workspace, asked }) => {
  const { file, text, release } = standing.loaded;
  const { rollout } = release;
  if (rollout?.override === undefined) {
    const { paused } = standing.status;
    if (paused === undefined) return { nothing: 'it is not paused' };
    const reason = `${sentence(asked, 'resumed it')}; it was paused: ${paused}`;
    const target = targetOf(standing, exposedIn(standing));
    const decision = goOn(target, { reason, clock: { now: asked.now, delay: 0 } });
    return stepOf(workspace, decision, { standing, summary: 'resume', trailer: 'resume' });
  }
  const was = wishOf(rollout);
  const words = { summary: 'resume', body: `${sentence(asked, 'resumed it')}; it was ${was}`, decision: 'resume' };
  return stepWith(standing, removeKey(text, place, { file }), { words, lines: [`${formatPath(place)} removed`] });
};

function wishOf(rollout: Rollout): string {
  const { override } = rollout;
  return heldBy({ override }, {}, 0) ?? 'told to go on';
}

interface Said {
  readonly words: Pick<CommitPlan, 'summary'> & { readonly body: string; readonly decision: string };
  readonly lines: readonly string[];
}

/** No object follows from `rollout`, so the values are all that changes. */
function stepWith({ loaded, file }: Standing, text: string, { words, lines }: Said): Step {
  const { decision, ...rest } = words;
  const release = reloadValues(loaded, text).release.model.name;
  const plan = { release, ...rest, trailers: { decision }, changes: [{ path: file, content: text }] };
  return { plan, lines, notices: [] };
}
