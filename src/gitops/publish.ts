import { GitError, isSluiceError } from '../errors.js';
import type { Backend } from './backend.js';
import { realSleep } from './bounded-fetch.js';
import type { Allowance } from './budget.js';
import { type Planned, planAll } from './plan-proposals.js';
import type { Files, Outcome, Proposal } from './proposal.js';
import type { Repository } from './repository.js';

/** Where proposals are published, and by what. */
export interface Publication {
  readonly backend: Backend;
  /** As the last `sync` returned it. */
  readonly repository: Repository;
  /** Reads a file of the working copy. */
  readonly read: Files['read'];
  /** Asked before every push. @default no limits */
  readonly allowance?: (() => Promise<Allowance>) | undefined;
  /** Between two tries, in milliseconds. @default real time */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** Milliseconds of any clock that goes on. @default that of this process */
  readonly clock?: () => number;
}

/** So many tries in any case, and more of them as long as the whole is quick. */
const fewestTries = 5;
const mostTries = 12;
const quick = 20_000;
const shortestPause = 100;
const longestFirstPause = 1000;
/** The pause is doubled so often: who has lost for long is not to wait while others start anew. */
const mostDoublings = 3;

/**
 * Publishes a commit for every proposal, those that may not wait first. Where somebody moved the branch meanwhile, all
 * are planned again on the new tip: five times, and up to twelve where that is a matter of seconds.
 *
 * @returns what became of each, in the order of the proposals
 */
export async function publish(proposals: readonly Proposal[], publication: Publication): Promise<Outcome[]> {
  const outcomes = new Map<Proposal, Outcome>();
  const ordered = proposals.toSorted((a, b) => Number(b.urgent) - Number(a.urgent));
  const { backend } = publication;
  const alone = (await backend.oneByOne?.(publication.repository)) ?? false;
  const most = alone ? 1 : (backend.mostAtOnce ?? ordered.length);
  let { repository } = publication;
  for (let start = 0; start < ordered.length; start += most) {
    const group = ordered.slice(start, start + most);
    repository = await publishTogether(group, { ...publication, repository, outcomes });
  }
  return proposals.map((proposal) => outcomes.get(proposal) ?? { kind: 'unchanged' });
}

interface Running extends Publication {
  readonly outcomes: Map<Proposal, Outcome>;
}

async function publishTogether(group: readonly Proposal[], running: Running): Promise<Repository> {
  const { outcomes, clock = () => performance.now() } = running;
  let { repository } = running;
  let planned: Planned[] = [];
  const start = clock();
  try {
    for (let tries = 1; ; ) {
      const begun = clock();
      const allowance = await running.allowance?.();
      planned = planAll(
        group.filter((each) => outcomes.get(each)?.kind !== 'failed'),
        { ...running, allowance },
      );
      if (planned.length === 0) return repository;
      const result = await attempt(repository, planned, running, allowance);
      if (result.kind === 'published') return result.repository;
      if (result.kind === 'unfit') continue;
      const isEnough = tries >= fewestTries && clock() - start > quick;
      if (isEnough || tries === mostTries) throw tooOften(repository, { tries, reason: result.reason });
      repository = await again(tries++, clock() - begun, running);
    }
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    for (const { proposal } of planned) outcomes.set(proposal, { kind: 'failed', error });
    return repository;
  }
}

type Attempt =
  | { readonly kind: 'published'; readonly repository: Repository }
  | { readonly kind: 'moved'; readonly reason: string }
  | { readonly kind: 'unfit' };

async function attempt(
  repository: Repository,
  planned: readonly Planned[],
  { backend, outcomes }: Running,
  allowance: Allowance | undefined,
): Promise<Attempt> {
  const { prefix } = repository;
  const plans = planned.map(({ plan }) => {
    return { ...plan, changes: plan.changes.map((change) => ({ ...change, path: prefix + change.path })) };
  });
  await allowance?.spend({ pushes: 1, writes: 0 });
  const result = await backend.publish(repository, plans);
  if (result.kind === 'unfit') {
    const unfit = planned[plans.indexOf(result.plan as (typeof plans)[number])];
    if (unfit === undefined) throw result.error;
    outcomes.set(unfit.proposal, { kind: 'failed', error: result.error });
    return { kind: 'unfit' };
  }
  if (result.kind === 'moved') return result;
  await allowance?.spend({ pushes: 0, writes: result.commits.filter((commit) => commit !== undefined).length });
  for (const [index, { proposal, plan }] of planned.entries()) {
    const commit = result.commits[index];
    outcomes.set(proposal, commit === undefined ? { kind: 'unchanged' } : { kind: 'committed', commit, plan });
  }
  return { kind: 'published', repository: { ...repository, head: result.head } };
}

/**
 * Waits a while, longer each time and never as long as another one does, and takes up the new tip. Where a try takes
 * long, others come in between more often, so the pause goes by that.
 */
async function again(tries: number, took: number, running: Running): Promise<Repository> {
  const { backend, pause = realSleep, random = Math.random } = running;
  const first = Math.min(Math.max(took, shortestPause), longestFirstPause);
  await pause(random() * first * 2 ** Math.min(tries - 1, mostDoublings));
  return backend.sync();
}

function tooOften(
  { root, branch }: Repository,
  { tries, reason }: { readonly tries: number; readonly reason: string },
): GitError {
  return new GitError(`Cannot publish to ${branch} before somebody else does, ${tries} times over: ${reason}`, {
    code: 'git/moved',
    path: root,
    hint: 'Nothing of it was published, here or there. Run the command again: it starts from the commit that is there now.',
  });
}
