import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../../errors.js';
import { exposition, expositionType } from './exposition.js';
import { illness, type Tally } from './tally.js';

/** A server that tells how the daemon is. */
export interface Endpoint {
  readonly url: string;
  close(): void;
}

/** Where it listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST:PORT`, `[IPV6]:PORT` included.
 *
 * @throws ConfigError for anything else
 */
export function parseAddress(text: string): Address {
  const {
    host = '',
    v6 = '',
    port = '',
  } = /^(?:(?<host>[^:[\]\s]+)|\[(?<v6>[0-9a-fA-F:.]+)\]):(?<port>[0-9]{1,5})$/.exec(text)?.groups ?? {};
  if (port !== '' && Number(port) <= 65_535) return { host: host || v6, port: Number(port) };
  throw notListening(
    text,
    'it is no HOST:PORT',
    'Write 127.0.0.1:9464, 0.0.0.0:9464 or [::]:9464; port 0 takes a free one.',
  );
}

/**
 * Serves `/healthz` and `/metrics`.
 *
 * @throws ConfigError where the address cannot be had
 */
export async function serve(address: Address, tally: Tally, now: () => number): Promise<Endpoint> {
  const server = createServer((request, response) => answer(request, response, { tally, now }));
  server.requestTimeout = 10_000;
  await listen(server, address);
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return {
    url: `http://${host}:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(notListening(`${host}:${port}`, error.message, 'Give another address, or port 0 for a free one.'));
    });
    server.listen({ host, port }, resolve);
  });
}

interface Told {
  readonly tally: Tally;
  now(): number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

function answer({ method, url = '' }: IncomingMessage, response: ServerResponse, { tally, now }: Told): void {
  const { status, text, type = 'text/plain; charset=utf-8' } = answerTo(method, url.split('?')[0], { tally, now });
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

function answerTo(method: string | undefined, path: string | undefined, { tally, now }: Told): Answer {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET and HEAD are answered\n' };
  if (path === '/metrics') return { status: 200, text: exposition(tally), type: expositionType };
  if (path !== '/healthz') return { status: 404, text: 'there are /healthz and /metrics\n' };
  const reason = illness(tally, now());
  return reason === undefined ? { status: 200, text: 'ok\n' } : { status: 503, text: `${reason}\n` };
}

function notListening(address: string, current: string, hint: string): ConfigError {
  return new ConfigError(`Cannot listen on ${address} as asked: ${current}`, { code: 'cli/arguments', hint });
}
