import { clip } from './texts.js';

/** A request that tells something, or asks whom to tell. */
export interface Outgoing {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
}

/** An answer of 200 to 299, or why there is none, in words without secrets. */
export type Answer = { readonly text: string } | { readonly error: string };

/** Sends a request. Never throws, and follows no redirect: what it holds is for one server. */
export type Post = (request: Outgoing) => Promise<Answer>;

interface Limits {
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** For one answer, in milliseconds. @default 5000 */
  readonly timeout?: number;
}

const longestWait = 3_000;
const usualWait = 500;
const mostBytes = 2 * 1024 * 1024;
const mostWords = 200;

/** Returns the way out. A server that is busy or in trouble is asked once more, when it wants that soon. */
export function openPost({ signal, timeout = 5_000 }: Limits): Post {
  return async (request) => {
    const limits = { signal, timeout };
    const first = await once(request, limits);
    const wait = 'status' in first ? waitFor(first) : undefined;
    if (wait === undefined || wait > longestWait) return answerOf(first);
    await pause(wait, signal);
    return answerOf(await once(request, limits));
  };
}

interface Reply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

async function once(
  { url, ...request }: Outgoing,
  { signal, timeout }: Required<Limits>,
): Promise<Reply | { readonly error: string }> {
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
    const response = await fetch(url, { ...request, redirect: 'manual', signal: both });
    const text = await beginningOf(response);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  } catch (error) {
    if (signal.aborted) return { error: 'the time for all notifications is over' };
    const late = error instanceof Error && error.name === 'TimeoutError';
    return { error: late ? `no answer within ${timeout / 1000} s` : `no answer: ${reasonOf(error)}` };
  }
}

async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.byteLength;
    if (bytes > mostBytes) break;
  }
  return text;
}

function answerOf(reply: Reply | { readonly error: string }): Answer {
  if ('error' in reply) return reply;
  const { status, text } = reply;
  if (status >= 200 && status < 300) return { text };
  if (status >= 300 && status < 400) return { error: `the server answers ${status} and sends us elsewhere` };
  const words = /^\s*</.test(text) ? '' : clip(text, mostWords);
  return { error: `the server answers ${status}${words === '' ? '' : `: ${words}`}` };
}

/** Returns the milliseconds after which it is worth asking again; undefined for never. */
function waitFor({ status, retryAfter }: Reply): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  if (retryAfter === null) return usualWait;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? usualWait : Math.max(0, seconds * 1000);
}

/** Codes say what happened without saying where, which may be a secret. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'for no reason given';
  return 'code' in cause ? String(cause.code) : clip(cause.message, mostWords);
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
