import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../../src/release/json.js';
import { synth } from '../../../src/synth/synth.js';
import { ApiServer } from '../api-server.js';
import { Envoy } from '../envoy.js';
import { freePorts, loopback } from '../free-ports.js';
import { Istiod } from '../istiod.js';
import {
  apiGateway,
  apiGatewayLabels,
  istioGateway,
  istioGatewayLabels,
  namespaceNamed,
  onLoopback,
  workloadEntry,
} from '../mesh-objects.js';
import type { Entrance } from './client.js';
import type { VersionBackend } from './version-backend.js';

/** Where every release of the tests stands, and the sidecar. */
export const namespace = 'shop';

/** The gateway that values name: an Istio Gateway and a Gateway of one name, on one Envoy. */
export const gateway = 'istio-system/ingressgateway';

/** The port of every version, each on an address of its own. */
export const versionPort = 9080;

/** The port of a release in the mesh. */
const releasePort = 80;

/** An API server, an istiod, and two Envoys: a gateway and a sidecar. */
export class Mesh {
  /** Of 127.0.0.0/8, so that two runs on one machine can open the same ports. */
  readonly #addresses = `127.${randomInt(64, 128)}.${randomInt(256)}`;
  readonly #backends: VersionBackend[] = [];
  /** Objects of each release that were applied, by kind and name. */
  readonly #applied = new Map<string, ReadonlyMap<string, JsonObject>>();
  #stops: (() => Promise<void>)[] = [];
  server!: ApiServer;
  gateway!: Envoy;
  sidecar!: Envoy;
  #ports!: { readonly istio: number; readonly 'gateway-api': number };

  static async start(): Promise<Mesh> {
    const mesh = new Mesh();
    try {
      await mesh.#start();
    } catch (error) {
      await mesh.stop();
      throw error;
    }
    return mesh;
  }

  async #start(): Promise<void> {
    const server = await ApiServer.start({ definitions: { sets: ['istio', 'gateway-api', 'kserve'] } });
    this.server = server;
    this.#stops.unshift(() => server.stop());
    const istiod = await Istiod.start(server);
    this.#stops.unshift(() => istiod.stop());
    this.#ports = await freePorts('istio', 'gateway-api');
    const [edge = '', name = ''] = gateway.split('/');
    const place = { name, namespace: edge };
    const istio = { ...place, port: this.#ports.istio };
    const api = { ...place, port: this.#ports['gateway-api'] };
    const objects = [istioGateway(istio), ...apiGateway(api), onLoopback(api), this.#sidecarScope(), neighbour];
    await server.apply([namespaceNamed(edge), namespaceNamed(namespace), ...objects]);
    const labels = { ...istioGatewayLabels(istio), ...apiGatewayLabels(api) };
    this.gateway = await this.#envoy(istiod, { role: 'gateway', ...place, labels });
    this.sidecar = await this.#envoy(istiod, { role: 'sidecar', name: 'client', namespace, labels: { app: 'client' } });
  }

  async #envoy(istiod: Istiod, identity: Parameters<typeof Envoy.start>[1]): Promise<Envoy> {
    const envoy = await Envoy.start(istiod, identity);
    this.#stops.unshift(() => envoy.stop());
    return envoy;
  }

  /** A sidecar that says which port it opens opens it for all hosts, as one that a pod's requests are redirected to. */
  #sidecarScope(): JsonObject {
    const egress = [releasePort, versionPort].map((number) => ({
      port: { number, protocol: 'HTTP', name: `http-${number}` },
      bind: this.address(1),
      captureMode: 'NONE',
      hosts: ['*/*'],
    }));
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'default', namespace },
      spec: { egress },
    };
  }

  address(last: number): string {
    return `${this.#addresses}.${last}`;
  }

  /** Where a release is asked from outside; over HTTP/1.1. */
  outside(environment: 'istio' | 'gateway-api'): Entrance {
    return { address: loopback, port: this.#ports[environment], protocol: 'HTTP/1.1' };
  }

  /** Where the pod of the sidecar asks; over HTTP/2. */
  get inside(): Entrance {
    return { address: this.address(1), port: releasePort, protocol: 'HTTP/2' };
  }

  /** Starts the pods of a version, for every Service that selects them. */
  async runs(backend: VersionBackend): Promise<void> {
    const address = await this.runsAt(backend);
    const labels = { app: backend.name };
    await this.server.apply([workloadEntry(backend.name, { namespace, address, labels })]);
  }

  /** Starts pods that no Service knows yet, and returns their address. */
  async runsAt(backend: VersionBackend): Promise<string> {
    this.#backends.push(backend);
    const address = this.address(this.#backends.length + 1);
    await backend.start(address, versionPort);
    return address;
  }

  /**
   * Makes the cluster what the values say, as Argo CD does: first goes what they no longer name, then comes what they name. The
   * pods of a Deployment go with it.
   *
   * @param mistake made in the JSON of the objects
   */
  async commit(name: string, values: JsonObject, mistake = (text: string) => text): Promise<void> {
    const right = synth(JSON.stringify(values), { name, namespace });
    const rendered = JSON.parse(mistake(JSON.stringify(right))) as readonly JsonObject[];
    const objects = new Map(rendered.map((object) => [placeOf(object), object]));
    const gone = [...(this.#applied.get(name) ?? new Map()).keys()].filter((place) => !objects.has(place));
    this.#applied.set(name, objects);
    if (gone.length > 0) await this.server.kubectl('delete', '--namespace', namespace, '--wait=false', ...gone);
    const left = this.#backends.filter((backend) => gone.includes(`Deployment.apps/${backend.name}`));
    await Promise.all(left.map((backend) => backend.stop()));
    await this.server.apply(rendered);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#backends.map((backend) => backend.stop()));
    for (const stop of this.#stops) await stop();
  }
}

/** Istio opens a port where some Service has it; in a cluster, one always has 80. */
const neighbour = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'neighbour', namespace },
  spec: { selector: { app: 'neighbour' }, ports: [{ name: 'http', port: releasePort }] },
};

/** As kubectl takes it: `<kind>.<group>/<name>`. */
function placeOf({ apiVersion, kind, metadata }: JsonObject): string {
  const [group, version] = String(apiVersion).split('/');
  const { name } = metadata as { readonly name: string };
  return `${kind}${version === undefined ? '' : `.${group}`}/${name}`;
}
