import { askGit, gitFailure, runGit } from './git.js';
import { readUntoldMoves, type UntoldMove } from './untold-moves.js';

/** What the trailers of a commit say, by what stands behind `Sluice-`; each may be there more than once. */
export type TrailerValues = { readonly [K in (typeof trailerKeys)[number]]: readonly string[] };

const trailerKeys = ['Release', 'Decision', 'Iteration', 'Verdict', 'Evidence'] as const;

/** A person, or a program, as a commit names them. */
export interface Signature {
  readonly name: string;
  readonly email: string;
}

/** One commit that speaks of sluice, as git tells it; whether it is sluice's is for the reader to judge. */
export interface HistoryCommit {
  readonly hash: string;
  /** None for the first commit, and for the last one that a shallow clone knows. */
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  /** ISO 8601 with the author's own time zone. */
  readonly at: string;
  readonly subject: string;
  /** Without the trailers. */
  readonly body: string;
  readonly trailers: TrailerValues;
  /** The files that it changes, from the top of the repository; none for a merge. */
  readonly paths: readonly string[];
  /** What it does to status and ledger, where its message tells of no release. */
  readonly untold?: UntoldMove;
}

/** The commits of a branch that speak of sluice. */
export interface History {
  /** Newest first. */
  readonly commits: readonly HistoryCommit[];
  /** Whether the clone ends before the history does. */
  readonly shallow: boolean;
  /** From the top of the repository to the folder that was asked about: empty, or with a slash at its end. */
  readonly prefix: string;
}

/** What is told of a repository before its log is read. */
export interface HistoryPlace {
  readonly shallow: boolean;
  readonly prefix: string;
  /** Unix seconds that `since` means to git; undefined without one. */
  readonly since: number | undefined;
}

/**
 * Returns where a history is read, and what git takes `since` for: git takes words that it does not know for now.
 *
 * @throws GitError when the folder is in no repository
 */
export async function historyPlace(cwd: string, since: string | undefined): Promise<HistoryPlace> {
  const questions = ['--is-shallow-repository', '--show-prefix', ...(since === undefined ? [] : [`--since=${since}`])];
  const [shallow, prefix = '', age = ''] = (await runGit(['rev-parse', ...questions], { cwd })).split('\n');
  const seconds = Number(age.slice('--max-age='.length));
  return { shallow: shallow === 'true', prefix, since: since === undefined ? undefined : seconds };
}

/** One field per entry; each record starts with an empty one, which no name of a file is. */
const fields = [
  ...['', '%H', '%P', '%aN', '%aE', '%cN', '%cE', '%aI', '%s', '%b', '%(trailers)'],
  ...trailerKeys.map((key) => `%(trailers:key=Sluice-${key},valueonly,unfold)`),
];

const logOptions = [
  ...['log', '-z', '--name-only', '--no-renames', '--no-relative', '--encoding=UTF-8'],
  `--format=${fields.join('%x00')}`,
];

/** Words that a commit of interest holds; only its trailers and files decide what it is. */
const mentions = ['^[[:space:]]*Sluice-[a-z]+[[:space:]]*:', '^This reverts commit [0-9a-f]{40}'];

/** A person's settings must not change what is read. */
const config = {
  'trailer.separators': ':',
  'log.showRoot': 'true',
  'log.showSignature': 'false',
  'log.follow': 'false',
};

/**
 * Reads the commits of HEAD that speak of sluice, or take a commit back, and those that bring a decision though they do
 * not: a squash may lose the trailers.
 *
 * @param releases the folder of the releases below that of the workspace
 * @throws GitError when git fails
 */
export async function readHistory(cwd: string, place: HistoryPlace, releases: string): Promise<History> {
  const { shallow, prefix } = place;
  const speaking = await readLog(cwd, place, []);
  if (speaking === undefined) return { commits: [], shallow, prefix };
  const folder = `${prefix}${releases}`.replace(/[*?[\]\\]/g, '\\$&');
  const silent = await readLog(cwd, place, [
    ...['--invert-grep', '--no-merges', '--full-diff', '--', `:(top,glob)${folder}/**/status.yaml`],
  ]);
  const unordered = [...speaking, ...(silent ?? []).filter(mayBeUntold)];
  const commits = unordered.length === speaking.length ? speaking : await inOrder(cwd, unordered);
  const moves = await readUntoldMoves(
    cwd,
    commits.filter(mayBeUntold).map(({ hash }) => hash),
  );
  return { commits: commits.map((commit) => withMove(commit, moves.get(commit.hash))), shallow, prefix };
}

/** Commits by name: the one that a revision names, or `all` of them back to the first one. */
export interface CommitRange {
  /** Such as `main`, or a range such as `v1..main`, which names all that lie between. */
  readonly revision: string;
  readonly all: boolean;
}

/**
 * Reads commits, newest first, whatever they speak of.
 *
 * @param settings for git, beside those that what is read needs
 * @throws GitError when git knows none of that name, or fails
 */
export async function readCommits(
  cwd: string,
  { revision, all }: CommitRange,
  settings: { readonly [key: string]: string },
): Promise<HistoryCommit[]> {
  const most = all || revision.includes('..') ? [] : ['-1'];
  const options = { cwd, config: { ...settings, ...config }, revisions: [revision] };
  const commits = commitsOf(await runGit([...logOptions, ...most], options));
  const lost = commits.filter(mayBeUntold).map(({ hash }) => hash);
  const moves = await readUntoldMoves(cwd, lost, settings);
  return commits.map((commit) => withMove(commit, moves.get(commit.hash)));
}

function withMove(commit: HistoryCommit, untold: UntoldMove | undefined): HistoryCommit {
  return untold === undefined ? commit : { ...commit, untold };
}

/** Whether a commit may be a decision whose trailers were lost: it has one parent, and changes the status of one release. */
function mayBeUntold({ parents, paths, trailers }: HistoryCommit): boolean {
  const statuses = paths.filter((path) => path.endsWith('/status.yaml'));
  return parents.length === 1 && trailers.Release.length !== 1 && statuses.length === 1;
}

/** Returns nothing where there is no commit yet. */
async function readLog(
  cwd: string,
  { since }: HistoryPlace,
  more: readonly string[],
): Promise<HistoryCommit[] | undefined> {
  const args = [
    ...logOptions,
    ...['--extended-regexp', '--regexp-ignore-case', ...mentions.map((words) => `--grep=${words}`)],
    ...(since === undefined ? [] : [`--max-age=${since}`]),
  ];
  const answer = await askGit([...args, ...more], { cwd, config });
  if (answer.status === 0) return commitsOf(answer.stdout);
  if (/does not have any commits yet/.test(answer.words)) return undefined;
  throw gitFailure(answer, { command: 'log', cwd });
}

async function inOrder(cwd: string, commits: readonly HistoryCommit[]): Promise<HistoryCommit[]> {
  const listing = (await runGit(['rev-list', 'HEAD'], { cwd })).split('\n');
  const places = new Map(listing.map((hash, place) => [hash, place]));
  const placeOf = ({ hash }: HistoryCommit) => places.get(hash) ?? 0;
  return commits.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** A message, a name and a path of git hold no NUL, so that nothing in them can look like the next field. */
function commitsOf(text: string): HistoryCommit[] {
  const parts = text.split('\0');
  const commits: HistoryCommit[] = [];
  for (let start = 0; start + fields.length <= parts.length; ) {
    const values = parts.slice(start, start + fields.length);
    let end = start + fields.length;
    const paths: string[] = [];
    for (; end < parts.length && parts[end] !== ''; end++) paths.push(parts[end] ?? '');
    // git parts the message from the names by a line end.
    if (paths[0] !== undefined) paths[0] = paths[0].replace(/^\n/, '');
    commits.push({ ...commitOf(values), paths });
    start = end;
  }
  return commits;
}

function commitOf(values: readonly string[]): Omit<HistoryCommit, 'paths'> {
  const [, hash = '', parents = '', name = '', email = '', byName = '', byEmail = '', at = ''] = values;
  const [subject = '', body = '', block = '', ...trailers] = values.slice(8);
  const of = (key: (typeof trailerKeys)[number]) => linesOf(trailers[trailerKeys.indexOf(key)] ?? '');
  return {
    ...{ hash, at, subject, body: withoutEnd(body, block) },
    parents: parents.split(' ').filter((each) => each !== ''),
    author: { name, email },
    committer: { name: byName, email: byEmail },
    trailers: {
      Release: of('Release'),
      Decision: of('Decision'),
      Iteration: of('Iteration'),
      Verdict: of('Verdict'),
      Evidence: of('Evidence'),
    },
  };
}

/** Unfolded, each value is one line. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function withoutEnd(body: string, block: string): string {
  const [text, end] = [body.trimEnd(), block.trimEnd()];
  return (end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text).trim();
}
