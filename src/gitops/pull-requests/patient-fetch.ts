import { GitError, isSluiceError } from '../../errors.js';
import { redact } from '../secret.js';
import { refusal } from './api.js';

/** How long a server is waited for; milliseconds. */
export interface Patience {
  /** For one answer. @default 30000 */
  readonly timeout?: number;
  /** The longest wait that a server may ask for before it is asked again. @default 20000 */
  readonly longestWait?: number;
  /** @default real time */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** @default the one of Node */
  readonly fetch?: typeof fetch;
}

const mostTries = 3;

/** Answers of gateways: what only asks may be asked again. */
const passing = new Set([502, 503, 504]);

/**
 * Returns a `fetch` that ends, that waits as long as a server asks for where that is not long, and that follows no
 * redirect, so that a token goes to nobody else. What may have been done already is not asked for twice.
 */
export function patientFetch({ timeout = 30_000, longestWait = 20_000, ...rest }: Patience = {}): typeof fetch {
  const { pause = sleep, fetch: ask = globalThis.fetch } = rest;
  return async (input, init = {}) => {
    const reads = (init.method ?? 'GET').toUpperCase() === 'GET';
    for (let tries = 1; ; tries += 1) {
      const response = await once(ask, { input, init, timeout });
      const wait = waitFor(response, reads, tries);
      if (wait === undefined || wait > longestWait || tries === mostTries) return response;
      await response.body?.cancel();
      await pause(wait);
    }
  };
}

async function once(
  ask: typeof fetch,
  { input, init, timeout }: { input: Parameters<typeof fetch>[0]; init: RequestInit; timeout: number },
): Promise<Response> {
  try {
    const response = await ask(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeout) });
    // Read to its end here, so that a server that stalls in the middle counts as hung as well.
    const body = [204, 304].includes(response.status) ? null : await response.arrayBuffer();
    if (response.status >= 300 && response.status < 400) throw elsewhere(addressOf(input), init, response);
    return new Response(body, { status: response.status, headers: response.headers });
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw unreachable(addressOf(input), error, timeout);
  }
}

function addressOf(input: Parameters<typeof fetch>[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}

function elsewhere({ pathname }: URL, { method = 'GET' }: RequestInit, { status, headers }: Response): GitError {
  const location = headers.get('location') ?? '';
  const words = URL.canParse(location) ? `it leads to ${new URL(location).origin}` : 'it leads elsewhere';
  return refusal({ method, path: pathname, status, words });
}

/** Returns the milliseconds after which it is worth asking again; undefined for never. */
function waitFor({ status, headers }: Response, reads: boolean, tries: number): number | undefined {
  const asked = secondsOf(headers.get('retry-after'));
  const limited =
    status === 429 || (status === 403 && (asked !== undefined || headers.get('x-ratelimit-remaining') === '0'));
  if (limited) return (asked ?? untilReset(headers) ?? 1) * 1000;
  return reads && passing.has(status) ? (asked ?? tries) * 1000 : undefined;
}

/** `Retry-After` is a number of seconds or a date. */
function secondsOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function untilReset(headers: Headers): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? Number.NaN);
  return Number.isNaN(reset) ? undefined : Math.max(0, Math.ceil(reset - Date.now() / 1000));
}

function unreachable({ origin, pathname }: URL, error: unknown, timeout: number): GitError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const late = error instanceof Error && error.name === 'TimeoutError';
  const words = late ? `no answer within ${timeout / 1000} s` : wordsOf(cause);
  return new GitError(`Cannot reach ${origin} for pull requests: ${redact(words)}`, {
    code: late ? 'git/timeout' : 'git/unreachable',
    path: redact(`${origin}${pathname}`),
    hint: 'Check git.pullRequests.url in sluice.yaml and that the server runs; the next run goes on from what it took.',
  });
}

function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message !== '' ? cause.message : 'code' in cause ? String(cause.code) : cause.name;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
