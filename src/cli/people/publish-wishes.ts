import { GitError, isSluiceError } from '../../errors.js';
import { rehearse } from '../../gitops/plan-proposals.js';
import type { Outcome, Proposal } from '../../gitops/proposal.js';
import { Overtaken } from '../../gitops/proposal.js';
import { filesOf } from '../folder-at.js';
import type { Io } from '../io.js';
import { waitsAs } from '../pull-requests.js';
import type { Session } from '../writer.js';
import type { StepResult } from './report.js';
import { type Requested, requestSteps } from './request-steps.js';
import type { Nothing, Step } from './step.js';
import { type Command, isUrgent, kindOf, type Wish } from './wish.js';

/** How wishes are carried out. */
interface Carrying {
  readonly command: Command;
  readonly dryRun: boolean;
  readonly io: Io;
}

/** Commits what is wished for, or opens requests where it is to wait for a merge. */
export async function publishWishes(
  session: Session,
  wishes: readonly Wish[],
  { command, dryRun, io }: Carrying,
): Promise<StepResult[]> {
  const planned = new Map<Wish, Step | Nothing>();
  const proposals = wishes.map((wish): Proposal => {
    return {
      release: wish.id,
      urgent: isUrgent(command),
      plan(files) {
        const found = wish.plan(files);
        if (found instanceof Overtaken) return found;
        planned.set(wish, found);
        return 'nothing' in found ? undefined : found.plan;
      },
    };
  });
  const waiting = waitsAs(session.workspace, kindOf(command));
  const outcomes = waiting ? alone(session, proposals) : await session.publish(proposals);
  const results = wishes.map((wish, index) => resultOf(wish.id, planned.get(wish), outcomes[index]));
  if (!waiting) return results;
  if (dryRun) return results.map((result) => (result.step ? { ...result, request: { kind: 'would wait' } } : result));
  return request(results, { command, workspace: session.workspace, io });
}

/** Every request is merged by itself, so that none is planned on another one. */
function alone(session: Session, proposals: readonly Proposal[]): Outcome[] {
  const { read } = filesOf(session.workspace);
  return proposals.flatMap((proposal) => rehearse([session.guard(proposal)], read));
}

async function request(results: readonly StepResult[], requesting: Parameters<typeof requestSteps>[1]) {
  const steps = results.flatMap(({ release, step }) => (step === undefined ? [] : { id: release, step }));
  if (steps.length === 0) return [...results];
  const requested = await tryRequests(steps, requesting);
  return results.map((result): StepResult => {
    const { release, step } = result;
    const outcome = requested[steps.findIndex((each) => each.step === step)];
    if (step === undefined || outcome === undefined) return result;
    const error = requestError(release, outcome);
    if (error !== undefined) return { release, error };
    return outcome.kind === 'waiting' ? { ...result, request: outcome } : { release, nothing: 'it is so already' };
  });
}

async function tryRequests(...[steps, requesting]: Parameters<typeof requestSteps>): Promise<readonly Requested[]> {
  try {
    return await requestSteps(steps, requesting);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return steps.map(() => ({ kind: 'failed', error }));
  }
}

function requestError(release: string, outcome: Requested): Error | undefined {
  if (outcome.kind !== 'blocked' && outcome.kind !== 'declined') return errorOf(release, outcome);
  const at = outcome.request === undefined ? '' : ` (${outcome.request.name} ${outcome.request.url})`;
  return new GitError(`Cannot bring the request for ${release} up to date: ${outcome.reason}${at}`, {
    code: 'git/overtaken',
    path: release,
    hint: 'Close that request and delete its branch, or put the commit of sluice back there; then run the command again.',
  });
}

function resultOf(release: string, found: Step | Nothing | undefined, outcome: Outcome | undefined): StepResult {
  const error = outcome && errorOf(release, outcome);
  if (error !== undefined) return { release, error };
  if (found === undefined || 'nothing' in found) return { release, nothing: found?.nothing ?? 'nothing changes' };
  if (outcome?.kind === 'committed') return { release, step: found, commit: outcome.commit };
  return outcome?.kind === 'planned' ? { release, step: found } : { release, nothing: 'it is so already' };
}

function errorOf(release: string, outcome: Outcome | Requested): Error | undefined {
  switch (outcome.kind) {
    case 'failed':
      return outcome.error;
    case 'overtaken':
      return new GitError(`Cannot commit to ${release} as asked: ${outcome.reason}`, {
        code: 'git/overtaken',
        path: release,
        hint: 'Look at what changed, and run the command again.',
      });
    case 'deferred':
      return new GitError(`Cannot commit to ${release} within the budget: ${outcome.reason}`, {
        code: 'git/budget',
        path: release,
        hint: 'Wait a little, or raise git.pushesPerMinute or git.writesPerHour in sluice.yaml.',
      });
    default:
      return undefined;
  }
}
