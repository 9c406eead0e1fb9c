import { GitError, isSluiceError } from '../../errors.js';
import { askGit } from '../git.js';
import { type CommitPlan, subjectOf, trailerLines } from '../plan.js';
import { rehearse } from '../plan-proposals.js';
import type { Outcome } from '../proposal.js';
import { isAncestor } from '../remote.js';
import { keyOf, sentenceOf } from './body-mark.js';
import type { PullRequest, RequestText } from './host.js';
import { type BranchMove, isDifferentAt } from './own-branches.js';
import { requestBranch } from './request-branch.js';
import { type BranchCommit, makeSealed, readBranchCommit } from './seal.js';
import type { Settling, Wanted } from './settling.js';

/** What became of a decision that waits. */
export type RequestOutcome =
  | StandingRequest
  | Extract<Outcome, { kind: 'unchanged' | 'overtaken' | 'deferred' | 'failed' }>;

/** A decision that waits, or whose request is not sluice's to change. */
export type StandingRequest =
  | {
      readonly kind: 'waiting';
      readonly request: RequestName;
      readonly news: 'opened' | 'replaced' | 'updated' | 'unchanged';
    }
  /** A person closed the request for it, or merged it a moment ago. */
  | { readonly kind: 'declined'; readonly request: RequestName; readonly reason: string }
  /** Somebody else's commit is in the way. */
  | { readonly kind: 'blocked'; readonly request: RequestName | undefined; readonly reason: string };

/** How a person finds a request. */
export interface RequestName {
  /** Such as `#12`. */
  readonly name: string;
  readonly url: string;
}

/** A decision on its way to a request: all that is asked before anything is written. */
export interface Prepared {
  readonly branch: string;
  /** Why there is nothing to wait for after all. */
  readonly needless: string | undefined;
  readonly move: BranchMove | undefined;
  /** Opens or updates the request once the branch stands; `refused` says why it does not. */
  finish(refused: string | undefined): Promise<RequestOutcome>;
}

/** Finds out what is to be done for one decision. @param tip the commit of its branch on the server */
export async function prepare(wanted: Wanted, tip: string | undefined, settling: Settling): Promise<Prepared> {
  const branch = requestBranch(wanted.release, settling.repository.prefix);
  const settled = (outcome: RequestOutcome, needless?: string): Prepared => {
    return { branch, needless, move: undefined, finish: async () => outcome };
  };
  try {
    const [planned = { kind: 'unchanged' as const }] = rehearse([wanted.proposal], settling.read);
    if (planned.kind === 'overtaken') return settled(planned, planned.reason);
    if (planned.kind === 'unchanged') return settled(planned, 'nothing is left to change');
    if (planned.kind !== 'planned') return settled(planned as RequestOutcome);
    return await prepareRequest({ ...wanted, branch, plan: planned.plan, tip }, settling);
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return settled({ kind: 'failed', error });
  }
}

interface Planned extends Wanted {
  readonly branch: string;
  /** Its paths are those of the workspace. */
  readonly plan: CommitPlan;
  readonly tip: string | undefined;
}

async function prepareRequest(wanted: Planned, settling: Settling): Promise<Prepared> {
  const { branch, key, tip } = wanted;
  const { repository, host, allowance } = settling;
  const settled = (outcome: RequestOutcome): Prepared => {
    return { branch, needless: undefined, move: undefined, finish: async () => outcome };
  };
  const requests = await host.requestsOf(branch);
  const open = requests.find(({ state }) => state === 'open');
  const before = open === undefined ? requests.find((request) => keyOf(request) === key) : undefined;
  if (before !== undefined)
    return settled({ kind: 'declined', request: named(before, settling), reason: noOf(before) });

  const commit = tip === undefined ? undefined : await readBranchCommit(repository.root, tip);
  if (commit !== undefined && !(await isOurs(commit, settling))) {
    const reason = `${branch} holds a commit that sluice did not make as it stands`;
    return settled({ kind: 'blocked', request: open && named(open, settling), reason });
  }
  const stands = commit?.key === key && !(await isOutdated(commit, settling));
  const deferred = stands && open !== undefined ? undefined : allowance?.refuse(wanted.proposal.urgent);
  if (deferred !== undefined) return settled({ kind: 'deferred', reason: deferred });
  if (stands) return { branch, needless: undefined, move: undefined, finish: () => finish(wanted, open, settling) };
  return prepareCommit(wanted, open, settling);
}

async function prepareCommit(wanted: Planned, open: PullRequest | undefined, settling: Settling): Promise<Prepared> {
  const { branch, key, plan, tip } = wanted;
  const { repository, template } = settling;
  const prepared = { branch, needless: undefined, move: undefined };
  const made = await makeSealed(repository, inRepository(plan, repository.prefix), { key, template });
  if (made === undefined) return { ...prepared, finish: async () => ({ kind: 'unchanged' }) };
  if (typeof made === 'object') return { ...prepared, finish: async () => ({ kind: 'failed', error: made.error }) };
  return {
    ...prepared,
    move: { branch, from: tip, to: made },
    async finish(refused) {
      if (refused === undefined) return finish(wanted, open, settling, true);
      if (!overtaken.test(refused)) return { kind: 'failed', error: notPushed(branch, refused) };
      const reason = `somebody pushed to ${branch} meanwhile`;
      return { kind: 'blocked', request: open && named(open, settling), reason };
    },
  };
}

/** git's words for a lease that does not hold, here or by the time the server locks. */
const overtaken = /stale info|fetch first|already exists|cannot lock ref|failed to update ref/;

/** Opens the request or brings its texts up to date. */
async function finish(
  wanted: Planned,
  open: PullRequest | undefined,
  settling: Settling,
  replaced = false,
): Promise<RequestOutcome> {
  try {
    const text = textOf(wanted, settling);
    const { host } = settling;
    if (open === undefined) {
      const request = await openOnce({ ...text, branch: wanted.branch }, settling);
      await decorate(request, settling);
      return { kind: 'waiting', request: named(request, settling), news: 'opened' };
    }
    const request = named(open, settling);
    const isSame = open.title === text.title && sentenceOf(open.body) === sentenceOf(text.body);
    if (!replaced && isSame && keyOf(open) === wanted.key) return { kind: 'waiting', request, news: 'unchanged' };
    await host.update(open.number, text);
    if (replaced) await decorate(open, settling);
    return { kind: 'waiting', request, news: replaced ? 'replaced' : 'updated' };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    return { kind: 'failed', error };
  }
}

/** A request that was opened by a pass that did not hear of it is there already. */
async function openOnce(draft: RequestText & { readonly branch: string }, settling: Settling): Promise<PullRequest> {
  const { host, repository } = settling;
  try {
    return await host.open({ ...draft, base: repository.branch.replace(/^refs\/heads\//, '') });
  } catch (error) {
    if (!isSluiceError(error) || error.code !== 'git/request-refused') throw error;
    const there = (await host.requestsOf(draft.branch)).find(({ state }) => state === 'open');
    if (there === undefined) throw error;
    await host.update(there.number, draft);
    return there;
  }
}

/** A label or a reviewer that the server does not take is no reason to go without the request. */
async function decorate({ number, labels: there }: PullRequest, { host, labels, reviewers, tell }: Settling) {
  const missing = labels.filter((label) => !there.includes(label));
  const attempts: [string, readonly string[], () => Promise<void>][] = [
    ['labels', missing, () => host.addLabels(number, missing)],
    ['reviewers', reviewers, () => host.addReviewers(number, reviewers)],
  ];
  for (const [what, names, attempt] of attempts) {
    if (names.length === 0) continue;
    try {
      await attempt();
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      tell(`${host.nameOf(number)} goes without its ${what}: ${error.message}\n`);
    }
  }
}

/** The trailers come last, so that a squash that takes its message from here keeps them. */
function textOf({ body, plan, key }: Planned, { template }: Settling): RequestText {
  const trailers = trailerLines({ ...plan, trailers: { ...plan.trailers, proposal: key } });
  return { title: subjectOf(plan, template), body: `${body(plan).trimEnd()}\n\n${trailers}\n` };
}

function inRepository(plan: CommitPlan, prefix: string): CommitPlan {
  return { ...plan, changes: plan.changes.map((change) => ({ ...change, path: prefix + change.path })) };
}

/** Whether nobody but sluice has a commit on the branch. In a shallow clone only its last commit tells. */
export async function isOurs({ key, parent }: BranchCommit, { repository }: Settling): Promise<boolean> {
  const { root, head } = repository;
  if (key === undefined || parent === undefined || head === undefined) return false;
  if (await isAncestor(root, parent, head)) return true;
  return (await askGit(['rev-parse', '--is-shallow-repository'], { cwd: root })).stdout.trim() === 'true';
}

/** Another commit on the target is no reason to make a reviewed commit anew, unless it changed the same files. */
async function isOutdated({ parent, paths }: BranchCommit, { repository }: Settling): Promise<boolean> {
  const { root, head } = repository;
  if (parent === undefined || head === undefined) return true;
  return parent !== head && (await isDifferentAt(root, [parent, head], paths));
}

function noOf({ state }: PullRequest): string {
  return state === 'merged' ? 'it is merged already' : 'a person closed it, which means no';
}

function named({ number, url }: PullRequest, { host }: Settling): RequestName {
  return { name: host.nameOf(number), url };
}

function notPushed(branch: string, reason: string): GitError {
  return new GitError(`Cannot push ${branch} as the server allows: ${reason}`, {
    code: 'git/refused',
    path: branch,
    hint: 'Let the account push branches that begin with sluice/; its words say why it may not.',
  });
}
