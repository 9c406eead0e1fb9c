import { ConfigError } from '../../errors.js';
import { goBack, rollBack } from '../../evaluate/changes.js';
import { identityOf } from '../../evaluate/identity.js';
import type { CommandInput } from '../command.js';
import type { Io } from '../io.js';
import { sentence } from './asked.js';
import { type PlanStep, runSteps } from './run-steps.js';
import { exposedIn, replacedByHand, type Standing, targetOf, waitingIn } from './standing.js';
import { stepOf } from './step.js';

/** Takes the traffic from what is under way, or goes back to the former primary, or to a commit; asks no metrics. */
export async function rollback(input: CommandInput, io: Io): Promise<number> {
  const { to, all } = input.options;
  const plan = all === true ? planCandidates : planRollback;
  if (to === undefined) return runSteps(input, io, { command: 'rollback', plan });
  if (all === true) {
    throw new ConfigError('Cannot roll every release back to a commit: --all and --to', {
      code: 'cli/arguments',
      hint: 'Name the release. To take everything back, use git revert.',
    });
  }
  return (await import('./rollback-to.js')).rollbackTo(input, io, String(to));
}

/** What has traffic goes first, then what a promotion has done, then what only waits. */
const planRollback: PlanStep = (standing, context) => {
  if (exposedIn(standing).length > 0) return planCandidates(standing, context);
  const former = formerOf(standing);
  if (former !== undefined) return planFormer(standing, former, context);
  const waiting = waitingIn(standing);
  if (waiting.length > 0) return takeOut(standing, waiting, context);
  return {
    nothing: 'no candidate is under way, and the last decision was no promotion; --to COMMIT goes further back',
  };
};

const planCandidates: PlanStep = (standing, context) => {
  const replaced = replacedByHand(standing);
  if (replaced !== undefined) return planFormer(standing, replaced, context);
  const exposed = exposedIn(standing);
  if (exposed.length === 0) return { nothing: 'no candidate has traffic' };
  return takeOut(standing, exposed, context);
};

type Context = Parameters<PlanStep>[1];

function takeOut(standing: Standing, names: readonly string[], { workspace, asked }: Context) {
  const target = targetOf(standing, names);
  const waits = target.situation.share === 0;
  const [first] = names;
  const reason = sentence(asked, `rolled ${names.join(' and ')} back`);
  const decision = rollBack(target, { reason, clock: { now: asked.now, delay: 0 } });
  return stepOf(workspace, decision, {
    standing,
    ...(waits && { summary: `roll back ${first}, which had no traffic yet` }),
  });
}

/** Returns the primary before the last promotion, by a pass or by a person's hand; undefined where that is long past. */
function formerOf(standing: Standing): string | undefined {
  const { loaded, status } = standing;
  const { primary } = loaded.release.model;
  const replacedNow = replacedByHand(standing);
  if (replacedNow !== undefined) return replacedNow;
  const isPromoted = status.phase === 'Completed' || status.phase === 'Promoting';
  if (!isPromoted || status.candidate !== primary) return undefined;
  const replaced = status.settled.filter(({ outcome }) => outcome === 'replaced');
  return replaced.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1)?.name;
}

function planFormer(standing: Standing, former: string, { workspace, asked }: Context) {
  const { primary } = standing.loaded.release.model;
  assertAsItWas(standing, former);
  const reason = sentence(asked, `went back from ${primary} to ${former}`);
  const decision = goBack(targetOf(standing, [primary]), former, { reason, clock: { now: asked.now, delay: 0 } });
  return stepOf(workspace, decision, { standing, summary: `roll back ${primary}, back to ${former}` });
}

/** What was proven is the version as it was, not the one that is called so now. */
function assertAsItWas({ id, file, loaded, status }: Standing, former: string): void {
  const isThere = loaded.release.model.versions.some(({ name }) => name === former);
  const known = status.settled.find(({ name }) => name === former)?.identity;
  if (isThere && (known === undefined || known === identityOf(loaded, former))) return;
  const current = isThere ? 'it was changed since' : 'it is among its versions no longer';
  throw new ConfigError(`Cannot roll ${id} back to ${former}, the primary before: ${current}`, {
    code: 'cli/former-primary',
    path: file,
    hint: `Go back to a commit that had it: sluice rollback ${id} --to COMMIT${isThere ? `; or promote it as it is now: sluice promote ${id} --version ${former}` : ''}.`,
  });
}
