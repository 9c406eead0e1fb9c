import { dirname } from 'node:path';
import { parseStatus, type Status } from '../evaluate/status.js';
import { askGit, runGit } from '../gitops/git.js';
import type { LoadedValues } from '../values/load.js';

/** How the status of a release came to the branch. */
interface Landing {
  /** Whether a person wrote it, and no merge of a request did. */
  readonly byHand: boolean;
  /** With its windows no earlier than that. */
  readonly status: Status;
}

/** The commit of a branch that brought a status. */
interface LandingCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** Unix seconds. */
  readonly at: number;
  /** The values of our trailers; empty where the message has them not. */
  readonly decision: string;
  readonly proposal: string;
}

/** Where the commits of a branch are read. */
export interface LandingPlace {
  /** The folder of the workspace. */
  readonly root: string;
  /** The newest commit that counts. @default HEAD */
  readonly revision?: string;
  /** Settings for git. @default none */
  readonly config?: { readonly [key: string]: string };
}

/** What is needed to know of a request by the key of its decision: when it was merged, in Unix seconds. */
export type MergeTime = (release: string, key: string) => Promise<number | undefined>;

/**
 * Returns a status whose decision may have waited for a merge: what the decision changed holds from the merge on, so
 * its windows begin there. A squash may lose our trailers; then the iteration, one more than before, tells that it was
 * a decision all the same.
 *
 * @param now Unix seconds
 */
export async function landedStatus(
  place: LandingPlace,
  { id, loaded, status }: { readonly id: string; readonly loaded: LoadedValues; readonly status: Status },
  { now, mergeTime }: { readonly now: number; readonly mergeTime: MergeTime },
): Promise<Landing> {
  const path = `${dirname(loaded.file)}/status.yaml`;
  const commit = await landingOf(place, path);
  const [parent] = commit?.parents ?? [];
  if (commit === undefined || parent === undefined) return { byHand: false, status };
  const merged = commit.parents.length > 1 || commit.decision === '';
  if (merged && (await iterationAt(place, parent, path)) !== status.iteration - 1) return { byHand: true, status };
  if (!merged && commit.proposal === '') return { byHand: false, status };
  const at = await landedAt({ release: id, commit, merged, status }, mergeTime);
  const { analysis, rollout } = loaded.release;
  const landed = from(status, Math.min(at, now), analysis?.interval);
  return { byHand: false, status: rollout?.cleanup === true ? settledFrom(landed, Math.min(at, now)) : landed };
}

/** Returns when a merge brought a status to the branch, in Unix seconds; undefined where no merge did. */
export async function mergedAt(place: LandingPlace, valuesFile: string): Promise<number | undefined> {
  const commit = await landingOf(place, `${dirname(valuesFile)}/status.yaml`);
  return commit !== undefined && commit.parents.length > 1 ? commit.at : undefined;
}

/** Returns a status with those that its decision settled as settled when it came to the branch. */
export function settledFrom(status: Status, at: number): Status {
  const isLater = (time: string) => time === status.updatedAt && at > Date.parse(time) / 1000;
  return { ...status, settled: status.settled.map((entry) => (isLater(entry.at) ? { ...entry, at: iso(at) } : entry)) };
}

/** A merge that only moves the branch keeps the date of the commit: then the server alone knows when it was. */
async function landedAt(
  { release, commit, merged, status }: { release: string; commit: LandingCommit; merged: boolean; status: Status },
  mergeTime: MergeTime,
): Promise<number> {
  const begins = status.since ?? (isPrepared(status) ? status.baseline?.since : undefined);
  const decided = Date.parse(begins ?? '') / 1000;
  if (merged || commit.at > decided) return commit.at;
  return (await mergeTime(release, commit.proposal)) ?? commit.at;
}

/** Whether a fresh baseline was added, whose pods start with the merge of that. */
export function isPrepared({ phase, baseline }: Status): boolean {
  return phase === 'Initializing' && baseline !== undefined;
}

/** Windows begin on a multiple of the interval, as those of every decision do. */
function from(before: Status, at: number, interval: number | undefined): Status {
  const status = withBaselineFrom(before, at);
  const decided = Date.parse(status.since ?? '') / 1000;
  if (interval === undefined || !(at > decided) || isEarlier(status.since, status)) return status;
  const started = (time: string | undefined) => {
    const isFirst = Math.ceil(Date.parse(time ?? '') / 1000 / interval) * interval >= decided;
    return isFirst ? { startedAt: iso(at) } : {};
  };
  return {
    ...status,
    since: iso(Math.ceil(at / interval) * interval),
    ...started(status.startedAt),
    ...(status.others && { others: status.others.map((other) => ({ ...other, ...started(other.startedAt) })) }),
  };
}

function withBaselineFrom(status: Status, at: number): Status {
  const { baseline } = status;
  if (baseline === undefined || at <= Date.parse(baseline.since) / 1000) return status;
  if (isEarlier(baseline.since, status)) return status;
  return { ...status, baseline: { ...baseline, since: iso(at) } };
}

/** Whether a time was known before the decision, which did not change what holds since then. */
function isEarlier(time: string | undefined, { updatedAt }: Status): boolean {
  return time !== undefined && updatedAt !== undefined && Date.parse(time) < Date.parse(updatedAt);
}

/** Of a merge, what it brought to the branch that it was made on counts as its own. */
async function landingOf(
  { root, revision = 'HEAD', config = {} }: LandingPlace,
  path: string,
): Promise<LandingCommit | undefined> {
  const trailers = ['Decision', 'Proposal'].map((name) => `%(trailers:key=Sluice-${name},valueonly)`);
  const format = `--format=${['%H', '%P', '%ct', ...trailers].join('%x00')}`;
  const log = await runGit(['log', '-1', '--first-parent', format], {
    ...{ cwd: root, config, revisions: [revision], paths: [path] },
  });
  const [id = '', parents = '', at = '', decision = '', proposal = ''] = log.split('\0').map((part) => part.trim());
  if (id === '') return undefined;
  return { id, parents: parents.split(' ').filter(Boolean), at: Number(at), decision, proposal };
}

/** Returns the iteration of a status in a commit; 0 where there is none yet. */
async function iterationAt(
  { root, config = {} }: LandingPlace,
  commit: string,
  path: string,
): Promise<number | undefined> {
  const answer = await askGit(['show'], { cwd: root, config, revisions: [`${commit}:./${path}`] });
  if (answer.status !== 0) return 0;
  try {
    return parseStatus(answer.stdout, path).iteration;
  } catch {
    return undefined;
  }
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
