import { type ExecFileException, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { GitError } from '../errors.js';

/** How git is run. Values from outside go into `revisions` and `paths`, where none is ever read as an option. */
export interface GitOptions {
  /** The folder that git runs in. */
  readonly cwd: string;
  /** Given to git's standard input. @default nothing */
  readonly input?: string;
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
}

/** What a run of git left. */
export interface GitAnswer {
  /** git's exit status, 0 for success. */
  readonly status: number;
  readonly stdout: string;
  /** git's own words, trimmed and without the credentials of URLs. */
  readonly words: string;
}

/** These only read; they must not take the index lock from a person's git just to refresh its cache. */
const readers = new Set([
  'cat-file',
  'hash-object',
  'log',
  'ls-files',
  'ls-tree',
  'rev-parse',
  'status',
  'symbolic-ref',
]);

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

const largestOutput = 256 * 1024 * 1024;

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
export function askGit(args: readonly string[], options: GitOptions): Promise<GitAnswer> {
  const { cwd, input, env, encoding = 'utf8' } = options;
  const surroundings = { ...process.env, ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
  const kept = Object.fromEntries(Object.entries(surroundings).filter(([name]) => !redirections.includes(name)));
  const all = argumentsOf(args, options);
  return new Promise((resolve, reject) => {
    const done = (error: ExecFileException | null, stdout: string, stderr: string) => {
      if (error !== null && typeof error.code !== 'number') return reject(notRun(error, options));
      resolve({ status: Number(error?.code ?? 0), stdout, words: withoutCredentials(stderr).trim() });
    };
    try {
      const child = execFile('git', all, { cwd, env: kept, encoding, maxBuffer: largestOutput }, done);
      // A git that ends before it has read everything says why itself.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input ?? '');
    } catch (error) {
      // Some reasons not to start, such as too long a list of paths, are thrown and not handed to `done`.
      reject(error instanceof Error ? notRun(error, options) : error);
    }
  });
}

function argumentsOf(args: readonly string[], { config = {}, revisions = [], paths = [] }: GitOptions): string[] {
  for (const value of [...args, ...revisions, ...paths]) assertValue(value);
  for (const revision of revisions) assertRevision(revision);
  const settings = Object.entries(config).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const reading = readers.has(args[0] ?? '') ? ['--no-optional-locks'] : [];
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

function notRun(error: ExecFileException, { cwd }: GitOptions): GitError {
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
  return new GitError(`Cannot run git to its end: ${error.signal ?? error.code ?? 'unknown reason'}`, {
    code: 'git/not-run',
    path: cwd,
    hint: 'Run the command again.',
  });
}

/** The whole part before the host, also where a password holds an `@`. */
function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/]+@/gi, '$1***@');
}

const hints: readonly (readonly [words: RegExp, hint: string])[] = [
  [
    /tell me who you are|unable to auto-detect email|empty ident|no (email|name) was given/i,
    'Say who commits: git config user.name NAME and git config user.email ADDRESS',
  ],
  [/dubious ownership/, 'When you trust the folder: git config --global --add safe.directory FOLDER'],
  [/ignored by one of your \.gitignore/, 'Take the path out of .gitignore, or name another folder in sluice.yaml.'],
  [/gpg failed to sign|failed to write commit object/, 'Check that git can sign here, or set commit.gpgsign to false.'],
  [/permission denied|read-only file system/i, 'Check who may write to the repository and its .git folder.'],
  [/index\.lock/, 'Wait until the other git has ended; when none runs any more, delete the index.lock it left.'],
];

function hintFor(words: string, command: string): string {
  const known = hints.find(([pattern]) => pattern.test(words));
  if (known !== undefined) return known[1];
  if (command === 'commit') return 'A hook of the repository or a setting of git refused the commit.';
  return `Run git ${command} there by hand to see more.`;
}
