import { isSluiceError } from '../../errors.js';
import type { RequestOutcome } from '../../gitops/pull-requests/propose.js';
import { freezeBranch, requestBranch } from '../../gitops/pull-requests/request-branch.js';
import { settleRequests } from '../../gitops/pull-requests/settle.js';
import type { Wanted } from '../../gitops/pull-requests/settling.js';
import { openRepository } from '../../gitops/repository.js';
import type { Io } from '../io.js';
import { groundIn, settlingIn } from '../pull-requests.js';
import { bodyOf, remarksOn } from '../request-body.js';
import { hexadecimal, type WaitingGround } from '../waiting-commits.js';
import { type ReleaseEntry, readRelease, readReleases, type Workspace } from '../workspace.js';
import type { Step } from './step.js';
import { type Command, isForAll, isUrgent, kindOf } from './wish.js';

/** What became of the request for a step. */
export type Requested = RequestOutcome;

/** What a command does to a release, or to the settings of all. */
interface Ordered {
  readonly id: string;
  readonly step: Step;
}

/** Who opens requests, and where. */
interface Requesting {
  readonly command: Command;
  readonly workspace: Workspace;
  readonly io: Io;
}

/**
 * Opens the one request of each release for what a person commands, or brings the one that is open to that. Requests of
 * other releases stay as they are.
 *
 * @returns what became of each, in the order of the steps
 * @throws GitError, ConfigError when the server cannot be asked at all
 */
export async function requestSteps(
  steps: readonly Ordered[],
  { command, workspace, io }: Requesting,
): Promise<readonly Requested[]> {
  const { pullRequests } = workspace.project.git;
  if (pullRequests === undefined) return [];
  const repository = await openRepository(io.cwd);
  const entries = steps.every(({ step }) => isForAll(step)) ? [] : entriesOf(workspace, steps);
  const ground = groundIn(repository, { workspace, entries });
  const wanted = steps.map((each) => wantedFor(each, command, ground));
  const settling = await settlingIn(repository, { ...workspace.project.git, pullRequests }, io);
  const { outcomes } = await settleRequests(wanted.filter(isWanted), settling);
  let next = 0;
  return wanted.map((each) => (isWanted(each) ? outcomes[next++] : each) ?? { kind: 'unchanged' });
}

/** To read all of them once is less than to look for each. */
function entriesOf(workspace: Workspace, steps: readonly Ordered[]): readonly ReleaseEntry[] {
  const [only, ...others] = steps;
  const entry = only && others.length === 0 ? readRelease(workspace, only.id) : undefined;
  return entry === undefined ? readReleases(workspace) : [entry];
}

/** The same command for the same reason is the same request, whenever it is given. */
function wantedFor({ id, step }: Ordered, command: Command, ground: WaitingGround): Wanted | Requested {
  const { prefix } = ground;
  const { plan, says = plan.body ?? '', candidate, lines } = step;
  const remarks = command === 'rollback' ? remarksOn({ kind: 'roll back', candidate: candidate?.name }) : [];
  try {
    return {
      branch: isForAll(step) ? freezeBranch(prefix) : requestBranch(id, prefix),
      plan: { ...plan, trailers: { ...plan.trailers, command } },
      key: hexadecimal(
        JSON.stringify({ command, kind: kindOf(command), summary: plan.summary, body: plan.body, lines }),
      ),
      urgent: isUrgent(command),
      command,
      body: bodyOf({ release: id, reason: says, remarks }, plan, ground),
    };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { kind: 'failed', error };
  }
}

function isWanted(each: Wanted | Requested): each is Wanted {
  return 'branch' in each;
}
