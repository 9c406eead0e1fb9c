import type { output, ZodType } from 'zod';
import { GitError } from '../../errors.js';
import { oneLine } from '../one-line.js';
import { redact } from '../secret.js';

/** Asks a server with JSON and returns what it answered. */
export interface Api {
  /**
   * @param path below the URL of the API, with its query; values from outside are encoded already
   * @throws GitError when the server refuses
   */
  ask(method: string, path: string, body?: object): Promise<unknown>;
}

interface ApiInput {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
}

/** Returns the API at a URL. */
export function openApi({ url, headers, fetch }: ApiInput): Api {
  return {
    async ask(method, path, body) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { accept: 'application/json', ...headers, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw refusal({ method, path, status: response.status, words: wordsOf(text) });
      if (text === '') return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch {
        throw refusal({ method, path, status: response.status, words: 'the answer is no JSON' });
      }
    },
  };
}

/**
 * Returns an answer in the shape that is read of it; what else it holds is nobody's business.
 *
 * @throws GitError when it has another one
 */
export function answerAs<Schema extends ZodType>(schema: Schema, answer: unknown): output<Schema> {
  const { data, error } = schema.safeParse(answer);
  if (error === undefined) return data as output<Schema>;
  const [issue] = error.issues;
  const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  throw new GitError(`Cannot read what the server answers as pull requests: ${where}`, {
    code: 'git/server-trouble',
    hint: 'Check git.pullRequests.host and url in sluice.yaml: this looks like another interface.',
  });
}

/** What a server said no to. */
export interface Refused {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly words: string;
}

/** Returns the error for a request that a server refuses. */
export function refusal({ method, path, status, words }: Refused): GitError {
  const said = oneLine(redact(words)).slice(0, longestWords);
  const current = said === '' ? `${status}` : `${status} ${said}`;
  const kind = kinds.find(({ is }) => is(status));
  return new GitError(`Cannot ask for ${method} ${redact(path)} of pull requests: ${current}`, {
    code: kind?.code ?? 'git/request-refused',
    path: redact(path),
    hint: kind?.hint ?? 'The words of the server say why; the next run tries again.',
  });
}

const longestWords = 500;

const kinds: readonly { is(status: number): boolean; readonly code: string; readonly hint: string }[] = [
  {
    is: (status) => status === 401,
    code: 'git/unauthorized',
    hint: 'Give a token that is valid: git.token in sluice.yaml.',
  },
  {
    is: (status) => status === 403,
    code: 'git/forbidden',
    hint: 'Give the account of git.token the right to open pull requests, and look whether a limit is reached.',
  },
  {
    is: (status) => status === 404,
    code: 'git/not-found',
    hint: 'Check git.pullRequests.url and repository in sluice.yaml, and that the account may see it.',
  },
  {
    is: (status) => status === 429,
    code: 'git/limited',
    hint: 'The server wants fewer requests; the next run goes on.',
  },
  {
    is: (status) => status >= 300 && status < 400,
    code: 'git/request-refused',
    hint: 'The server leads elsewhere: write the address that is meant as git.pullRequests.url.',
  },
  {
    is: (status) => status >= 500,
    code: 'git/server-trouble',
    hint: 'The server is in trouble; the next run looks what it took, and tries again.',
  },
];

/** Servers say why in `message` or `error`, which may be a list or an object; what is no JSON is a page for people. */
function wordsOf(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: unknown; error?: unknown };
    const said = message ?? error ?? '';
    return typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    return /^\s*</.test(text) ? '' : text;
  }
}
