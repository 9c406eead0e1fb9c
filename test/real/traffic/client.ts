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
  /** @default / */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface Reply {
  /** 0 where the connection broke or nothing came in time. */
  readonly status: number;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** Unix milliseconds when it was asked, and when the reply was whole. */
  readonly asked: number;
  readonly time: number;
}

/** Milliseconds after which no reply is a failure. */
const patience = 5000;

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
    ask: ({ host, path = '/', headers = {} }) => {
      const asked = Date.now();
      return new Promise((resolve) => {
        const done = (status: number, received: IncomingHttpHeaders = {}) =>
          resolve({ status, headers: received, asked, time: Date.now() });
        const options = { host: address, port, path, headers: { ...headers, host }, agent, timeout: patience };
        const sent = request(options, (response) => {
          response.resume().once('end', () => done(response.statusCode ?? 0, response.headers));
          response.once('error', () => done(0));
        });
        sent.once('error', () => done(0)).once('timeout', () => sent.destroy());
        sent.end();
      });
    },
  };
}

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
    ask: ({ host, path = '/', headers = {} }) => {
      const asked = Date.now();
      return new Promise((resolve) => {
        let received: IncomingHttpHeaders & { ':status'?: number } = {};
        const done = (status: number) => resolve({ status, headers: received, asked, time: Date.now() });
        const stream = connected().request({ ...headers, ':authority': host, ':path': path }, { endStream: true });
        stream.setTimeout(patience, () => stream.destroy());
        stream.once('response', (head) => {
          received = head;
        });
        stream.once('error', () => done(0)).once('close', () => done(received[':status'] ?? 0));
        stream.resume();
      });
    },
  };
}
