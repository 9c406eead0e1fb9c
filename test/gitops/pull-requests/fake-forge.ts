import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a server keeps it. */
export interface Kept {
  readonly number: number;
  readonly branch: string;
  readonly base: string;
  /** Whether its branch lies in another repository. */
  readonly fork: boolean;
  title: string;
  body: string;
  state: 'open' | 'closed' | 'merged';
  mergedAt: string | undefined;
  labels: string[];
  reviewers: string[];
  comments: string[];
}

/** A question and its answer. */
export interface Exchange {
  readonly method: string;
  /** After the URL of the API, with its query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly request: unknown;
  readonly status: number;
  readonly answer: unknown;
}

/** What a server answers. */
export interface Reply {
  readonly status: number;
  readonly answer?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How one kind of server talks: what it makes of a question, by what it keeps. */
export type Dialect = (question: {
  readonly method: string;
  /** Decoded but for its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly forge: FakeForge;
}) => Reply | undefined;

/** The token that it lets in. */
export const forgeToken = 'forge-token-that-nobody-sees';

/** A server with pull requests that keeps them in memory. */
export class FakeForge {
  readonly kept: Kept[] = [];
  readonly exchanges: Exchange[] = [];
  /** Answered in place of the next questions; `hang` for none at all. */
  readonly obstacles: (Reply | 'hang' | 'after')[] = [];
  /** Told of every question before it is answered. */
  onQuestion: (method: string, path: string) => void = () => {};
  readonly #server: Server;

  private constructor(readonly dialect: Dialect) {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(dialect: Dialect): Promise<FakeForge> {
    const forge = new FakeForge(dialect);
    await new Promise<void>((resolve) => forge.#server.listen(0, '127.0.0.1', resolve));
    return forge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  keep(change: Partial<Kept> & Pick<Kept, 'branch'>): Kept {
    const kept: Kept = {
      ...{ number: this.kept.length + 1, base: 'main', fork: false, title: '', body: '', state: 'open' as const },
      ...{ mergedAt: undefined, labels: [], reviewers: [], comments: [] },
      ...change,
    };
    this.kept.push(kept);
    return kept;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { authorization } = request.headers;
    const { method = '', url: path = '' } = request;
    this.onQuestion(method, path);
    const obstacle = this.obstacles.shift();
    if (obstacle === 'hang') return;
    const body = text === '' ? {} : JSON.parse(text);
    const { pathname, searchParams: query } = new URL(path, this.url);
    const question = { method, path: decodeURIComponent(pathname), query, body, forge: this };
    const isIn = authorization?.endsWith(forgeToken) === true;
    const answered = () =>
      isIn ? this.dialect(question) : { status: 401, answer: { message: 'who are you', documentation_url: '' } };
    const done = typeof obstacle === 'object' ? obstacle : answered();
    // It did as it was asked, and died before it could say so.
    if (obstacle === 'after') return void response.destroy();
    const { status, answer, headers } = obstacle ??
      done ?? { status: 404, answer: { message: `no ${method} ${path}` } };
    this.exchanges.push({ method, path, authorization, request: text === '' ? undefined : body, status, answer });
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(answer === undefined ? '' : JSON.stringify(answer));
  }
}
