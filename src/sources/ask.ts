import { isSluiceError, SourceError } from '../errors.js';
import type { Endpoint } from './endpoint.js';
import { excerpt, failure, startHint } from './failure.js';
import { retryDelay } from './retry-delay.js';
import type { TimeLimit } from './time-limit.js';

/** A request that reads: it may be sent again. */
export interface Message {
  readonly method: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | undefined;
}

/** An answer of any status, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** As the server gave it; empty when it gave none. */
  readonly contentType: string;
  /** When to ask again, as the server gave it. */
  readonly retryAfter: string | undefined;
  /** What time it was there, as the server gave it. */
  readonly date: string | undefined;
  readonly text: string;
}

/** How an endpoint is asked. */
export interface Exchange {
  readonly fetch: typeof fetch;
  /** For the exchange with all that is repeated in it. */
  readonly limit: TimeLimit;
  /** Numbers from 0 to 1, by which tries are spread. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** Answers above this size are refused: they are a mistake, and would be held in memory. */
const maxBytes = 64 * 1024 * 1024;
const maxRedirects = 5;
const mostTries = 4;

/**
 * Sends a message and returns the answer, whatever its status. It is sent again where the connection broke or the server is
 * busy (429, 502, 503, 504), as long as the time limit leaves time for that. Redirects are followed within the origin
 * only, so that credentials go nowhere else.
 *
 * @throws SourceError when there is no answer, or one above 64 MiB, or one that leads to another origin
 */
export async function ask(endpoint: Endpoint, message: Message, exchange: Exchange): Promise<HttpAnswer> {
  const { limit, random = Math.random } = exchange;
  for (let tries = 1; ; tries += 1) {
    const outcome = await once(endpoint, message, exchange);
    const wait = tries < mostTries ? retryDelay(outcome, tries, random) : undefined;
    if (wait === undefined || performance.now() + wait >= limit.endsAt) {
      if (outcome instanceof SourceError) throw outcome;
      return outcome;
    }
    await pause(wait, limit.signal);
  }
}

/** Returns the error of a connection, which may go by; throws any other. */
async function once(endpoint: Endpoint, message: Message, exchange: Exchange): Promise<HttpAnswer | SourceError> {
  const { signal } = exchange.limit;
  try {
    return await follow(endpoint, message, exchange);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (isSluiceError(error)) throw error;
    return unreachable(endpoint, error);
  }
}

async function follow(endpoint: Endpoint, message: Message, { fetch, limit }: Exchange): Promise<HttpAnswer> {
  let url = endpoint.url;
  const { method, body } = message;
  const headers = { accept: 'application/json', ...message.headers, ...endpoint.headers };
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: limit.signal,
      ...(body !== undefined && { body }),
    });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return read(endpoint, response);
    await response.body?.cancel();
    url = redirected(endpoint, location, url);
  }
  throw failure(endpoint, `Cannot follow more than ${maxRedirects} redirects of the metrics source`, {
    code: 'source/redirect',
  });
}

async function read(endpoint: Endpoint, response: Response): Promise<HttpAnswer> {
  const { status, headers } = response;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw failure(endpoint, 'Cannot take the answer of the metrics source as at most 64 MiB: it is larger', {
        code: 'source/too-large',
        hint: 'Ask for fewer releases at once, or for longer intervals.',
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  const retryAfter = headers.get('retry-after') ?? undefined;
  const date = headers.get('date') ?? undefined;
  return { status, contentType: headers.get('content-type') ?? '', retryAfter, date, text };
}

function redirected(endpoint: Endpoint, location: string, from: URL): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target === undefined || target.origin !== from.origin) {
    const shown = target === undefined ? location : `${target.origin}${target.pathname}`;
    throw failure(endpoint, `Cannot follow a redirect to another origin: ${excerpt(endpoint, shown)}`, {
      code: 'source/redirect',
      hint: 'A login page answers so; otherwise write the address that is meant into metrics.url in sluice.yaml.',
    });
  }
  // fetch refuses URLs with credentials, and its message would hold them.
  target.username = '';
  target.password = '';
  return target;
}

/** fetch says only `fetch failed`; what happened is in its cause, and for several addresses only in the cause's code. */
function unreachable(endpoint: Endpoint, error: unknown): SourceError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const words = cause instanceof Error && cause.message !== '' ? cause.message : code;
  const advice = adviceFor(endpoint, code);
  return failure(endpoint, `Cannot reach the metrics source: ${excerpt(endpoint, words)}`, { cause, ...advice });
}

function adviceFor(endpoint: Endpoint, code: string): { readonly code: string; readonly hint: string } {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { code: 'source/unknown-host', hint: 'Correct the host of metrics.url in sluice.yaml, or the DNS here.' };
  }
  if (/CERT|SSL|TLS|EPROTO|LEAF_SIGNATURE/.test(code)) {
    const hint =
      'Correct the scheme of metrics.url in sluice.yaml, or name the authority in metrics.tls.ca or NODE_EXTRA_CA_CERTS.';
    return { code: 'source/tls', hint };
  }
  return { code: 'source/unreachable', hint: startHint(endpoint) };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
