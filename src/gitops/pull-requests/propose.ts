import { GitError, isSluiceError } from '../../errors.js';
import { type CommitPlan, subjectOf, trailerLines } from '../plan.js';
import type { Outcome } from '../proposal.js';
import { keyOf, sentenceOf } from './body-mark.js';
import type { Host, PullRequest, RequestText } from './host.js';
import type { BranchMove } from './own-branches.js';
import { isOurs, isOutdated, makeSealed, readBranchCommit } from './seal.js';
import type { Settling, Wanted } from './settling.js';

/** What became of a commit that waits. */
export type RequestOutcome =
  | StandingRequest
  | Extract<Outcome, { kind: 'unchanged' | 'failed' }>
  /** The budget leaves it to the next pass. */
  | { readonly kind: 'deferred'; readonly reason: string };

/** A commit that waits, or whose request is not sluice's to change. */
export type StandingRequest =
  | {
      readonly kind: 'waiting';
      readonly request: RequestName;
      readonly news: 'opened' | 'replaced' | 'updated' | 'unchanged';
      /** The title that it had, where it is for something else now. */
      readonly was?: string;
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

/** What is to be done for a commit that waits, before anything is written. */
export interface Examined {
  readonly kind: 'examined';
  readonly open: PullRequest | undefined;
  /** Undefined where the branch stands as it is to. */
  readonly move: BranchMove | undefined;
}

/**
 * Finds out what is to be done for one commit.
 *
 * @param tip the commit of its branch on the server
 * @throws GitError when the server of requests cannot be asked
 */
export async function examine(
  wanted: Wanted,
  tip: string | undefined,
  { repository, host, allowance, template }: Settling,
): Promise<Examined | RequestOutcome> {
  const { branch, key, plan, urgent } = wanted;
  const requests = await host.requestsOf(branch);
  const open = requests.find(({ state }) => state === 'open');
  // Who runs a command asks for it now, whatever became of it before.
  const known = open === undefined && wanted.command === undefined ? requests : [];
  const before = known.find((request) => keyOf(request) === key);
  if (before !== undefined) return { kind: 'declined', request: named(before, host), reason: noOf(before) };

  const commit = tip === undefined ? undefined : await readBranchCommit(repository.root, tip);
  if (commit !== undefined && !(await isOurs(commit, repository))) {
    return blocked(open, host, `${branch} holds a commit that sluice did not make as it stands`);
  }
  if (open !== undefined && commit?.command !== undefined && !mayReplace(commit.command, wanted)) {
    return blocked(open, host, `it carries out sluice ${commit.command}, which a person commanded`);
  }
  const stands = commit?.key === key && !(await isOutdated(commit, repository));
  const deferred = stands && open !== undefined ? undefined : allowance?.refuse(urgent);
  if (deferred !== undefined) return { kind: 'deferred', reason: deferred };
  if (stands) return { kind: 'examined', open, move: undefined };
  const made = await makeSealed(repository, inRepository(plan, repository.prefix), { key, template });
  if (made === undefined) return { kind: 'unchanged' };
  if (typeof made === 'object') return { kind: 'failed', error: made.error };
  return { kind: 'examined', open, move: { branch, from: tip, to: made } };
}

/** What a person commanded stands against what a pass decides, but for a rollback; a person may change it. */
function mayReplace(command: string, wanted: Wanted): boolean {
  return wanted.command !== undefined || (wanted.urgent && command !== 'rollback' && command !== 'abort');
}

/** git's words for a lease that does not hold, here or by the time the server locks. */
const overtaken = /stale info|fetch first|already exists|cannot lock ref|failed to update ref/;

/**
 * Opens the request or brings its texts up to date, once the branch stands.
 *
 * @param refused why it does not
 * @throws GitError when a server refuses
 */
export async function carryOut(
  wanted: Wanted,
  { open, move }: Examined,
  refused: string | undefined,
  settling: Settling,
): Promise<RequestOutcome> {
  const { branch, key } = wanted;
  const { host } = settling;
  if (refused !== undefined) {
    if (overtaken.test(refused)) return blocked(open, host, `somebody pushed to ${branch} meanwhile`);
    throw notPushed(branch, refused);
  }
  const text = textOf(wanted, settling);
  const request = open ?? (await openOnce({ ...text, branch }, settling));
  const waiting = { kind: 'waiting', request: named(request, host) } as const;
  const isSame = request.title === text.title && sentenceOf(request.body) === sentenceOf(text.body);
  if (open !== undefined && move === undefined && isSame && keyOf(open) === key) {
    return { ...waiting, news: 'unchanged' };
  }
  if (open !== undefined) await host.update(open.number, text);
  if (open === undefined || move !== undefined) await decorate(request, settling);
  if (open === undefined) return { ...waiting, news: 'opened' };
  const was = open.title === text.title ? {} : { was: open.title };
  return { ...waiting, news: move === undefined ? 'updated' : 'replaced', ...was };
}

/** A request that was opened by a pass that did not hear of it is there already. */
async function openOnce(draft: RequestText & { readonly branch: string }, settling: Settling): Promise<PullRequest> {
  const { host, repository } = settling;
  try {
    return await host.open({ ...draft, base: repository.branch.replace(/^refs\/heads\//, '') });
  } catch (error) {
    if (!isSluiceError(error) || error.code !== 'git/refused') throw error;
    const there = (await host.requestsOf(draft.branch)).find(({ state }) => state === 'open');
    if (there === undefined) throw error;
    await host.update(there.number, draft);
    return there;
  }
}

/** A label or a reviewer that the server does not take is no reason to go without the request. */
async function decorate({ number, labels: there }: PullRequest, { host, labels, reviewers, tell }: Settling) {
  const missing = labels.filter((label) => !there.includes(label));
  const attempt = async (what: string, names: readonly string[], add: (names: readonly string[]) => Promise<void>) => {
    if (names.length === 0) return;
    try {
      await add(names);
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      if (what !== 'reviewers' || names.length === 1 || !unwelcome.has(error.code)) {
        return tell(`${host.nameOf(number)} goes without its ${what}: ${error.message}\n`);
      }
      // The server takes all or none, so that one that it does not know would cost the others.
      for (const name of names) await attempt(`reviewer ${name}`, [name], add);
    }
  };
  await attempt('labels', missing, (names) => host.addLabels(number, names));
  await attempt('reviewers', reviewers, (names) => host.addReviewers(number, names));
}

/** What a server answers to a name that it does not take. */
const unwelcome: ReadonlySet<string> = new Set(['git/refused', 'git/not-found', 'git/no-such-user']);

/** The trailers come last, so that a squash that takes its message from here keeps them. */
function textOf({ body, plan, key }: Wanted, { template }: Settling): RequestText {
  const trailers = trailerLines({ ...plan, trailers: { ...plan.trailers, proposal: key } });
  return { title: subjectOf(plan, template), body: `${body.trimEnd()}\n\n${trailers}\n` };
}

function inRepository(plan: CommitPlan, prefix: string): CommitPlan {
  return { ...plan, changes: plan.changes.map((change) => ({ ...change, path: prefix + change.path })) };
}

function blocked(open: PullRequest | undefined, host: Host, reason: string): RequestOutcome {
  return { kind: 'blocked', request: open && named(open, host), reason };
}

function noOf({ state }: PullRequest): string {
  return state === 'merged' ? 'it is merged already' : 'a person closed it, which means no';
}

function named({ number, url }: PullRequest, host: Host): RequestName {
  return { name: host.nameOf(number), url };
}

function notPushed(branch: string, reason: string): GitError {
  return new GitError(`Cannot push ${branch} as the server allows: ${reason}`, {
    code: 'git/refused',
    path: branch,
    hint: 'Let the account push branches that begin with sluice/; its words say why it may not.',
  });
}
