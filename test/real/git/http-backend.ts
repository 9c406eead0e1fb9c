import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loopback } from '../free-ports.js';
import { answerOf, type CgiAnswer } from './cgi-answer.js';
import { gitEnvironment } from './git-environment.js';

/** Who may ask: by name and password, or by a token that is sent as `Bearer`. */
export type Access = { readonly user: string; readonly password: string } | { readonly token: string };

/**
 * What the server does with a request.
 *
 * - `serve`: what git does
 * - `refuse`: 403, as for a person without the right to write
 * - `unavailable`: 503 with a Retry-After of a second
 * - `hang`: never answers
 * - `die-after-accepting`: lets git do it all, and cuts the line before the first byte of the answer
 * - `stale`: shows the refs and objects of the moment of the switch, though a push goes to the real repository
 */
export type Behaviour = 'serve' | 'refuse' | 'unavailable' | 'hang' | 'die-after-accepting' | 'stale';

export interface Switch {
  /** @default both */
  readonly of?: 'fetch' | 'push';
  /** The requests that it holds for, after which all is well again; @default until the next switch */
  readonly times?: number;
}

/** A request as it came, and the status that it got; none when there was no answer. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly service: 'fetch' | 'push';
  status: number | undefined;
}

/** What git http-backend is asked. */
interface Question {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly root: string;
}

/** The kernel ends it together with this process; git's own wrapper around it would be what ends, and not the program. */
const backend = ['setpriv', '--pdeathsig', 'KILL', join(programs(), 'git-http-backend')] as const;

function programs(): string {
  return execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim();
}

/** A bare repository on a free port of 127.0.0.1, served by the real git http-backend, that fails as it is told to. */
export class GitHttpServer {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-http-')));
  readonly #access: Access | undefined;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<ChildProcess>();
  #behaviour: Behaviour = 'serve';
  #switch: Switch = {};
  #left = Number.POSITIVE_INFINITY;

  /** Every request so far. */
  readonly asked: Asked[] = [];

  private constructor(access?: Access) {
    this.#access = access;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** @param access @default everybody may read and write */
  static async start(access?: Access): Promise<GitHttpServer> {
    const server = new GitHttpServer(access);
    mkdirSync(server.repository);
    server.git('init', '--quiet', '--bare', '--initial-branch=main');
    server.git('config', 'http.receivepack', 'true');
    await once(server.#server.listen(0, loopback), 'listening');
    return server;
  }

  /** The bare repository, for `file://` and for looking into it. */
  get repository(): string {
    return join(this.#root, 'cells.git');
  }

  /** Without credentials in it. */
  get url(): string {
    return `http://${loopback}:${(this.#server.address() as AddressInfo).port}/cells.git`;
  }

  /** Decides what happens to the requests that come from now on; one without the right credentials is always sent away. */
  behave(behaviour: Behaviour, { of, times = Number.POSITIVE_INFINITY }: Switch = {}): void {
    this.#behaviour = behaviour;
    this.#switch = { of };
    this.#left = times;
    if (behaviour === 'stale') {
      rmSync(this.#snapshot, { recursive: true, force: true });
      cpSync(this.repository, join(this.#snapshot, 'cells.git'), { recursive: true });
    }
  }

  /** Writes a hook of the server, such as `pre-receive`, as a script of sh. */
  hook(name: string, script: string): void {
    const file = join(this.repository, 'hooks', name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs git in the bare repository, and returns what it printed without the last line end. */
  git(...args: readonly string[]): string {
    const options = { cwd: this.repository, env: gitEnvironment(), stdio: 'pipe' } as const;
    return execFileSync('git', args, { ...options, encoding: 'utf8' }).replace(/\n$/, '');
  }

  /** Returns the commit of a branch of the bare repository. */
  tip(branch = 'main'): string {
    return this.git('rev-parse', `refs/heads/${branch}`);
  }

  /** Ends every request with all that it runs, closes the port and removes the repository. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const ends = [...this.#running].map((child) => once(child, 'close'));
    for (const child of this.#running) endGroup(child);
    await Promise.all(ends);
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    rmSync(this.#root, { recursive: true, force: true });
  }

  get #snapshot(): string {
    return join(this.#root, 'snapshot');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const service = url.href.includes('git-receive-pack') ? 'push' : 'fetch';
    const asked: Asked = { method: request.method ?? '', path: url.pathname, service, status: undefined };
    this.asked.push(asked);
    const send = (answer: CgiAnswer) => {
      asked.status = answer.status;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    };
    if (!this.#mayAsk(request)) return send(short(401, { 'WWW-Authenticate': 'Basic realm="sluice"' }));
    const behaviour = this.#next(asked);
    if (behaviour === 'refuse') return send(short(403));
    if (behaviour === 'unavailable') return send(short(503, { 'Retry-After': '1' }));
    if (behaviour === 'hang') return;
    const body = await request.toArray().then(Buffer.concat, () => undefined);
    if (body === undefined) return;
    const isUpdate = asked.method === 'POST' && service === 'push';
    const root = behaviour === 'stale' && !isUpdate ? this.#snapshot : this.#root;
    const answer = await this.#backend({ url, request, body, root });
    if (answer === undefined || behaviour === 'die-after-accepting') response.destroy();
    else send(answer);
  }

  /** To die after accepting is nothing that happens to a request that only looks. */
  #next({ service, method }: Asked): Behaviour {
    const { of = service } = this.#switch;
    if (of !== service || this.#left <= 0) return 'serve';
    if (this.#behaviour === 'die-after-accepting' && (service === 'fetch' || method === 'GET')) return 'serve';
    this.#left -= 1;
    return this.#behaviour;
  }

  #mayAsk({ headers }: IncomingMessage): boolean {
    if (this.#access === undefined) return true;
    if ('token' in this.#access) return headers.authorization === `Bearer ${this.#access.token}`;
    const { user, password } = this.#access;
    return headers.authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  /** Returns nothing when git was ended. */
  async #backend(question: Question): Promise<CgiAnswer | undefined> {
    // A group of its own, so that what git starts, such as a hook, ends with it.
    const [leash, ...args] = backend;
    const child = spawn(leash, args, { env: variables(question), stdio: 'pipe', detached: true });
    this.#running.add(child);
    child.stderr.resume();
    // A git that ends early leaves the rest of the body unread.
    child.stdin.on('error', () => undefined).end(question.body);
    const closed = once(child, 'close');
    const output = Buffer.concat(await child.stdout.toArray());
    await closed;
    this.#running.delete(child);
    return child.signalCode === null ? answerOf(output) : undefined;
  }
}

/** What ended in between is no group any more. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The variables of CGI that git http-backend reads. */
function variables({ url, request, body, root }: Question): NodeJS.ProcessEnv {
  const { 'content-encoding': encoding, 'content-type': type, 'git-protocol': protocol } = request.headers;
  return {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method,
    REMOTE_ADDR: loopback,
    CONTENT_LENGTH: String(body.length),
    ...(type !== undefined && { CONTENT_TYPE: type }),
    ...(encoding !== undefined && { HTTP_CONTENT_ENCODING: encoding }),
    ...(protocol !== undefined && { GIT_PROTOCOL: String(protocol) }),
  };
}

function short(status: number, headers: Readonly<Record<string, string>> = {}): CgiAnswer {
  return { status, headers, body: Buffer.from(`${status}\n`) };
}
