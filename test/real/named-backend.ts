import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { loopback } from './free-ports.js';

/** What a backend received, and whose answer it is. */
export interface Answer {
  readonly backend: string;
  readonly authority: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A workload that answers every request with its name and what arrived. */
export class NamedBackend {
  readonly #server = createServer((request, response) => this.#answer(request, response));

  constructor(readonly name: string) {}

  /** @param address of 127.0.0.0/8; of workloads of one Service, which share its port, each has one of its own */
  async start(port: number, address: string): Promise<void> {
    await once(this.#server.listen(port, address), 'listening');
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const answer = { backend: this.name, authority: headers.host ?? '', path: url, headers };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await once(this.#server.close(), 'close');
  }
}

interface Asking {
  readonly host: string;
  readonly path: string;
}

/** Returns the answer of a backend behind a port of 127.0.0.1, and nothing where no backend is asked. */
export async function askBackend(port: number, { host, path }: Asking): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: loopback, port, path, headers: { host } }, (response) => {
      if (response.statusCode === 200) return resolve(json(response) as Promise<Answer>);
      response.resume();
      resolve(undefined);
    });
    sent.on('error', reject).end();
  });
}
