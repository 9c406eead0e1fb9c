import type { JsonObject } from '../release/json.js';
import type { External, ServedModel, Specification, VersionModel, Workload } from '../release/model.js';
import { defaultMatch, matchesOf } from './matches.js';
import type { Values } from './values.js';

const DEFAULT_PORT = 80;
const DEFAULT_WEIGHT = 50;
/** Of the CPU that the pods request. */
const DEFAULT_UTILIZATION = 80;

type Application = Values['application'];
type Version = Application['versions'][number];
type WrittenSpecification = NonNullable<Version['deploymentSpecification']>;

/** What a version takes from its release. */
export interface VersionContext {
  readonly application: Application;
  /** The release's. */
  readonly name: string;
  /** The release's. */
  readonly namespace: string;
  readonly position: number;
  readonly workloads: 'Deployment' | 'InferenceService';
  readonly workload: Workload | undefined;
}

/** Returns a version with every name and default resolved. */
export function resolveVersion(version: Version, context: VersionContext): VersionModel {
  const { application, workloads, position, workload } = context;
  const deployed = workloads === 'Deployment';
  const workloadSpecification = deployed ? version.deploymentSpecification : version.inferenceServiceSpecification;
  const overlay = deployed ? ('deployment' as const) : ('inferenceService' as const);
  const matches = matchesOf(version, ['application', 'versions', position]);
  const autoscaler = version.autoscaler ?? application.autoscaler;
  const { name, instance, namespace, address } = namesOf(version, context);
  const { port, protocol, appProtocol } = portOf(version, application);
  // Key by key: V8 makes an object of this size slowly where a spread starts it.
  return {
    name,
    instance,
    namespace,
    address,
    port,
    protocol,
    appProtocol,
    image: version.image,
    weight: version.weight ?? DEFAULT_WEIGHT,
    routed: version.routed ?? true,
    matches: matches.length > 0 ? matches : [defaultMatch],
    labels: { ...application.metadata?.labels, ...version.metadata?.labels },
    annotations: { ...application.metadata?.annotations, ...version.metadata?.annotations },
    overlays: [application[overlay], version[overlay]].filter((each) => each !== undefined) as JsonObject[],
    workloadSpecification: workloadSpecification && specificationOf(workloadSpecification),
    serviceSpecification: version.serviceSpecification && specificationOf(version.serviceSpecification),
    workload,
    external: version.external && externalOf(version.external),
    model: modelOf(version, application),
    autoscaler: autoscaler && {
      minReplicas: autoscaler.minReplicas ?? 1,
      maxReplicas: autoscaler.maxReplicas,
      metrics: (autoscaler.metrics as JsonObject[] | undefined) ?? [cpuMetric],
      behavior: autoscaler.behavior as JsonObject | undefined,
    },
    disruptionBudget: version.disruptionBudget ?? application.disruptionBudget,
  };
}

const cpuMetric: JsonObject = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: DEFAULT_UTILIZATION } },
};

/** The object that receives requests names the version in routes: its Service, or its InferenceService. */
function namesOf(
  version: Version,
  context: VersionContext,
): Pick<VersionModel, 'name' | 'instance' | 'namespace' | 'address'> {
  const { application, name, namespace, position, workloads } = context;
  const { external, metadata } = version;
  const target = (workloads === 'Deployment' ? version.serviceSpecification : version.inferenceServiceSpecification)
    ?.metadata;
  const instance = metadata?.name ?? external?.service ?? external?.deployment ?? `${name}-${position}`;
  const routedName = target?.name ?? instance;
  const routedNamespace = target?.namespace ?? metadata?.namespace ?? namespace;
  // The Deployments of others stand behind one Service, which is called like the release.
  const service = external?.deployment === undefined ? (external?.service ?? routedName) : name;
  const { port } = portOf(version, application);
  const servicePort = version.port ?? servicePortsOf(version)[0]?.port ?? application.port ?? DEFAULT_PORT;
  return {
    name: routedName,
    instance,
    namespace: metadata?.namespace ?? namespace,
    address: { service, namespace: routedNamespace, port: external === undefined ? servicePort : port },
  };
}

interface ServicePort {
  readonly port: number;
  readonly name?: unknown;
  readonly appProtocol?: unknown;
}

function servicePortsOf({ serviceSpecification }: Version): ServicePort[] {
  const ports = serviceSpecification?.spec?.ports ?? serviceSpecification?.ports;
  return Array.isArray(ports) ? ports.filter((each): each is ServicePort => typeof each?.port === 'number') : [];
}

/** A port says that it speaks gRPC by `appProtocol`, or by its name as Istio and KServe read it. */
function portOf(version: Version, application: Application): Pick<VersionModel, 'port' | 'protocol' | 'appProtocol'> {
  const { ports: modelPorts = application.ports, protocolVersion = application.protocolVersion } = version;
  const servicePort = servicePortsOf(version)[0];
  // Where Iter8 looks for a port; it is the container's as well.
  const iter8Port = version.serviceSpecification?.ports?.[0]?.port;
  const appProtocol = version.appProtocol ?? application.appProtocol;
  const words = [appProtocol, servicePort?.appProtocol, servicePort?.name, modelPorts?.[0]?.name, protocolVersion];
  const grpc =
    words.some((word) => typeof word === 'string' && /^grpc(-|$)/i.test(word)) || modelPorts?.[0]?.name === 'h2c';
  return {
    port: version.external?.port ?? version.port ?? iter8Port ?? application.port ?? DEFAULT_PORT,
    protocol: grpc ? 'grpc' : 'http',
    appProtocol,
  };
}

function specificationOf({ metadata, spec }: WrittenSpecification): Specification {
  return { metadata: metadata ?? {}, spec: spec as JsonObject | undefined };
}

function externalOf({ service, deployment, labels }: NonNullable<Version['external']>): External {
  if (deployment === undefined) return { kind: 'service', name: service ?? '', labels: labels ?? {} };
  return { kind: 'deployment', name: deployment, labels: labels ?? { app: deployment } };
}

function modelOf(version: Version, application: Application): ServedModel {
  return {
    format: version.modelFormat ?? application.modelFormat,
    storageUri: version.storageUri,
    runtime: version.runtime ?? application.runtime,
    protocolVersion: version.protocolVersion ?? application.protocolVersion,
    ports: (version.ports ?? application.ports) as readonly JsonObject[] | undefined,
  };
}
