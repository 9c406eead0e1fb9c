import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/release/json.js';
import { type Resource, resourcesOf } from './api-resources.js';
import {
  apiServerOptions,
  certificateOf,
  etcdOptions,
  freePlaces,
  kubeconfigOf,
  type Places,
  token,
} from './api-server-options.js';
import { type Definitions, define, rendered } from './definitions.js';
import { eventually } from './eventually.js';
import { LeashedProcess } from './leashed-process.js';
import { shortLived } from './short-lived.js';
import { requireTools, tools } from './tools.js';

/** Seconds until a part must be ready, or answer: each takes a few on an idle machine. */
const patience = 60;

/** Seconds that a part has for an end of its own: the API server would rather take half a minute. */
const grace = 1;

/** What an API server knows beside what every one does. */
export interface ApiServerOptions {
  /** @default what sluice renders */
  readonly definitions?: Definitions;
}

/** How a request differs from reading. */
interface Asking {
  /** @default GET */
  readonly method?: string;
  readonly body?: JsonObject;
  /** @default JSON */
  readonly accept?: string;
  /** Of the body. @default JSON */
  readonly contentType?: string;
}

/**
 * A real API server with its etcd. There are no controllers and no nodes: whatever stands in it was written by who asked.
 */
export class ApiServer {
  /** What kubectl and Helm are told of it. */
  readonly kubeconfig: string;
  readonly #places: Places;
  readonly #parts: LeashedProcess[] = [];
  #agent: Agent | undefined;
  #resources: readonly Resource[] = [];

  private constructor(places: Places) {
    this.#places = places;
    this.kubeconfig = join(places.folder, 'kubeconfig');
  }

  /**
   * Starts one on free ports of 127.0.0.1, and waits until it takes every kind of object.
   *
   * @throws Error with the end of the log of the part that does not come up
   */
  static async start({ definitions = rendered }: ApiServerOptions = {}): Promise<ApiServer> {
    requireTools(['etcd', 'apiServer', 'kubectl', 'crds']);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-api-server-')));
    const server = new ApiServer(await freePlaces(folder));
    try {
      await server.#start();
      await define(server, definitions);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async #start(): Promise<void> {
    writeFileSync(this.kubeconfig, kubeconfigOf(this.#places));
    const etcd = this.#part(tools.etcd, etcdOptions(this.#places));
    await etcd.untilReady(() => this.#isEtcdHealthy(), patience);
    const apiServer = this.#part(tools.apiServer, apiServerOptions(this.#places));
    await apiServer.untilReady(() => this.#isReady(), patience);
  }

  #part(program: string, options: readonly string[]): LeashedProcess {
    const part = new LeashedProcess(program, options);
    this.#parts.unshift(part);
    return part;
  }

  async #isEtcdHealthy(): Promise<boolean> {
    const { etcd } = this.#places;
    const answer = fetch(`http://127.0.0.1:${etcd}/health`, { signal: AbortSignal.timeout(patience * 1000) });
    return answer.then(({ ok }) => ok).catch(() => false);
  }

  /** The certificate that it makes is read anew every time, since it may not be whole yet. */
  async #isReady(): Promise<boolean> {
    this.#agent?.destroy();
    try {
      this.#agent = new Agent({ ca: readFileSync(certificateOf(this.#places)), keepAlive: true, maxSockets: 8 });
      return (await this.#send('/readyz')).resume().statusCode === 200;
    } catch {
      return false;
    }
  }

  /**
   * Asks the API server itself, and returns the JSON of its answer.
   *
   * @param path from the root, such as `/api/v1/namespaces`
   * @throws Error with its own words where it refuses
   */
  async ask<Reply = JsonObject>(path: string, asking: Asking = {}): Promise<Reply> {
    const answer = await this.#send(path, asking);
    const body = await json(answer);
    const { statusCode = 0 } = answer;
    if (statusCode < 400) return body as Reply;
    const { message } = body as { readonly message: string };
    throw new Error(`Cannot ${asking.method ?? 'GET'} ${path}: ${statusCode} ${message}`);
  }

  #send(path: string, asking: Asking = {}) {
    const { method = 'GET', body, accept = 'application/json', contentType = 'application/json' } = asking;
    const headers = { authorization: `Bearer ${token}`, accept, 'content-type': contentType };
    const { apiServer: port } = this.#places;
    const signal = AbortSignal.timeout(patience * 1000);
    return new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: this.#agent, signal }, resolve);
      sent.on('error', reject).end(body && textOf(body));
    });
  }

  /** Returns what kubectl prints. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return this.run(tools.kubectl, args);
  }

  /**
   * Applies the objects one after the other, as `kubectl apply --server-side --validate=strict` does but without its
   * process, which costs more than the API server's own work, and returns once the API server has them.
   *
   * @throws Error with its words about every object that it refuses
   */
  async apply(objects: readonly JsonObject[]): Promise<void> {
    const refused: string[] = [];
    for (const object of objects) {
      const path = `${await this.#pathOf(object)}?fieldManager=kubectl&fieldValidation=Strict`;
      await this.ask(path, { method: 'PATCH', contentType: 'application/apply-patch+yaml', body: object }).catch(
        ({ message }: Error) => refused.push(message),
      );
    }
    if (refused.length > 0) throw new Error(refused.join('\n'));
  }

  /** Deletes the objects, and what their owner references lead to after them, as `kubectl delete --wait=false` does. */
  async delete(objects: readonly JsonObject[]): Promise<void> {
    for (const object of objects) {
      await this.ask(`${await this.#pathOf(object)}?propagationPolicy=Background`, { method: 'DELETE' });
    }
  }

  /** An API server serves a kind a moment before it says so. */
  async #pathOf({ apiVersion, kind, metadata }: JsonObject): Promise<string> {
    const { name, namespace = 'default' } = metadata as { readonly name: string; readonly namespace?: string };
    const known = () => this.#resources.find((one) => one.apiVersion === apiVersion && one.kind === kind);
    const look = async () => {
      this.#resources = await resourcesOf(this);
      return known();
    };
    const { path } = known() ?? (await eventually(look, { what: `${kind} of ${apiVersion} among the kinds served` }));
    return `${path.replace('NAMESPACE', namespace)}/${name}`;
  }

  /** Runs a program that reads KUBECONFIG, and returns what it prints; nothing of the user's own is read or written. */
  async run(program: string, args: readonly string[]): Promise<string> {
    const home = this.#places.folder;
    const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: this.kubeconfig, ...shortLived };
    const { stdout } = await promisify(execFile)(program, [...args], { env, cwd: home, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  /** Ends it and forgets everything that stood in it. */
  async stop(): Promise<void> {
    this.#agent?.destroy();
    for (const part of this.#parts) await part.stop(grace);
    rmSync(this.#places.folder, { recursive: true, force: true });
  }
}

/** What is applied is read as YAML, which takes these for ends of lines. */
function textOf(body: JsonObject): string {
  return JSON.stringify(body).replace(/[\u0085\u2028\u2029]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
