import type { output, ZodType } from 'zod';
import { ConfigError, GitError } from '../../errors.js';
import { readSecret, redact, type Secret } from '../../secret.js';
import { boundedFetch, longestWait, realSleep } from '../bounded-fetch.js';
import { limitOf, Patience } from '../github/limit.js';
import { oneLine } from '../one-line.js';
import type { HostInput } from './host.js';

/** Asks a server with JSON. */
export interface Api {
  /**
   * Returns what the server answers. Short limits are waited for.
   *
   * @param path below the URL of the API, with its query; values from outside are encoded already
   * @throws GitError when the server refuses or does not answer
   */
  ask(method: string, path: string, body?: object): Promise<unknown>;
}

/**
 * Opens the API that `git.token` signs in to.
 *
 * @param scheme of the header `authorization`
 * @throws ConfigError when there is no token
 */
export function openApi(
  { url, settings, root, timeout, sleep = realSleep }: HostInput,
  scheme: string,
): { readonly api: Api; readonly secret: Secret } {
  if (settings.token === undefined) throw noToken();
  const secret = readSecret(settings.token, 'git.token', { root });
  const fetch = boundedFetch({ timeout, sleep });
  const patience = new Patience({ most: longestWait, sleep });
  const headers = { accept: 'application/json', authorization: `${scheme} ${secret.reveal()}` };
  const ask: Api['ask'] = async (method, path, body) => {
    const json = body && { 'content-type': 'application/json' };
    const init = { method, headers: { ...headers, ...json }, ...(body && { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}${path}`, init).catch((error: unknown) => {
      throw unreached(`${url}${path}`, error);
    });
    const text = await response.text();
    if (response.ok) return parsed(text, { method, path, status: response.status });
    const { status } = response;
    const words = wordsOf(text);
    const limit = limitOf({ status, headers: Object.fromEntries(response.headers), words }, Date.now());
    if (limit === undefined) throw refusal({ method, path, status, words });
    if (!(await patience.wait(limit))) throw refusal({ method, path, status: 429, words });
    return ask(method, path, body);
  };
  return { api: { ask }, secret };
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

interface Refused {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly words: string;
}

function parsed(text: string, { method, path, status }: Omit<Refused, 'words'>): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refusal({ method, path, status, words: 'the answer is no JSON' });
  }
}

function refusal({ method, path, status, words }: Refused): GitError {
  const said = oneLine(redact(words)).slice(0, longestWords);
  const current = said === '' ? `${status}` : `${status} ${said}`;
  const kind = status >= 500 ? trouble : (kinds[status] ?? refused);
  return new GitError(`Cannot ask for ${method} ${redact(path)} of pull requests: ${current}`, {
    ...kind,
    path: redact(path),
  });
}

const longestWords = 500;

interface Kind {
  readonly code: string;
  readonly hint: string;
}

const trouble: Kind = {
  code: 'git/server-trouble',
  hint: 'The server is in trouble; the next run looks what it took, and tries again.',
};
const refused: Kind = {
  code: 'git/refused',
  hint: 'The words of the server say why; the next run tries again.',
};
const kinds: { readonly [status: number]: Kind } = {
  401: { code: 'git/unauthorized', hint: 'Give a token that is valid: git.token in sluice.yaml.' },
  403: {
    code: 'git/forbidden',
    hint: 'Give the account of git.token the right to open pull requests.',
  },
  404: {
    code: 'git/not-found',
    hint: 'Check git.pullRequests.url and repository in sluice.yaml, and that the account may see it.',
  },
  429: { code: 'git/limited', hint: 'The server wants fewer requests; the next run goes on.' },
};

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

function unreached(url: string, error: unknown): GitError {
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  const { message: within = '', code = '' } = (cause ?? {}) as { message?: string; code?: string };
  const { origin, pathname } = new URL(url);
  return new GitError(`Cannot reach ${origin} for pull requests: ${redact(within || code || message)}`, {
    code: name === 'TimeoutError' ? 'git/timeout' : name === 'Redirected' ? 'git/redirected' : 'git/unreachable',
    path: redact(`${origin}${pathname}`),
    hint: 'Check git.pullRequests.url in sluice.yaml and that the server runs; the next run goes on from what it took.',
  });
}

function noToken(): ConfigError {
  return new ConfigError('Cannot open pull requests without a token: git.token is not set', {
    code: 'git/no-token',
    path: 'sluice.yaml',
    hint: 'Set git.token to {env: NAME} or {file: PATH}; its account needs to push branches and to open requests.',
  });
}
