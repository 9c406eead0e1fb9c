import { basename, dirname } from 'node:path/posix';
import type { History, HistoryCommit, Signature } from '../gitops/history.js';
import { oneLine } from '../gitops/one-line.js';
import { requestIn, untoldDecision } from './untold-decision.js';

/** One commit of a history, judged by its trailers and its files. */
export interface HistoryEntry {
  readonly kind: 'decision' | 'change' | 'revert' | 'not from sluice';
  /** Its folder below that of the releases, or the name in the trailer where that cannot be told. */
  readonly release: string;
  readonly commit: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** What changed, in a few words. */
  readonly summary: string;
  /** Why; the body of the commit. */
  readonly reason: string;
  readonly by: Signature;
  /** Who committed it, where that is somebody else. */
  readonly committedBy?: Signature;
  readonly decision?: string;
  readonly iteration?: number;
  readonly verdict?: string;
  readonly evidence?: string;
  /** Whether its message lost the trailers, so that it was read from its files. */
  readonly trailersLost?: true;
  /** The request that it is the merge of, where its trailers were lost: such as `#12`. */
  readonly request?: string;
  /** The commits that it takes back. */
  readonly reverts?: readonly string[];
  /** Why it is taken for none of sluice's. */
  readonly doubt?: string;
}

/** A commit whose trailers cannot be those of sluice. */
export interface Skipped {
  readonly commit: string;
  readonly reason: string;
}

/** Where the releases of a workspace are, from the top of its repository. */
export interface HistoryFolders {
  readonly prefix: string;
  readonly releases: string;
  readonly rendered: string;
}

/** Returns what the commits of a history are, newest first, and those that are passed over. */
export function historyEntries(
  { commits }: Pick<History, 'commits'>,
  folders: HistoryFolders,
): { readonly entries: HistoryEntry[]; readonly skipped: Skipped[] } {
  const found = new Map<string, HistoryEntry>();
  const skipped: Skipped[] = [];
  // From the oldest on, since a revert is known by what it takes back.
  for (const commit of commits.toReversed()) {
    if (isElsewhere(commit, folders)) continue;
    const entry = revertOf(commit, found) ?? lostOf(commit, folders) ?? entryOf(commit, folders);
    if (typeof entry === 'string') skipped.push({ commit: commit.hash, reason: entry });
    else if (entry !== undefined) found.set(commit.hash, entry);
  }
  return { entries: [...found.values()].reverse(), skipped: skipped.reverse() };
}

function isElsewhere({ paths }: HistoryCommit, { prefix }: HistoryFolders): boolean {
  return paths.length > 0 && !paths.some((path) => path.startsWith(prefix));
}

/** git itself tells a revert by this line alone; it counts where the commit that it names is one of ours. */
function revertOf(commit: HistoryCommit, known: ReadonlyMap<string, HistoryEntry>): HistoryEntry | undefined {
  const named = [...commit.body.matchAll(/^This reverts commit ([0-9a-f]{40,64})\b/gm)].map(([, hash = '']) => hash);
  const targets = named.flatMap((hash) => known.get(hash) ?? []);
  const [target] = targets;
  if (target === undefined || target.kind === 'not from sluice') return undefined;
  return {
    ...commonOf(commit),
    kind: 'revert',
    release: target.release,
    summary: `${target.kind === 'revert' ? 'takes back the revert' : 'reverts'}: ${target.summary}`,
    reverts: targets.map(({ commit: hash }) => hash),
  };
}

/** A decision that came by a squash whose message lost the trailers. */
function lostOf(commit: HistoryCommit, folders: HistoryFolders): HistoryEntry | undefined {
  const found = commit.untold && untoldDecision(commit.untold);
  const release = releaseOf(commit, folders);
  if (found === undefined || release === undefined) return undefined;
  const request = requestIn(commit);
  const { reason = '', ...decision } = found;
  const common = commonOf(commit);
  return {
    ...common,
    kind: 'decision',
    release,
    summary: summaryOf(commit, basename(release)).replace(/ \([#!]\d+\)$/, ''),
    ...decision,
    reason: reason === '' ? common.reason : oneLine(reason),
    trailersLost: true,
    ...(request !== undefined && { request }),
  };
}

/** Returns the entry, why there is none, or undefined for a commit that says nothing of ours. */
function entryOf(commit: HistoryCommit, folders: HistoryFolders): HistoryEntry | string | undefined {
  const { Release, Decision, Iteration, Verdict, Evidence } = commit.trailers;
  if ([Release, Decision, Iteration, Verdict, Evidence].every(({ length }) => length === 0)) {
    return /^[^\S\n]*sluice-(release|decision)[^\S\n]*:/im.test(commit.body)
      ? 'its trailers are not the end of its message'
      : undefined;
  }
  const fault = faultOf(commit);
  if (fault !== undefined) return fault;
  const named = oneLine(Release[0] ?? '');
  const doubt = doubtOf(commit);
  return {
    ...commonOf(commit),
    kind: doubt !== undefined ? 'not from sluice' : Decision.length > 0 ? 'decision' : 'change',
    release: releaseOf(commit, folders) ?? named,
    summary: summaryOf(commit, named),
    ...(Decision[0] !== undefined && { decision: Decision[0] }),
    ...(Iteration[0] !== undefined && { iteration: Number(Iteration[0]) }),
    ...(Verdict[0] !== undefined && { verdict: Verdict[0] }),
    ...(Evidence[0] !== undefined && { evidence: Evidence[0] }),
    ...(doubt !== undefined && { doubt }),
  };
}

const forms = {
  Release: /\S/,
  Decision: /^[a-z][a-z ]{0,30}$/,
  Iteration: /^\d{1,9}$/,
  Verdict: /^[a-z]{1,20}$/,
  Evidence: /^sha256:[0-9a-f]{16}$/,
} as const;

function faultOf({ trailers }: HistoryCommit): string | undefined {
  if (trailers.Release.length === 0) return 'it has no Sluice-Release';
  for (const key of Object.keys(forms) as (keyof typeof forms)[]) {
    const [value, ...more] = trailers[key];
    if (more.length > 0) return `it has ${more.length + 1} Sluice-${key}`;
    if (value !== undefined && !forms[key].test(value)) {
      return `its Sluice-${key} is ${JSON.stringify(oneLine(value).slice(0, 40))}`;
    }
  }
  return undefined;
}

/** What sluice never does; where a shallow clone ends, the changes of a commit are not known. */
function doubtOf({ parents, paths, trailers }: HistoryCommit): string | undefined {
  if (parents.length > 1) return 'it is a merge';
  if (parents.length === 0) return undefined;
  if (paths.length === 0) return 'it changes nothing';
  const changes = (name: string) => paths.some((path) => basename(path) === name);
  if (trailers.Iteration.length > 0 && !changes('status.yaml')) return 'it changes no status.yaml';
  if (trailers.Evidence.length > 0 && !changes('ledger.jsonl')) return 'it changes no ledger.jsonl';
  return undefined;
}

function commonOf({ hash, at, body, author, committer }: HistoryCommit) {
  const by = signature(author);
  const other = signature(committer);
  return {
    commit: hash,
    at: new Date(at).toISOString(),
    reason: body
      .split(/\n{2,}/)
      .map(oneLine)
      .join('\n')
      .trim(),
    by,
    ...(other.name !== by.name || other.email !== by.email ? { committedBy: other } : {}),
  };
}

function signature({ name, email }: Signature): Signature {
  return { name: oneLine(name), email: oneLine(email) };
}

const ownFiles = ['values.yaml', 'status.yaml', 'ledger.jsonl', 'manifests.yaml'];

/** The one folder of a release that the files of a commit lie in. */
function releaseOf({ paths }: HistoryCommit, { prefix, releases, rendered }: HistoryFolders): string | undefined {
  const ids = paths
    .filter((path) => ownFiles.includes(basename(path)))
    .flatMap((path) => [releases, rendered].flatMap((folder) => below(path, `${prefix}${folder}/`)));
  const [id, ...others] = new Set(ids);
  return id !== undefined && others.length === 0 ? oneLine(id) : undefined;
}

function below(path: string, folder: string): string[] {
  return path.startsWith(folder) ? [dirname(path.slice(folder.length))] : [];
}

/** The subject without what the usual template has before it. */
function summaryOf({ subject }: HistoryCommit, release: string): string {
  const text = oneLine(subject);
  const usual = `chore(${release}): `;
  return text.startsWith(usual) ? text.slice(usual.length) : text;
}
