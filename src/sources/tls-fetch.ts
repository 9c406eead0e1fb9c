import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { ConfigError } from '../errors.js';

/** Texts of PEM, and the name of the server. */
export interface TlsTexts {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly serverName?: string | undefined;
}

/**
 * Returns a `fetch` for what `ask` sends, which shows a certificate and believes other authorities: the one of Node takes
 * neither (docs/decisions/0017-fetch-with-certificates.md). It follows no redirect.
 *
 * @throws ConfigError when a text is no PEM, or the key is not that of the certificate
 */
export function tlsFetch({ ca, cert, key, serverName }: TlsTexts): typeof fetch {
  const own = { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
  const believed = ca === undefined ? {} : { ca };
  assertUsable(believed, 'metrics.tls.ca as certificates');
  assertUsable(own, 'metrics.tls.cert and metrics.tls.key as a pair');
  // What is no PEM at all is taken for none, and then nobody would be believed.
  if (ca !== undefined && !ca.includes('-----BEGIN ')) throw unusable('metrics.tls.ca as certificates', 'no PEM');
  const agent = new Agent({ ...believed, ...own, ...(serverName && { servername: serverName }), keepAlive: true });
  return (input, init) => send(new URL(String(input)), init ?? {}, agent);
}

function assertUsable(texts: SecureContextOptions, what: string): void {
  try {
    createSecureContext(texts);
  } catch (error) {
    // A code repeats nothing of the text.
    throw unusable(what, error instanceof Error && 'code' in error ? String(error.code) : 'no PEM');
  }
}

function unusable(what: string, current: string): ConfigError {
  return new ConfigError(`Cannot use ${what}: ${current}`, {
    code: 'source/bad-certificate',
    path: 'sluice.yaml',
    hint: 'Give PEM texts: the authorities in ca, the chain of the client in cert, and its key without a password in key.',
  });
}

function send(url: URL, { method = 'GET', headers, body, signal }: RequestInit, agent: Agent): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      agent,
      headers: { ...Object.fromEntries(new Headers(headers)), 'accept-encoding': 'gzip' },
      ...(signal && { signal }),
    };
    const sent = request(url, options, (message) => resolve(responseOf(message)));
    // As fetch does, whose own words are in the cause.
    sent.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
    sent.end(typeof body === 'string' ? body : undefined);
  });
}

function responseOf(message: IncomingMessage): Response {
  const { statusCode: status = 0, headers } = message;
  const plain = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  if (status === 204 || status === 304) {
    message.resume();
    return new Response(null, { status, headers: plain });
  }
  const isZipped = headers['content-encoding'] === 'gzip';
  // An error of either ends both, and reaches who reads the body.
  const body = isZipped ? pipeline(message, createGunzip(), () => undefined) : message;
  return new Response(Readable.toWeb(body) as ReadableStream, { status, headers: plain });
}
