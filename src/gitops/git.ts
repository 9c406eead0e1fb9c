import { existsSync } from 'node:fs';
import { GitError } from '../errors.js';
import { redact } from '../secret.js';
import { hintFor } from './git-hints.js';
import { type ProcessOutcome, runProcess } from './git-process.js';

/** How git is run. Values from outside go into `revisions` and `paths`, where none is ever read as an option. */
export interface GitOptions {
  /** The folder that git runs in. */
  readonly cwd: string;
  /** Given to git's standard input. @default nothing */
  readonly input?: string | Uint8Array | Iterable<Uint8Array>;
  /** How what git writes is read; `latin1` has one character per byte. @default utf8 */
  readonly encoding?: 'utf8' | 'latin1';
  /** Set over this process's own environment. @default nothing */
  readonly env?: { readonly [name: string]: string };
  /** Settings for this one run, such as `i18n.commitEncoding`. @default none */
  readonly config?: { readonly [key: string]: string };
  /** Names of commits and the like, put behind `--end-of-options`. @default none */
  readonly revisions?: readonly string[];
  /** Paths from `cwd`, taken literally and put behind `--`. @default none */
  readonly paths?: readonly string[];
  /** Milliseconds after which git and all that it started are killed. @default never */
  readonly timeout?: number;
}

/** What a run of git left. */
export interface GitAnswer {
  /** git's exit status, 0 for success. */
  readonly status: number;
  readonly stdout: string;
  /** git's own words, trimmed and without secrets. */
  readonly words: string;
}

/** These only read; they must not take the index lock from a person's git just to refresh its cache. */
const readers = new Set([
  'cat-file',
  'check-attr',
  'config',
  'diff-tree',
  'hash-object',
  'log',
  'ls-files',
  'ls-remote',
  'ls-tree',
  'merge-base',
  'rev-list',
  'rev-parse',
  'status',
  'symbolic-ref',
  'var',
]);

/**
 * Files of a commit can look like a bare repository, whose settings name programs to run. Every command reads first; what
 * writes may run hooks, which this would reach.
 */
const noHiddenRepository = 'safe.bareRepository=explicit';

/** What git sets in hooks and aliases: it would win over `cwd`. */
const redirections = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
];

/**
 * Runs the installed git without a shell and returns what it wrote to standard output.
 *
 * @param args the command and its options, all from this program's own text
 * @throws GitError with git's own words when git fails or is not installed
 */
export async function runGit(args: readonly string[], options: GitOptions): Promise<string> {
  const answer = await askGit(args, options);
  if (answer.status === 0) return answer.stdout;
  throw gitFailure(answer, { command: args[0] ?? '', cwd: options.cwd });
}

/** Returns the error for an answer that is a failure, with a hint for the failures that are known. */
export function gitFailure(
  { status, words }: GitAnswer,
  { command, cwd }: { readonly command: string; readonly cwd: string },
): GitError {
  return new GitError(`Cannot run git ${command}: ${words === '' ? `exit status ${status}` : words}`, {
    code: `git/${command}-failed`,
    path: cwd,
    hint: hintFor(words, command),
  });
}

/**
 * Runs git as `runGit` does, for questions to which a status above 0 is an answer.
 *
 * @throws GitError when git is not installed or cannot be run
 */
export async function askGit(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  const { cwd, input = '', env, encoding = 'utf8', timeout } = options;
  const surroundings = { ...process.env, ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  const kept = Object.fromEntries(Object.entries(surroundings).filter(([name]) => !redirections.includes(name)));
  const outcome = await runProcess('git', argumentsOf(args, options), { cwd, env: kept, encoding, input, timeout });
  if (outcome.kind !== 'ended') throw notRun(outcome, args[0] ?? '', options);
  return { status: outcome.status, stdout: outcome.stdout, words: wordsOf(outcome) };
}

/** Programs that git runs end their lines as a terminal has it. */
function wordsOf({ stderr }: { readonly stderr: string }): string {
  return redact(stderr)
    .replace(/\r+\n?/g, '\n')
    .trim();
}

function argumentsOf(args: readonly string[], { config = {}, revisions = [], paths = [] }: GitOptions): string[] {
  for (const value of [...args, ...revisions, ...paths]) assertValue(value);
  for (const revision of revisions) assertRevision(revision);
  const settings = Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const reading = readers.has(args[0] ?? '') ? ['--no-optional-locks', '-c', noHiddenRepository] : [];
  return [
    ...['--no-pager', ...reading, ...settings, ...args],
    ...(revisions.length === 0 ? [] : ['--end-of-options', ...revisions]),
    // Not --literal-pathspecs: that would reach the hooks as a variable and change what their git means.
    ...(paths.length === 0 ? [] : ['--', ...paths.map((path) => `:(literal)${path}`)]),
  ];
}

function assertValue(value: string): void {
  if (!value.includes('\0')) return;
  throw new GitError(`Cannot hand a value to git as text: ${JSON.stringify(value)}`, {
    code: 'git/unsafe-value',
    hint: 'Remove the NUL character.',
  });
}

function assertRevision(revision: string): void {
  if (revision !== '' && !revision.startsWith('-')) return;
  throw new GitError(`Cannot hand a value to git as a revision: ${JSON.stringify(revision)}`, {
    code: 'git/unsafe-value',
    hint: 'Name a branch, a tag or a commit.',
  });
}

function notRun(
  outcome: Exclude<ProcessOutcome, { kind: 'ended' }>,
  command: string,
  { cwd, timeout = 0 }: GitOptions,
): GitError {
  if (outcome.kind === 'late') {
    const words = wordsOf(outcome);
    return new GitError(`Cannot run git ${command} within ${timeout / 1000} s${words === '' ? '' : `: ${words}`}`, {
      code: 'git/timeout',
      path: cwd,
      hint: 'Check that the server answers; the next run looks what it took, and tries again.',
    });
  }
  const { error, signal } = outcome;
  if (error.code === 'ENOENT' && !existsSync(cwd)) {
    return new GitError(`Cannot run git in ${cwd} as a folder: it does not exist`, {
      code: 'git/no-folder',
      path: cwd,
      hint: 'Check the folder that was given.',
    });
  }
  if (error.code === 'ENOENT') {
    return new GitError('Cannot run git as an installed program: no git on the PATH', {
      code: 'git/not-installed',
      hint: 'Install git 2.30 or newer and make sure that the PATH leads to it.',
      cause: error,
    });
  }
  return new GitError(`Cannot run git to its end: ${signal ?? error.code ?? 'unknown reason'}`, {
    code: 'git/not-run',
    path: cwd,
    hint: 'Run the command again.',
  });
}
