import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';

/** What a backend speaks, in the words of a Service's `appProtocol`. */
export type Protocol = 'http' | 'kubernetes.io/h2c';

/** How a backend answers: after so many milliseconds, never, or with a status that is not 200. */
export interface Behaviour {
  readonly delay?: number;
  readonly hangs?: boolean;
  readonly status?: number;
}

/** What arrived at a backend. */
export interface Arrival {
  readonly authority: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface BackendOptions {
  readonly protocol?: Protocol;
  /** The name with which it answers; none is 404. @default its own */
  readonly serves?: (arrival: Arrival) => string | undefined;
}

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** The pods of one version: answers with its name, counts what it receives, and is slow or fails on command. */
export class VersionBackend {
  /** What it answers from now on. */
  behaviour: Behaviour = {};
  /** Requests since the start, answered or not. */
  received = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server;
  readonly #serves;

  constructor(
    readonly name: string,
    { protocol = 'http', serves = () => name }: BackendOptions = {},
  ) {
    const answer = (request: Request, response: Response) => this.#answer(request, response);
    this.#server = protocol === 'http' ? createHttpServer({ keepAliveTimeout: 0 }, answer) : createHttp2Server(answer);
    this.#serves = serves;
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket.once('close', () => this.#sockets.delete(socket)));
    });
  }

  async start(address: string, port: number): Promise<void> {
    await once(this.#server.listen(port, address), 'listening');
  }

  #answer({ url = '', headers }: Request, response: Response): void {
    this.received += 1;
    const { delay = 0, hangs = false, status = 200 } = this.behaviour;
    if (hangs) return;
    const arrival = { authority: String(headers[':authority'] ?? headers.host), path: url, headers };
    const name = this.#serves(arrival);
    const say = () => {
      response.writeHead(name === undefined ? 404 : status, {
        'x-backend': name ?? 'nobody',
        'x-path': url,
        'x-authority': arrival.authority,
      });
      response.end();
    };
    if (delay === 0) say();
    else setTimeout(say, delay);
  }

  /** Goes as a killed pod does. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server.close(), 'close');
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
