/** How long a server is waited for. */
export interface Bounds {
  /** Milliseconds after which a server counts as hung. @default 30000 */
  readonly timeout?: number | undefined;
  /** @default real time */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
}

/** A server leads to another address. */
export class Redirected extends Error {
  override readonly name = 'Redirected';
}

/** The longest that all waits for limits together may keep a pass, in milliseconds. */
export const longestWait = 60_000;

const patience = 30_000;
const mostTries = 3;

/** Answers of gateways: what only reads may be asked for again. */
const passing = new Set([502, 503, 504]);
const withoutBody = new Set([204, 205, 304]);

/**
 * Returns a `fetch` that ends, and that follows no redirect, so that a token goes to nobody else: it throws
 * `Redirected`. What only reads is asked for again where a gateway is in trouble.
 */
export function boundedFetch({ timeout = patience, sleep = realSleep }: Bounds = {}): typeof fetch {
  return async (input, init = {}) => {
    const reads = (init.method ?? 'GET').toUpperCase() === 'GET';
    for (let tries = 1; ; tries += 1) {
      const response = await once(input, init, timeout);
      if (!reads || !passing.has(response.status) || tries === mostTries) return response;
      await sleep(tries * 1000);
    }
  };
}

async function once(input: Parameters<typeof fetch>[0], init: RequestInit, timeout: number): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeout) });
  const { status, headers } = response;
  // Read to its end here, so that a server that stalls in the middle counts as hung as well.
  const body = await response.arrayBuffer();
  if (status >= 300 && status < 400 && status !== 304) {
    throw new Redirected(`it answers ${status} and sends us elsewhere: the repository or the API has another name now`);
  }
  return new Response(withoutBody.has(status) ? null : body, { status, headers });
}

/** Waits in real time. */
export function realSleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
