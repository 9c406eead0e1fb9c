import { GitError, isSluiceError } from '../../errors.js';
import { isoTime } from '../../release/iso-time.js';
import { redact } from '../../secret.js';
import { isProtected, protectedHint } from '../protected-branch.js';
import type { Answered } from './limit.js';
import type { GithubTarget } from './target.js';

/** What was asked of whom. */
export interface Question {
  readonly target: GithubTarget;
  /** What was to be done, such as `commit to main`. */
  readonly what: string;
}

interface Kind {
  readonly code: string;
  readonly hint: string;
}

const unclear = ['git/timeout', 'git/unreachable', 'git/server-trouble'];

/** Whether the server may have done what it gave no answer to. */
export function isUnclear(error: unknown): boolean {
  return isSluiceError(error) && unclear.includes(error.code);
}

/** Whether an error says that a branch is not where it was expected to be. */
export function isMoved(error: unknown): boolean {
  return isSluiceError(error) && error.code === 'git/moved';
}

const again = 'The next run looks what it took, and tries again.';

/** By the words of the server, the first that fits. */
const byWords: readonly (readonly [words: RegExp, kind: Kind])[] = [
  [
    /expected branch to point to|STALE_DATA|fast.?forward|expected .{0,100}\boid|but expected/i,
    { code: 'git/moved', hint: 'Run the command again: it starts from the commit that is there now.' },
  ],
  [isProtected, { code: 'git/protected', hint: protectedHint }],
  [
    /something went wrong while executing|timed? ?out/i,
    { code: 'git/server-trouble', hint: `GitHub broke off. ${again}` },
  ],
  [/archived/i, { code: 'git/refused', hint: 'The repository is archived: nobody can write to it.' }],
  [
    /not accessible by|INSUFFICIENT_SCOPES|FORBIDDEN|must have (push|admin|write)|required scopes/i,
    {
      code: 'git/forbidden',
      hint: 'Let it write: a fine-grained token or an app with the permission contents: write (for git.pullRequests also pull requests: write), a classic token with the scope repo, a workflow with permissions: {contents: write, pull-requests: write}.',
    },
  ],
  [
    /could not resolve to a repository/i,
    {
      code: 'git/not-found',
      hint: 'Check git.repository, and that the token or the app may see it: GitHub hides what they may not.',
    },
  ],
];

const byStatus: { readonly [status: number]: Kind } = {
  401: {
    code: 'git/unauthorized',
    hint: 'Renew the token (git.token, or GITHUB_TOKEN), or check id, installation and key of git.app.',
  },
  403: {
    code: 'git/forbidden',
    hint: 'Give the account of git.token, or the app, the permission contents: write on this repository, for git.pullRequests also pull requests: write, and single sign-on where the organization asks for it.',
  },
  404: {
    code: 'git/not-found',
    hint: 'Check git.repository, git.url and git.app, and that the token or the app may see the repository: GitHub hides what they may not.',
  },
};

/** Returns the error for what octokit or fetch has thrown, in words without secrets. */
export function githubFailure(error: unknown, question: Question): GitError {
  const answered = answeredOf(error);
  const { code, hint } = answered === undefined ? unreached(error) : kindOf(answered);
  const words = answered?.words ?? wordsOf(error);
  return failureOf(question, redact(words), { code, hint });
}

/** Returns the error of a limit that lasts too long to be waited for. */
export function limitFailure(question: Question, until: number): GitError {
  const time = isoTime(until / 1000);
  return failureOf(question, `GitHub takes no more requests until ${time}, by its rate limit`, {
    code: 'git/limited',
    hint: 'The next run after that time tries again; lower git.pushesPerMinute or git.writesPerHour where it happens often.',
  });
}

/** Returns the error of an answer that has not the form that GitHub describes. */
export function malformed(question: Question, what: string): GitError {
  return failureOf(question, `the answer has no ${what}`, {
    code: 'git/server-trouble',
    hint: 'Check that git.url is the API of GitHub, with /api/v3 for Enterprise Server.',
  });
}

/** Returns what the server has answered; undefined where it has not. */
export function answeredOf(error: unknown): Answered | undefined {
  const { response, errors, headers } = error as {
    response?: { status?: number; headers?: Answered['headers'] };
    errors?: readonly { type?: string; message?: string }[];
    headers?: Answered['headers'];
  };
  if (Array.isArray(errors)) {
    const words = errors.map(({ type, message }) => [type, message].filter(Boolean).join(': '));
    return { status: 200, headers: headers ?? {}, words: words.join('; ') };
  }
  const { status } = response ?? {};
  return status === undefined ? undefined : { status, headers: response?.headers ?? {}, words: wordsOf(error) };
}

function kindOf({ status, words }: Answered): Kind {
  if (status >= 500) return { code: 'git/server-trouble', hint: `GitHub has trouble. ${again}` };
  const known = byWords.find(([pattern]) => pattern.test(words))?.[1];
  return known ?? byStatus[status] ?? { code: 'git/refused', hint: 'The words of GitHub say why.' };
}

function unreached(error: unknown): Kind {
  const names = [error, (error as Error).cause].map((each) => (each as Error | undefined)?.name);
  if (names.some((name) => name === 'TimeoutError' || name === 'AbortError')) {
    return { code: 'git/timeout', hint: `Check that the API answers. ${again}` };
  }
  if (names.includes('Redirected')) {
    return {
      code: 'git/redirected',
      hint: 'Write the address that is meant as git.url (git.pullRequests.url), and the repository as git.repository.',
    };
  }
  return {
    code: 'git/unreachable',
    hint: `Check git.url (git.pullRequests.url), and that the API can be reached from here. ${again}`,
  };
}

const longest = 500;

/** Nobody reads the page that a gateway sends. */
function wordsOf(error: unknown): string {
  const { message, code, cause } = (error ?? {}) as { message?: string; code?: string; cause?: unknown };
  if (!message && cause !== undefined) return wordsOf(cause);
  return (message || code || 'no answer').replace(/\s+/g, ' ').slice(0, longest);
}

function failureOf({ target, what }: Question, words: string, { code, hint }: Kind): GitError {
  const { owner, name, api } = target;
  return new GitError(`Cannot ${what} of ${owner}/${name} on GitHub: ${words}`, { code, path: api, hint });
}
