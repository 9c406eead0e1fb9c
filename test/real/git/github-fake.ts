import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loopback } from '../free-ports.js';
import type { GithubContract } from './github-contract.js';
import { type CommitInput, GithubStore, type RefUpdateInput, Refusal } from './github-store.js';

/** What is asked of GitHub here. */
export type Operation =
  | 'get ref'
  | 'list refs'
  | 'create ref'
  | 'delete ref'
  | 'token'
  | 'repository'
  | 'createCommitOnBranch'
  | 'updateRefs';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * What happens to requests instead of what was asked for.
 *
 * - `hang`: no answer, and nothing is done
 * - `die`: the line is cut, and nothing is done
 * - `hang after`, `die after`: it is done, and nobody hears of it
 * - an answer: that, and nothing is done; with `after` it is done before
 */
export type Trouble = 'hang' | 'die' | 'hang after' | 'die after' | (Answer & { readonly after?: boolean });

/** A request as it came, with the status that it got. */
export interface AskedOfGithub {
  readonly operation: Operation | undefined;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  status: number | undefined;
}

/** Whom the server knows. */
export interface Accounts {
  /** Every token that may do all. */
  readonly tokens: readonly string[];
  /** Returns the token of an app that signs in with this header, undefined for a stranger. */
  readonly signIn?: (authorization: string, installation: string) => string | undefined;
}

/** GitHub with one repository, a real bare one. Whatever its published descriptions do not allow is in `faults`. */
export class FakeGithub {
  readonly asked: AskedOfGithub[] = [];
  readonly faults: string[] = [];
  readonly #troubles: { readonly of: Operation; readonly trouble: Trouble }[] = [];
  /** Called before an operation is carried out: the moment for somebody else. */
  before: ((operation: Operation) => void | Promise<void>) | undefined;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #store: GithubStore;

  private constructor(
    repository: string,
    private readonly contract: GithubContract,
    private readonly accounts: Accounts,
  ) {
    this.#store = new GithubStore(repository, 'sluice[bot]');
  }

  /** Starts it for the bare repository in a folder, known as `ada/cells`. */
  static async start(repository: string, contract: GithubContract, accounts: Accounts): Promise<FakeGithub> {
    const fake = new FakeGithub(repository, contract, accounts);
    fake.#server.listen(0, loopback);
    await once(fake.#server, 'listening');
    return fake;
  }

  /** Of the API, as one of Enterprise Server. */
  get url(): string {
    return `http://${loopback}:${(this.#server.address() as AddressInfo).port}/api/v3`;
  }

  /** Makes trouble for the next requests of a kind, in this order. */
  trouble(of: Operation, ...troubles: readonly Trouble[]): void {
    this.#troubles.push(...troubles.map((trouble) => ({ of, trouble })));
  }

  /** Returns what was asked for, in order. */
  operations(): (Operation | undefined)[] {
    return this.asked.map(({ operation }) => operation);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      this.faults.push(`${request.method} ${request.url}: ${error}`);
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = Buffer.concat(await request.toArray()).toString();
    const body = text === '' ? undefined : JSON.parse(text);
    const path = request.url ?? '/';
    const operation = operationOf(request.method ?? '', path, body);
    const asked: AskedOfGithub = { operation, path, headers: request.headers, body: text, status: undefined };
    this.asked.push(asked);
    const trouble = this.#next(operation);
    if (trouble === 'hang') return;
    if (trouble === 'die') return void response.destroy();
    if (operation !== undefined) await this.before?.(operation);
    const answer =
      typeof trouble === 'object' && !trouble.after ? trouble : await this.#carryOut(operation, request, body);
    if (trouble === 'hang after') return;
    if (trouble === 'die after') return void response.destroy();
    const shown = typeof trouble === 'object' ? trouble : answer;
    this.#check(request, body, shown);
    asked.status = shown.status;
    const type = typeof shown.body === 'string' ? 'text/html' : 'application/json; charset=utf-8';
    response.writeHead(shown.status, { 'content-type': type, ...shown.headers });
    response.end(typeof shown.body === 'string' ? shown.body : JSON.stringify(shown.body));
  }

  #next(operation: Operation | undefined): Trouble | undefined {
    const index = this.#troubles.findIndex(({ of }) => of === operation);
    return index < 0 ? undefined : this.#troubles.splice(index, 1)[0]?.trouble;
  }

  async #carryOut(operation: Operation | undefined, request: IncomingMessage, body: unknown): Promise<Answer> {
    const authorization = request.headers.authorization ?? '';
    const path = decodeURIComponent((request.url ?? '').replace('/api/v3', ''));
    if (operation === 'token') return this.#token(authorization, path.split('/')[3] ?? '');
    if (!this.accounts.tokens.some((token) => authorization === `token ${token}`)) return wrong(401, 'Bad credentials');
    if (path.startsWith('/repos/') && !path.startsWith('/repos/ada/cells/')) return wrong(404, 'Not Found');
    try {
      return await this.#done(operation, path, body as Body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (path.startsWith('/repos/')) return wrong(422, error.message);
      const errors = [{ type: error.type, path: [operation], message: error.message }];
      return { status: 200, body: { data: { [operation ?? '']: null }, errors } };
    }
  }

  async #done(operation: Operation | undefined, path: string, body: Body): Promise<Answer> {
    const ref = path.replace(/^.*\/git\/refs?\//, 'refs/');
    const { input, owner, name } = body?.variables ?? {};
    switch (operation) {
      case 'get ref': {
        const sha = await this.#store.tip(ref);
        return sha === undefined ? wrong(404, 'Not Found') : { status: 200, body: refOf(this.url, ref, sha) };
      }
      case 'list refs': {
        const found = await this.#store.tips(path.replace(/^.*\/matching-refs\//, 'refs/'));
        return { status: 200, body: found.map(([name, sha]) => refOf(this.url, name, sha)) };
      }
      case 'create ref':
        await this.#store.createRef(body.ref, body.sha);
        return { status: 201, body: refOf(this.url, body.ref, body.sha) };
      case 'delete ref':
        await this.#store.deleteRef(ref);
        return { status: 204 };
      case 'repository':
        if (`${owner}/${name}` !== 'ada/cells') return unknownRepository(`${owner}/${name}`);
        return { status: 200, body: { data: { repository: { id: 'R_cells' } } } };
      case 'createCommitOnBranch': {
        const oid = await this.#store.commit(input as CommitInput);
        return { status: 200, body: { data: { createCommitOnBranch: { commit: { oid } } } } };
      }
      case 'updateRefs': {
        const { refUpdates } = input as { refUpdates: readonly RefUpdateInput[] };
        const forced = refUpdates.filter(({ force, name }) => force && !name.startsWith('refs/heads/sluice/'));
        if (forced.length > 0) this.faults.push('updateRefs: it is forced');
        await this.#store.updateRefs(refUpdates);
        return { status: 200, body: { data: { updateRefs: { clientMutationId: null } } } };
      }
      default:
        throw new Error(`this is nothing that the fake can do: ${path}`);
    }
  }

  #token(authorization: string, installation: string): Answer {
    const token = this.accounts.signIn?.(authorization, installation);
    if (token === undefined) return wrong(401, 'A JSON web token could not be decoded');
    const expires = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z');
    return { status: 201, body: { token, expires_at: expires, permissions: { contents: 'write' } } };
  }

  #check(request: IncomingMessage, body: unknown, { status, body: answer }: Answer): void {
    const { method = '', url: path = '' } = request;
    if (path !== '/api/graphql') {
      const exchange = { method, path: path.replace('/api/v3', ''), request: body, status, answer };
      this.faults.push(...this.contract.restFaults(exchange));
      return;
    }
    const { query, variables } = body as { query: string; variables: Readonly<Record<string, unknown>> };
    this.faults.push(...this.contract.graphqlFaults({ query, variables, ...(status === 200 && { answer }) }));
  }
}

interface Body {
  readonly ref: string;
  readonly sha: string;
  readonly variables?: { readonly input?: unknown; readonly owner?: string; readonly name?: string };
}

function operationOf(method: string, path: string, body: unknown): Operation | undefined {
  if (path === '/api/graphql') {
    const { query } = body as { query: string };
    return (['createCommitOnBranch', 'updateRefs', 'repository'] as const).find((name) => query.includes(`${name}(`));
  }
  if (path.endsWith('/access_tokens')) return 'token';
  if (method === 'GET' && path.includes('/git/ref/')) return 'get ref';
  if (method === 'GET' && path.includes('/git/matching-refs/')) return 'list refs';
  if (method === 'POST' && path.endsWith('/git/refs')) return 'create ref';
  if (method === 'DELETE' && path.includes('/git/refs/')) return 'delete ref';
  return undefined;
}

/** An error of the REST interface. */
export function wrong(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: { message, documentation_url: 'https://docs.github.com/rest', status: `${status}` } };
}

function unknownRepository(name: string): Answer {
  const message = `Could not resolve to a Repository with the name '${name}'.`;
  return {
    status: 200,
    body: { data: { repository: null }, errors: [{ type: 'NOT_FOUND', path: ['repository'], message }] },
  };
}

function refOf(api: string, ref: string, sha: string): unknown {
  const url = `${api}/repos/ada/cells/git`;
  return { ref, node_id: 'REF_x', url: `${url}/${ref}`, object: { type: 'commit', sha, url: `${url}/commits/${sha}` } };
}
