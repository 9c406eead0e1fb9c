import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../../src/release/json.js';
import { synth } from '../../../src/synth/synth.js';
import { ApiServer } from '../api-server.js';
import { meshKinds } from '../definitions.js';
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
import { BackendServer, type Protocol } from './backend-server.js';
import type { Entrance } from './client.js';
import { gateway, modelMeshPort, namespace, releasePort, versionPort } from './mesh-places.js';
import { ingressIdentity, ingressObjects, modelMeshObjects } from './model-servers.js';
import type { Request, VersionBackend } from './version-backend.js';

/** Where Envoys answer from outside: for an Istio Gateway, for one of the Gateway API, and for Knative's ingress gateway. */
export type Door = 'istio' | 'gateway-api' | 'ingress';

/** What goes with a workload that a commit deletes. */
interface Leaving {
  /** Those that its controller made of it. */
  readonly objects: readonly JsonObject[];
  leave(): Promise<void>;
}

/** An API server, an istiod, three Envoys, and ModelMesh. */
export class Mesh {
  /** Of 127.0.0.0/8, so that two runs on one machine can open the same ports. */
  readonly #addresses = `127.${randomInt(64, 128)}.${randomInt(256)}`;
  readonly #servers: BackendServer[] = [];
  /** What ModelMesh serves, by name. */
  readonly #models = new Map<string, VersionBackend>();
  /** By kind and name of the workload. */
  readonly #leaving = new Map<string, Leaving>();
  /** Objects of each release that were applied, by kind and name. */
  readonly #applied = new Map<string, ReadonlyMap<string, JsonObject>>();
  #stops: (() => Promise<void>)[] = [];
  server!: ApiServer;
  sidecar!: Envoy;
  /** Serves the gateway that values name. */
  #gateway!: Envoy;
  /** Serves the gateways of Istio and of Knative. */
  #ingress!: Envoy;
  #ports!: Readonly<Record<Door | 'local', number>>;

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
    const { sets, kinds } = meshKinds;
    const definitions = { sets: [...sets, 'kserve'], kinds: [...kinds, 'InferenceService'] } as const;
    const server = await ApiServer.start({ definitions });
    this.server = server;
    this.#stops.unshift(() => server.stop());
    const istiod = await Istiod.start(server);
    this.#stops.unshift(() => istiod.stop());
    this.#ports = await freePorts('istio', 'gateway-api', 'ingress', 'local');
    const [edge = '', name = ''] = gateway.split('/');
    const place = { name, namespace: edge };
    const istio = { ...place, port: this.#ports.istio };
    const api = { ...place, port: this.#ports['gateway-api'] };
    const models = await this.#serves('grpc', ({ headers }) => this.#models.get(String(headers['mm-vmodel-id'])));
    const gateways = [istioGateway(istio), ...apiGateway(api), onLoopback(api), ...ingressObjects(this.#ports)];
    const objects = [...gateways, ...modelMeshObjects(models.address), this.#sidecarScope(), neighbour];
    await server.apply([namespaceNamed(edge), namespaceNamed(namespace), ...objects]);
    const labels = { ...istioGatewayLabels(istio), ...apiGatewayLabels(api) };
    this.#gateway = await this.#envoy(istiod, { role: 'gateway', ...place, labels, address: this.#address(254) });
    this.#ingress = await this.#envoy(istiod, ingressIdentity);
    this.sidecar = await this.#envoy(istiod, {
      role: 'sidecar',
      name: 'client',
      namespace,
      labels: { app: 'client' },
      address: this.#address(1),
    });
  }

  async #envoy(istiod: Istiod, identity: Parameters<typeof Envoy.start>[1]): Promise<Envoy> {
    const envoy = await Envoy.start(istiod, identity);
    this.#stops.unshift(() => envoy.stop());
    return envoy;
  }

  /** A sidecar that says which port it opens opens it for all hosts, as one that a pod's requests are redirected to. */
  #sidecarScope(): JsonObject {
    const egress = [releasePort, versionPort, modelMeshPort].map((number) => ({
      port: { number, protocol: 'HTTP', name: `http-${number}` },
      bind: this.#address(1),
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

  /** The Envoy behind a door. */
  behind(door: Door): Envoy {
    return door === 'ingress' ? this.#ingress : this.#gateway;
  }

  /** Where a release is asked from outside. */
  outside(door: Door, protocol: Entrance['protocol']): Entrance {
    return { address: loopback, port: this.#ports[door], protocol };
  }

  /** Where the pod of the sidecar asks; over HTTP/2. */
  inside(port: number): Entrance {
    return { address: this.#address(1), port, protocol: 'HTTP/2' };
  }

  #address(last: number): string {
    return `${this.#addresses}.${last}`;
  }

  /** Starts the pods of a version, for every Service that selects them; they go with their workload, `<kind>.<group>/<name>`. */
  async runs(backend: VersionBackend, { protocol, workload, objects = [] }: Running): Promise<void> {
    const { server, address } = await this.#serves(protocol, () => backend);
    const labels = { app: backend.name };
    await this.server.apply([...objects, workloadEntry(backend.name, { namespace, address, labels })]);
    this.#leaving.set(workload, { objects, leave: () => server.stop() });
  }

  /** Loads a model into ModelMesh, until its InferenceService goes. */
  loads(backend: VersionBackend): void {
    this.#models.set(backend.name, backend);
    const leave = async () => void this.#models.delete(backend.name);
    this.#leaving.set(inferenceServiceOf(backend.name), { objects: [], leave });
  }

  async #serves(protocol: Protocol, chosen: (request: Request) => VersionBackend | undefined) {
    const server = new BackendServer(protocol, chosen);
    this.#servers.push(server);
    const address = this.#address(this.#servers.length + 1);
    await server.start(address, versionPort);
    return { server, address };
  }

  /** What serves a version dies, and its objects stay. */
  async kills(workload: string): Promise<void> {
    await this.#leaving.get(workload)?.leave();
  }

  /**
   * Makes the cluster what the values say, as Argo CD does: first goes what they no longer name, then comes what they name. The
   * pods of a workload go with it.
   *
   * @param mistake made in the JSON of the objects
   */
  async commit(name: string, values: JsonObject, mistake = (text: string) => text): Promise<void> {
    const right = synth(JSON.stringify(values), { name, namespace });
    const rendered = JSON.parse(mistake(JSON.stringify(right))) as readonly JsonObject[];
    const objects = new Map(rendered.map((object) => [placeOf(object), object]));
    const before: ReadonlyMap<string, JsonObject> = this.#applied.get(name) ?? new Map();
    const gone = [...before.values()].filter((object) => !objects.has(placeOf(object)));
    this.#applied.set(name, objects);
    await this.#delete(gone);
    await this.server.apply(rendered);
  }

  async #delete(gone: readonly JsonObject[]): Promise<void> {
    const left = gone.flatMap((object) => this.#leaving.get(placeOf(object)) ?? []);
    await this.server.delete([...gone, ...left.flatMap(({ objects }) => objects)]);
    await Promise.all(left.map(({ leave }) => leave()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
    for (const stop of this.#stops) await stop();
  }
}

/** How the pods of a version are reached. */
interface Running {
  readonly protocol: Protocol;
  readonly workload: string;
  /** What a controller makes of the workload. */
  readonly objects?: readonly JsonObject[];
}

export function deploymentOf(version: string): string {
  return `Deployment.apps/${version}`;
}

export function inferenceServiceOf(version: string): string {
  return `InferenceService.serving.kserve.io/${version}`;
}

/** Istio opens a port where some Service has it; in a cluster, one always has 80. */
const neighbour = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'neighbour', namespace },
  spec: { selector: { app: 'neighbour' }, ports: [{ name: 'http', port: releasePort }] },
};

/** `<kind>.<group>/<name>`. */
function placeOf({ apiVersion, kind, metadata }: JsonObject): string {
  const [group, version] = String(apiVersion).split('/');
  const { name } = metadata as { readonly name: string };
  return `${kind}${version === undefined ? '' : `.${group}`}/${name}`;
}
