import { isSluiceError } from '../errors.js';
import { summaryOf } from '../evaluate/commit-plan.js';
import type { Decision } from '../evaluate/decision.js';
import type { Failure } from '../evaluate/pass.js';
import { allowanceOf } from '../gitops/budget.js';
import type { Outcome } from '../gitops/proposal.js';
import { keyOf } from '../gitops/pull-requests/body-mark.js';
import type { Closed } from '../gitops/pull-requests/close-moot.js';
import { openPullRequests } from '../gitops/pull-requests/open-pull-requests.js';
import type { RequestOutcome } from '../gitops/pull-requests/propose.js';
import { freezeBranch, renderedBranch, requestBranch } from '../gitops/pull-requests/request-branch.js';
import { settleRequests } from '../gitops/pull-requests/settle.js';
import type { Moot, Settling, Wanted } from '../gitops/pull-requests/settling.js';
import { openRepository, type Repository } from '../gitops/repository.js';
import type { PassProposal, Proposed } from './evaluate-proposals.js';
import { filesOf } from './folder-at.js';
import type { Io } from './io.js';
import type { MergeTime } from './landing.js';
import { type WaitingGround, waitingCommits } from './waiting-commits.js';
import { projectFile, type ReleaseEntry, releasesLeftOut, type Workspace } from './workspace.js';

/** Whether a decision waits for the merge of a request. */
export function waits(workspace: Workspace, { decision }: Proposed): boolean {
  return waitsAs(workspace, decision.kind);
}

/** Whether what counts as such a decision waits for the merge of a request; undefined is what waits with `all` alone. */
export function waitsAs({ project }: Workspace, kind: Decision['kind'] | undefined): boolean {
  const kinds = project.git.pullRequests?.for ?? [];
  return kinds === 'all' || kinds.some((each) => each === kind);
}

/** Whether what is rendered waits as well: nothing at all goes to the branch by itself. */
export function rendersByRequest({ project }: Workspace): boolean {
  return project.git.pullRequests?.for === 'all';
}

/** What a pass knows when it comes to its requests. */
export interface Passed {
  readonly waiting: readonly PassProposal[];
  readonly decisions: readonly Decision[];
  readonly entries: readonly ReleaseEntry[];
  /** Those that the pass is about. */
  readonly selected: readonly ReleaseEntry[];
  /** Whether all that is rendered was looked at. */
  readonly renderedAll: boolean;
  readonly failures: readonly Failure[];
}

/** What became of the requests. */
export interface Requested {
  /** In the order of what waits. */
  readonly outcomes: readonly (RequestOutcome | Outcome)[];
  readonly closed: readonly Closed[];
  readonly warnings: readonly string[];
  readonly failures: readonly Failure[];
}

/** Opens, updates and closes requests as a pass has it. What goes wrong fails no other part of the pass. */
export async function settleWaiting(workspace: Workspace, passed: Passed, io: Io): Promise<Requested> {
  const { waiting } = passed;
  const nothing: Requested = { outcomes: [], closed: [], warnings: [], failures: [] };
  if (workspace.project.git.pullRequests === undefined) return nothing;
  const warnings = waiting.filter(({ urgent }) => urgent).map(({ release }) => waitsThough(release));
  try {
    return { ...nothing, warnings, ...(await settle(workspace, passed, io)) };
  } catch (error) {
    if (!isSluiceError(error)) throw error;
    const outcomes = waiting.map(() => ({ kind: 'failed' as const, error }));
    const failures = outcomes.length === 0 ? [{ release: 'git.pullRequests', error }] : [];
    return { ...nothing, outcomes, warnings, failures };
  }
}

async function settle(workspace: Workspace, passed: Passed, io: Io): Promise<Pick<Requested, 'outcomes' | 'closed'>> {
  const { pullRequests } = workspace.project.git;
  if (pullRequests === undefined) return { outcomes: [], closed: [] };
  const repository = await openRepository(io.cwd);
  const commits = waitingCommits(passed.waiting, groundIn(repository, { workspace, entries: passed.entries }));
  const wanted = [...new Set(commits.values())].filter(isWanted);
  const settled = await settleRequests(wanted, {
    ...(await settlingIn(repository, { ...workspace.project.git, pullRequests }, io)),
    mootOf: (branch, paths) => mootOf(branch, { paths, workspace, repository, passed, commits }),
  });
  const outcomes = passed.waiting.map((proposal): RequestOutcome | Outcome => {
    const commit = commits.get(proposal);
    const outcome = commit && isWanted(commit) ? settled.outcomes[wanted.indexOf(commit)] : commit;
    return outcome ?? { kind: 'unchanged' };
  });
  return { outcomes, closed: settled.closed };
}

/** Returns where the commits of requests are to be merged. */
export function groundIn(
  { branch, prefix }: Repository,
  looked: Pick<WaitingGround, 'workspace' | 'entries'>,
): WaitingGround {
  const { read } = filesOf(looked.workspace);
  return { ...looked, read, base: branch.replace(/^refs\/heads\//, ''), prefix };
}

/** Returns where requests are opened, and for whom. */
export async function settlingIn(
  repository: Repository,
  git: Parameters<typeof openPullRequests>[1],
  io: Io,
): Promise<Settling> {
  const { labels, reviewers } = git.pullRequests;
  return {
    ...{ repository, ...(await openPullRequests(repository, git)), labels, reviewers },
    template: git.message,
    allowance: await allowanceOf(repository, git, io.now() * 1000),
    tell: (text) => void io.stderr.write(text),
  };
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

interface Mootness {
  readonly paths: readonly string[];
  readonly workspace: Workspace;
  readonly repository: Repository;
  readonly passed: Passed;
  readonly commits: ReadonlyMap<PassProposal, Wanted | Outcome>;
}

/** Nothing is known of what could not be planned, nor of what the pass did not look at. */
function mootOf(branch: string, { paths, workspace, repository, passed, commits }: Mootness): Moot | undefined {
  const { prefix } = repository;
  const unplanned = [...commits].flatMap(([{ kind, release }, commit]) =>
    isWanted(commit) ? [] : { kind, release, commit },
  );
  if (branch === renderedBranch(prefix)) {
    const isUnknown =
      !passed.renderedAll || unplanned.some(({ kind, commit }) => kind === 'rendering' && commit.kind !== 'unchanged');
    return isUnknown ? undefined : { release: workspace.project.rendered, reason: 'all is rendered as the values say' };
  }
  // While a request is open that a person commanded, it is not closed: this is for the branch that it leaves behind.
  if (branch === freezeBranch(prefix)) return { release: projectFile, reason: 'it is merged or closed' };
  const ids = passed.entries.map(({ id }) => id);
  const isFor = (release: string) => requestBranch(release, prefix) === branch;
  const release = ids.find(isFor) ?? releaseAt(paths, `${prefix}${workspace.project.releases}/`);
  if (release === undefined || !isFor(release)) return undefined;
  if (releasesLeftOut(workspace).some(({ id }) => id === release)) return undefined;
  const dropped = unplanned.find((each) => each.kind === 'decision' && each.release === release)?.commit;
  const reason = dropped === undefined ? whyMoot(release, passed) : whyDropped(dropped);
  return reason === undefined ? undefined : { release, reason };
}

/** Every decision changes the status of its release. */
function releaseAt(paths: readonly string[], folder: string): string | undefined {
  const status = paths.find((path) => path.startsWith(folder) && path.endsWith('/status.yaml'));
  return status?.slice(folder.length, -'/status.yaml'.length);
}

/** A release that was not looked at, or could not be, keeps its request. */
function whyMoot(release: string, { decisions, entries, selected, failures }: Passed): string | undefined {
  if (!entries.some(({ id }) => id === release)) return 'the release is gone';
  if (!selected.some(({ id }) => id === release)) return undefined;
  if (failures.some((failure) => failure.release === release)) return undefined;
  const decision = decisions.find((each) => each.release === release);
  if (decision === undefined) return undefined;
  if (decision.change === undefined) return `the decision no longer holds: ${summaryOf(decision)}`;
  return `another decision was made: ${summaryOf(decision)}`;
}

function whyDropped(outcome: Outcome): string | undefined {
  if (outcome.kind === 'overtaken') return outcome.reason;
  return outcome.kind === 'unchanged' ? 'nothing is left to change' : undefined;
}

function isWanted(commit: Wanted | Outcome): commit is Wanted {
  return 'branch' in commit;
}

function waitsThough(release: string): string {
  return `rolling back ${release} waits for a merge, as git.pullRequests.for is all: its users meet the candidate until then`;
}
