import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer, type ApiServerOptions } from './api-server.js';
import { freePorts, loopback } from './free-ports.js';
import { kwokConfig } from './kwok-stages.js';
import { LeashedProcess } from './leashed-process.js';
import { addOnlyNode } from './only-node.js';
import { requireTools, tools } from './tools.js';

/** Seconds until a part must be ready. */
const patience = 60;

/** What makes a Deployment ready, what deletes what its owner leaves behind, and nothing that needs a cloud or a scheduler. */
const controllers = ['deployment', 'replicaset', 'endpointslice', 'garbage-collector', 'namespace', 'disruption'];

/**
 * An API server with what makes objects come alive without a machine: Kubernetes' own controllers, and kwok, which plays
 * the kubelet of one node. A Deployment is ready about a second after it is applied, unless its pods' annotations say
 * otherwise: see `podAnnotations`.
 */
export class ControlPlane {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-control-plane-')));
  readonly #parts: LeashedProcess[] = [];

  private constructor(readonly server: ApiServer) {}

  /** @throws Error with the end of the log of the part that does not come up */
  static async start(options: ApiServerOptions = {}): Promise<ControlPlane> {
    requireTools(['controllerManager', 'kwok']);
    const plane = new ControlPlane(await ApiServer.start(options));
    try {
      await Promise.all([plane.#startControllers(), plane.#startNode()]);
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  async #startControllers(): Promise<void> {
    const { port } = await freePorts('port');
    const part = this.#part(tools.controllerManager, [
      `--kubeconfig=${this.server.kubeconfig}`,
      `--controllers=${controllers.map((name) => `${name}-controller`).join(',')}`,
      '--leader-elect=false',
      `--bind-address=${loopback}`,
      `--secure-port=${port}`,
      `--cert-dir=${this.#folder}`,
      // The garbage collector asks more than it may where many objects go at once.
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--feature-gates=WatchListClient=false',
    ]);
    await part.untilReady(async () => part.hasSaid('all resource monitors have synced'), patience);
  }

  async #startNode(): Promise<void> {
    const { port } = await freePorts('port');
    const config = join(this.#folder, 'kwok.yaml');
    writeFileSync(config, kwokConfig());
    await addOnlyNode(this.server);
    const part = this.#part(tools.kwok, [
      `--kubeconfig=${this.server.kubeconfig}`,
      `--config=${config}`,
      '--manage-all-nodes',
      `--server-address=${loopback}:${port}`,
      '--node-lease-duration-seconds=0',
      '--cidr=10.64.0.0/16',
    ]);
    await part.untilReady(async () => isAnswering(`http://${loopback}:${port}/healthz`), patience);
  }

  #part(program: string, options: readonly string[]): LeashedProcess {
    const part = new LeashedProcess(program, options);
    this.#parts.unshift(part);
    return part;
  }

  /** Ends it and forgets everything that stood in it. */
  async stop(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.stop(1)));
    await this.server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function isAnswering(url: string): Promise<boolean> {
  return fetch(url)
    .then(({ ok }) => ok)
    .catch(() => false);
}
