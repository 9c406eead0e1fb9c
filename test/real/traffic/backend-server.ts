import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Socket } from 'node:net';
import { type Request, type Response, reply, type VersionBackend } from './version-backend.js';

/** What a backend speaks, in the words of a Service's `appProtocol`. */
export type Protocol = 'http' | 'kubernetes.io/h2c' | 'grpc';

/** The pods behind one address. */
export class BackendServer {
  readonly #sockets = new Set<Socket>();
  readonly #server;

  /** @param chosen what answers a request; where nothing does, it is 404 */
  constructor(protocol: Protocol, chosen: (request: Request) => VersionBackend | undefined) {
    const answer = (request: Request, response: Response) => {
      const backend = chosen(request);
      if (backend === undefined) reply(request, response, { from: 'nobody', status: 404 });
      else backend.answer(request, response);
    };
    this.#server = protocol === 'http' ? createHttpServer({ keepAliveTimeout: 0 }, answer) : createHttp2Server(answer);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket.once('close', () => this.#sockets.delete(socket)));
    });
  }

  async start(address: string, port: number): Promise<void> {
    await once(this.#server.listen(port, address), 'listening');
  }

  /** Goes as a killed pod does. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server.close(), 'close');
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
