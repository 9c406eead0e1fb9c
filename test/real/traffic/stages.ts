import type { JsonObject } from '../../../src/release/json.js';
import type { Protocol } from './backend-server.js';
import { type Door, deploymentOf, inferenceServiceOf, type Mesh } from './mesh.js';
import { gateway, modelMeshPort, namespace, releasePort, versionPort } from './mesh-places.js';
import { predictorService, revisionObjects } from './model-servers.js';
import type { Arrival, VersionBackend } from './version-backend.js';

/** Paths that a client may ask. */
export interface Paths {
  /** Those of every request that no path is to choose. */
  readonly usual: string;
  /** A path by which to choose, and others that are almost the same. */
  readonly chosen: string;
  readonly others: readonly string[];
}

/** An environment as a test meets it: what values say, where clients ask, and what stands behind the routes. */
export interface Stage {
  readonly title: string;
  /** What values say of every release; beside that stand a strategy and versions. */
  readonly values: JsonObject & { readonly application: JsonObject };
  /** What runs a version, as values say it. */
  readonly content: JsonObject;
  readonly paths: Paths;
  /** Whether requests are calls of gRPC. */
  readonly call: boolean;
  /** Where it is asked from outside, and at which port in the mesh. */
  readonly door: Door;
  readonly port: number;
  /** What a version answers; all else is 404. */
  knows(arrival: Arrival, asked: Asked): boolean;
  /** Starts what serves a version. */
  runs(mesh: Mesh, backend: VersionBackend, protocol: Protocol): Promise<void>;
  /** What runs a version, as `<kind>.<group>/<name>`. */
  workloadOf(version: string): string;
}

interface Asked {
  readonly version: string;
  /** The host of the release. */
  readonly host: string;
}

const calls: Paths = {
  usual: '/inference.GRPCInferenceService/ModelInfer',
  chosen: '/inference.GRPCInferenceService/ModelMetadata',
  others: ['/inference.GRPCInferenceService/ModelMetadatas', '/inference.GRPCInferenceService2/ModelMetadata'],
};

/** Deployments behind a route to their Services. */
function services(environment: 'istio' | 'gateway-api', call = false): Stage {
  const appProtocol = call ? 'grpc' : 'http';
  return {
    title: call ? `${environment} over gRPC` : environment,
    values: { environment, gateway, application: { port: versionPort, appProtocol } },
    content: { image: 'registry.example/one:v1' },
    paths: call ? calls : { usual: '/', chosen: '/beta', others: ['/betas', '/one/beta'] },
    call,
    door: environment,
    port: releasePort,
    knows: ({ authority }, { host }) => authority === host,
    runs: (mesh, backend, protocol) => mesh.runs(backend, { protocol, workload: deploymentOf(backend.name) }),
    workloadOf: deploymentOf,
  };
}

interface KserveOptions {
  readonly environment?: 'kserve' | 'kserve-0.10';
  readonly call?: boolean;
}

/** InferenceServices behind Knative's gateways: each predictor has a Host of its own, and each model a path. */
function serverless({ environment = 'kserve', call = false }: KserveOptions = {}): Stage {
  const predictor = (version: string) => predictorOf(version, environment);
  return {
    title: call ? `${environment} over gRPC` : environment,
    values: { environment, application: { modelFormat: 'sklearn', ...(call && { protocolVersion: 'grpc-v2' }) } },
    content: { storageUri: 's3://models/one' },
    paths: call ? calls : { usual: '/', chosen: '/beta', others: [] },
    call,
    door: 'ingress',
    port: releasePort,
    knows: ({ authority, path }, { version }) =>
      authority === `${predictor(version)}.${namespace}.svc.cluster.local` &&
      (call ? path.startsWith(service) : path === `/v2/models/${version}/infer`),
    runs: (mesh, backend, protocol) => {
      const { name: version } = backend;
      const objects = revisionObjects({ version, name: predictor(version), protocol });
      return mesh.runs(backend, { protocol, workload: inferenceServiceOf(version), objects });
    },
    workloadOf: inferenceServiceOf,
  };
}

/** InferenceServices behind a route to their predictors' Services: all serve their model under one name. */
function raw({ environment = 'kserve', call = false }: KserveOptions = {}): Stage {
  const model = '/v2/models/iris/';
  const protocolVersion: JsonObject = call ? { protocolVersion: 'grpc-v2' } : {};
  const application = { deploymentMode: 'RawDeployment', modelFormat: 'sklearn', ...protocolVersion };
  return {
    title: `${environment} in RawDeployment${call ? ' over gRPC' : ''}`,
    values: { environment, gateway, application },
    content: { storageUri: 's3://models/one' },
    paths: call ? calls : { usual: `${model}infer`, chosen: `${model}explain`, others: [`${model}explained`] },
    call,
    door: 'gateway-api',
    port: releasePort,
    knows: ({ authority, path }, { host }) => authority === host && path.startsWith(call ? service : model),
    runs: (mesh, backend, protocol) => {
      const { name: version } = backend;
      const objects = [predictorService({ version, name: predictorOf(version, environment), protocol })];
      return mesh.runs(backend, { protocol, workload: inferenceServiceOf(version), objects });
    },
    workloadOf: inferenceServiceOf,
  };
}

function predictorOf(version: string, environment: string): string {
  return `${version}-predictor${environment === 'kserve-0.10' ? '-default' : ''}`;
}

/** Every service whose name begins so. */
const service = '/inference.GRPCInferenceService';

/** One Service for all models: a header says which one answers. */
const modelmesh: Stage = {
  title: 'modelmesh',
  values: { environment: 'modelmesh', gateway, application: { modelFormat: 'sklearn' } },
  content: { storageUri: 's3://models/one' },
  paths: calls,
  call: true,
  door: 'istio',
  port: modelMeshPort,
  knows: ({ path }) => path.startsWith(service),
  runs: async (mesh, backend) => mesh.loads(backend),
  workloadOf: inferenceServiceOf,
};

/** Each kind of route that Istio carries out. */
export const stages: readonly Stage[] = [services('istio'), services('gateway-api'), serverless(), raw(), modelmesh];

/** The same with KServe's older names, and over gRPC. */
export const furtherStages: readonly Stage[] = [
  services('istio', true),
  services('gateway-api', true),
  serverless({ call: true }),
  raw({ call: true }),
  serverless({ environment: 'kserve-0.10' }),
  raw({ environment: 'kserve-0.10' }),
];
