import { type ErrorDetails, isSluiceError, SourceError } from '../errors.js';
import type { Endpoint } from './endpoint.js';

/** An answer of any status, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** As the server gave it; empty when it gave none. */
  readonly contentType: string;
  readonly text: string;
}

/** How an endpoint is asked. */
export interface PostOptions {
  readonly fetch: typeof fetch;
  /** Aborts the whole exchange; its reason is what is thrown then. */
  readonly signal: AbortSignal;
}

/** Answers above this size are refused: they are a mistake, and would be held in memory. */
const maxBytes = 64 * 1024 * 1024;
const maxRedirects = 5;
const defaultHint = 'Start Prometheus, or correct metrics.url in sluice.yaml.';

/**
 * Sends a form and returns the answer, whatever its status.
 * Redirects are followed within the origin only, with the form, so that credentials go nowhere else.
 *
 * @throws SourceError when there is no answer, or one above 64 MiB, or one that leads to another origin
 */
export async function postForm(
  endpoint: Endpoint,
  form: Readonly<Record<string, string>>,
  { fetch, signal }: PostOptions,
): Promise<HttpAnswer> {
  try {
    let url = endpoint.url;
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const response = await fetch(url, { method: 'POST', redirect: 'manual', signal, ...content(endpoint, form) });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return await read(endpoint, response);
      await response.body?.cancel();
      url = redirected(endpoint, location, url);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw isSluiceError(error) ? error : unreachable(endpoint, error);
  }
  throw failure(endpoint, `Cannot follow more than ${maxRedirects} redirects of the metrics source`, {
    code: 'source/redirect',
  });
}

/** Returns a SourceError that names the endpoint without its secrets. */
export function failure(endpoint: Endpoint, message: string, details: ErrorDetails): SourceError {
  return new SourceError(message, { path: endpoint.masked, hint: defaultHint, ...details });
}

/** Returns the beginning of a foreign text on one line, without secrets and without terminal controls. */
export function excerpt(endpoint: Endpoint, text: string): string {
  const line = endpoint
    .redact(text)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function content({ authorization }: Endpoint, form: Readonly<Record<string, string>>) {
  return {
    body: new URLSearchParams(form),
    headers: { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) },
  };
}

async function read(endpoint: Endpoint, response: Response): Promise<HttpAnswer> {
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
  return { status: response.status, contentType: response.headers.get('content-type') ?? '', text };
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
  return failure(endpoint, `Cannot reach the metrics source: ${excerpt(endpoint, words)}`, { cause, ...advice(code) });
}

function advice(code: string): { readonly code: string; readonly hint: string } {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { code: 'source/unknown-host', hint: 'Correct the host of metrics.url in sluice.yaml, or the DNS here.' };
  }
  if (/CERT|SSL|TLS|EPROTO|LEAF_SIGNATURE/.test(code)) {
    const hint = 'Correct the scheme of metrics.url in sluice.yaml, or name the authority in NODE_EXTRA_CA_CERTS.';
    return { code: 'source/tls', hint };
  }
  return { code: 'source/unreachable', hint: defaultHint };
}
