import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';

/** Where an Envoy answers, and how it is asked. */
export interface Entrance {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'HTTP/1.1' | 'HTTP/2';
}

/** What is asked. */
export interface Question {
  readonly host: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As a call of gRPC, which takes HTTP/2. @default false */
  readonly call?: boolean;
  /** Milliseconds after which no reply is a failure. @default 5000 */
  readonly patience?: number;
}

/** What came back. */
export interface Reply {
  /** 0 where the connection broke or nothing came in time; of a call that failed, gRPC's own. */
  readonly status: number;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Unix milliseconds when it was asked, and when the reply was whole. */
  readonly asked: number;
  readonly time: number;
}

/** Asks one Envoy over connections that are kept. */
export interface Client {
  ask(question: Question): Promise<Reply>;
  stop(): void;
}

export function clientOf(entrance: Entrance): Client {
  return entrance.protocol === 'HTTP/1.1' ? overHttp1(entrance) : overHttp2(entrance);
}

function overHttp1({ address, port }: Entrance): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    stop: () => agent.destroy(),
    ask: ({ host, path, headers = {}, patience: timeout = 5000 }) => {
      const asked = Date.now();
      return new Promise((resolve) => {
        const done = (status: number, received: IncomingHttpHeaders = {}) =>
          resolve({ status, headers: received, asked, time: Date.now() });
        const sent = request(
          { host: address, port, path, headers: { ...headers, host }, agent, timeout },
          (response) => {
            response.resume().once('end', () => done(response.statusCode ?? 0, response.headers));
            response.once('error', () => done(0));
          },
        );
        sent.once('error', () => done(0)).once('timeout', () => sent.destroy());
        sent.end();
      });
    },
  };
}

type Head = IncomingHttpHeaders & { readonly ':status'?: number };

const asCall = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };

function overHttp2({ address, port }: Entrance): Client {
  let session: ClientHttp2Session | undefined;
  const connected = () => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    // Its requests fail, each for itself.
    session = connect(`http://${address}:${port}`).on('error', () => undefined);
    return session;
  };
  return {
    stop: () => session?.destroy(),
    ask: ({ host, path, headers = {}, call = false, patience = 5000 }) => {
      const asked = Date.now();
      return new Promise((resolve) => {
        let head: Head = {};
        let end: IncomingHttpHeaders = {};
        const done = (status: number) => resolve({ status, headers: head, asked, time: Date.now() });
        const sent = { ...headers, ...(call && asCall), ':authority': host, ':path': path };
        const stream = connected().request(sent, { endStream: true });
        stream.setTimeout(patience, () => stream.destroy());
        stream.once('response', (received) => {
          head = received;
        });
        stream.once('trailers', (received) => {
          end = received;
        });
        stream
          .once('error', () => done(0))
          .once('close', () => done(call ? callStatus(head, end) : (head[':status'] ?? 0)));
        stream.resume();
      });
    },
  };
}

/** Envoy says the status of a call that it answers itself at the beginning. */
function callStatus(head: Head, end: IncomingHttpHeaders): number {
  if (head[':status'] !== 200) return head[':status'] ?? 0;
  const status = end['grpc-status'] ?? head['grpc-status'];
  if (status === undefined) return 0;
  return status === '0' ? 200 : Number(status);
}
