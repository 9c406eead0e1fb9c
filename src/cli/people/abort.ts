import { keep, terminate } from '../../evaluate/changes.js';
import { identityOf } from '../../evaluate/identity.js';
import { amountOf, movesOf } from '../../evaluate/moves-of.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import { sentence } from './asked.js';
import { type PlanStep, runSteps } from './run-steps.js';
import { exposedIn, replacedByHand, type Standing, targetOf, waitingIn } from './standing.js';
import { stepOf } from './step.js';

/** Ends an analysis before it concludes: nobody has won, and nobody has failed. */
export function abort(input: CommandInput, io: Io): Promise<number> {
  return runSteps(input, io, { command: 'abort', plan: planAbort });
}

const planAbort: PlanStep = (standing, { workspace, asked }) => {
  const { analysis, rollout, strategy } = standing.loaded.release;
  if (analysis === undefined) return { nothing: 'its values ask for no analysis' };
  const replaced = replacedByHand(standing);
  if (replaced !== undefined) {
    const { primary } = standing.loaded.release.model;
    return { nothing: `${primary} was made the primary in its values; sluice rollback goes back to ${replaced}` };
  }
  const exposed = exposedIn(standing);
  const names = exposed.length > 0 ? exposed : waitingIn(standing);
  if (names.length === 0 || isOver(standing, names)) return { nothing: 'no analysis is under way' };
  const target = targetOf(standing, names);
  const clock = { now: asked.now, delay: 0 };
  const ended = sentence(asked, `terminated the analysis of ${names.join(' and ')}`);
  const [first] = names;
  const summary = `abort the analysis of ${first}`;
  if (rollout?.onTermination === 'keep-last' && exposed.length > 0) {
    const amount = amountOf(movesOf(strategy), target.situation.share ?? 0);
    const reason = `${ended}; onTermination is keep-last, so it stays as it is`;
    const kept = { standing, summary: `${summary}, which keeps ${amount}`, trailer: 'abort' };
    return stepOf(workspace, keep(target, { reason, clock }), kept);
  }
  return stepOf(workspace, terminate(target, { reason: ended, clock }), { standing, summary, trailer: 'abort' });
};

/** An analysis that kept the candidate where it was is over, though the candidate has traffic. */
function isOver({ loaded, status }: Standing, [name = '', ...others]: readonly string[]): boolean {
  const { model, strategy } = loaded.release;
  const ended = status.phase === 'Completed' || status.phase === 'Terminated';
  const isKnown = status.candidate === name && status.identity === identityOf(loaded, name);
  return ended && isKnown && others.length === 0 && status.share === strategy.exposureOf(model, name);
}
