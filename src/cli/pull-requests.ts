import { isSluiceError } from '../errors.js';
import { summaryOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import { hash } from '../evaluate/identity.js';
import type { Failure } from '../evaluate/pass.js';
import { allowanceOf } from '../gitops/budget.js';
import { keyOf } from '../gitops/pull-requests/body-mark.js';
import type { Closed } from '../gitops/pull-requests/close-moot.js';
import { openPullRequests } from '../gitops/pull-requests/open-pull-requests.js';
import type { RequestOutcome, StandingRequest } from '../gitops/pull-requests/propose.js';
import { requestBranch } from '../gitops/pull-requests/request-branch.js';
import { settleRequests } from '../gitops/pull-requests/settle.js';
import type { Wanted } from '../gitops/pull-requests/settling.js';
import { openRepository } from '../gitops/repository.js';
import type { Proposed, Sum } from './evaluate-proposals.js';
import { filesOnDisk } from './folder-at.js';
import type { Io } from './io.js';
import type { MergeTime } from './landing.js';
import { bodyOf } from './request-body.js';
import type { ReleaseEntry, Workspace } from './workspace.js';

/** Returns what waits for the merge of a request, and what is committed straight; all of that in a dry run. */
export function byWaiting(
  proposed: readonly Proposed[],
  { project }: Workspace,
  dryRun: boolean,
): { readonly waiting: readonly Proposed[]; readonly straight: readonly Proposed[] } {
  const kinds = dryRun ? [] : (project.git.pullRequests?.for ?? []);
  const waits = ({ decision }: Proposed) => kinds === 'all' || kinds.some((kind) => kind === decision.kind);
  return { waiting: proposed.filter(waits), straight: proposed.filter((each) => !waits(each)) };
}

/** What a pass knows when it comes to its requests. */
export interface Passed {
  readonly waiting: readonly Proposed[];
  readonly decisions: readonly Decision[];
  readonly entries: readonly ReleaseEntry[];
  /** Those that the pass is about. */
  readonly selected: readonly ReleaseEntry[];
  readonly failures: readonly Failure[];
}

/** What became of the requests. */
export interface Requested {
  /** In the order of what waits. */
  readonly outcomes: readonly RequestOutcome[];
  readonly closed: readonly Closed[];
  readonly warnings: readonly string[];
  readonly failures: readonly Failure[];
}

/** Where nothing is asked of a server. */
export const noRequests: Requested = { outcomes: [], closed: [], warnings: [], failures: [] };

/** Opens, updates and closes requests as a pass has it. What goes wrong fails no other part of the pass. */
export async function requestDecisions(workspace: Workspace, passed: Passed, io: Io): Promise<Requested> {
  const { git } = workspace.project;
  if (git.pullRequests === undefined) return noRequests;
  const warnings = passed.waiting.filter(({ urgent }) => urgent).map(({ release }) => waitsThough(release));
  try {
    const repository = await openRepository(io.cwd);
    const server = await openPullRequests(repository, { ...git, pullRequests: git.pullRequests });
    const base = repository.branch.replace(/^refs\/heads\//, '');
    const { read } = filesOnDisk(io.cwd);
    const wanted = passed.waiting.map((proposal): Wanted => {
      const { release, decision } = proposal;
      const body: Wanted['body'] = (plan) => bodyOf({ workspace, proposal, plan, base, read, entries: passed.entries });
      return { release, proposal, key: decisionKey(decision), body };
    });
    const settled = await settleRequests(wanted, {
      ...{ repository, ...server, read, labels: git.pullRequests.labels, reviewers: git.pullRequests.reviewers },
      template: git.message,
      allowance: await allowanceOf(repository, git, io.now() * 1000),
      releases: passed.entries.map(({ id }) => id),
      releaseAt: (paths) => releaseAt(paths, `${repository.prefix}${workspace.project.releases}/`),
      whyMoot: (release) => whyMoot(release, passed),
      tell: (text) => void io.stderr.write(text),
    });
    return { ...settled, warnings, failures: [] };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    const outcomes = passed.waiting.map(() => ({ kind: 'failed' as const, error }));
    const failures = outcomes.length === 0 ? [{ release: 'git.pullRequests', error }] : [];
    return { outcomes, closed: [], warnings, failures };
  }
}

/** Returns what finds out when a request was merged; the server is opened once, and only when it is asked. */
export function mergeTimes({ project: { git } }: Workspace, io: Io): MergeTime {
  let opened: ReturnType<typeof open> | undefined;
  const open = async () => {
    if (git.pullRequests === undefined) return undefined;
    const repository = await openRepository(io.cwd);
    const { host } = await openPullRequests(repository, { ...git, pullRequests: git.pullRequests });
    return { host, repository };
  };
  return async (release, key) => {
    opened ??= open();
    const server = await opened;
    const requests = await server?.host.requestsOf(requestBranch(release, server.repository.prefix));
    const { mergedAt } = requests?.find((request) => request.state === 'merged' && keyOf(request) === key) ?? {};
    return mergedAt === undefined ? undefined : Date.parse(mergedAt) / 1000;
  };
}

/**
 * Returns what tells one decision from another: what it does to which candidate, as which step. The evidence is no part
 * of it, since there is more of it every minute.
 */
function decisionKey({ kind, candidate, change }: Decision): string {
  const { identity, iteration } = change?.status ?? {};
  return hash(JSON.stringify({ kind, candidate, identity, iteration, edits: change?.edits })).replace('sha256:', '');
}

/** Every decision changes the status of its release. */
function releaseAt(paths: readonly string[], folder: string): string | undefined {
  const status = paths.find((path) => path.startsWith(folder) && path.endsWith('/status.yaml'));
  return status?.slice(folder.length, -'/status.yaml'.length);
}

/** A release that was not looked at, or could not be, keeps its request. */
function whyMoot(release: string, { decisions, entries, selected, failures, waiting }: Passed): string | undefined {
  if (!entries.some(({ id }) => id === release)) return 'the release is gone';
  if (!selected.some(({ id }) => id === release)) return undefined;
  if (failures.some((failure) => failure.release === release)) return undefined;
  if (waiting.some((proposal) => proposal.release === release)) return undefined;
  const decision = decisions.find((each) => each.release === release);
  if (decision === undefined) return undefined;
  if (decision.change === undefined) return `the decision no longer holds: ${summaryOf(decision)}`;
  return `another decision was made: ${summaryOf(decision)}`;
}

function waitsThough(release: string): string {
  return `rolling back ${release} waits for a merge, as git.pullRequests.for is all: its users meet the candidate until then`;
}

/** Adds to the sum of a pass what became of the decisions that wait; `requests` has them in their order. */
export function addRequests(sum: Sum, waiting: readonly Proposed[], { outcomes, failures }: Requested): void {
  sum.failures.push(...failures);
  for (const [index, { release, summary, decision, notices }] of waiting.entries()) {
    const outcome = outcomes[index] ?? { kind: 'unchanged' };
    if (outcome.kind === 'failed') sum.failures.push({ release, error: outcome.error });
    else if (outcome.kind === 'overtaken' || outcome.kind === 'deferred') {
      sum[outcome.kind].push({ release, summary, reason: outcome.reason });
    } else {
      sum.notices.push(...notices());
      sum.outcomes.push({ decision, commit: undefined, ...(isStanding(outcome) && { request: outcome }) });
    }
  }
}

function isStanding(outcome: RequestOutcome): outcome is StandingRequest {
  return outcome.kind === 'waiting' || outcome.kind === 'declined' || outcome.kind === 'blocked';
}
