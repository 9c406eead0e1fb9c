import { askGit, gitFailure, runGit } from './git.js';

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

/** Words that a commit of interest holds; only its trailers and files decide what it is. */
const mentions = ['^[[:space:]]*Sluice-[a-z]+[[:space:]]*:', '^This reverts commit [0-9a-f]{40}'];

/** A person's settings must not change what is read. */
const config = { 'trailer.separators': ':', 'log.showRoot': 'true', 'log.showSignature': 'false' };

/**
 * Reads the commits of HEAD that speak of sluice, or take a commit back, in one run of git.
 *
 * @throws GitError when git fails
 */
export async function readHistory(cwd: string, place: HistoryPlace): Promise<History> {
  const { shallow, prefix, since } = place;
  const args = [
    ...['log', '-z', '--name-only', '--no-renames', '--no-relative', '--encoding=UTF-8'],
    ...['--extended-regexp', '--regexp-ignore-case', ...mentions.map((words) => `--grep=${words}`)],
    ...(since === undefined ? [] : [`--max-age=${since}`]),
    `--format=${fields.join('%x00')}`,
  ];
  const answer = await askGit(args, { cwd, config });
  if (answer.status !== 0) {
    if (/does not have any commits yet/.test(answer.words)) return { commits: [], shallow, prefix };
    throw gitFailure(answer, { command: 'log', cwd });
  }
  return { commits: commitsOf(answer.stdout), shallow, prefix };
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
