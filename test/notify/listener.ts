import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterFile } from '../clean-up.js';

/** A request as it came. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a server says to a request. */
export type Answer = (response: ServerResponse, heard: Heard) => void | Promise<void>;

/** A server of HTTP on this machine that answers as it is told: the first request by the first answer, the last for all others. */
export class Listener {
  readonly heard: Heard[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  private constructor(private readonly answers: readonly Answer[]) {}

  static async start(...answers: readonly Answer[]): Promise<Listener> {
    const listener = new Listener(answers.length === 0 ? [status(200)] : answers);
    afterFile(() => listener.close());
    listener.#server.listen(0, '127.0.0.1');
    await once(listener.#server, 'listening');
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get bodies(): unknown[] {
    return this.heard.map(({ body }) => JSON.parse(body));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    const heard = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    const answer = this.answers[Math.min(this.heard.push(heard), this.answers.length) - 1];
    await answer?.(response, heard);
  }
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer {
  return (response) => void response.writeHead(code, headers).end(body);
}

/** Takes the request, and says nothing. */
export const hang: Answer = () => {};

/** Begins an answer, and does not end it. */
export const stall: Answer = (response) => void response.writeHead(200, { 'content-length': '100' }).write('a');
