import type { MatchForm } from '../release/environment.js';
import type { JsonObject, Texts } from '../release/json.js';
import type { External, ServedModel, ServicePort, Specification, VersionModel, Workload } from '../release/model.js';
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
  /** The environment's own. */
  readonly matchForm: MatchForm | undefined;
}

/** Returns a version with every name and default resolved. */
export function resolveVersion(version: Version, context: VersionContext): VersionModel {
  const { application, workloads, position, workload, matchForm } = context;
  const deployed = workloads === 'Deployment';
  const workloadSpecification = deployed ? version.deploymentSpecification : version.inferenceServiceSpecification;
  const overlay = deployed ? ('deployment' as const) : ('inferenceService' as const);
  const matches = matchesOf(version, ['application', 'versions', position], matchForm);
  const autoscaler = version.autoscaler ?? application.autoscaler;
  const { name, instance, namespace, address } = namesOf(version, context);
  const { port, protocol, appProtocol } = portOf(version, application);
  const servicePort = servicePortOf(version, { port: address.port, appProtocol });
  // Key by key: V8 makes an object of this size slowly where a spread starts it.
  return {
    name,
    instance,
    namespace,
    address,
    port,
    servicePort,
    protocol,
    appProtocol,
    httpProtocol: httpWord(servicePort.appProtocol),
    image: version.image,
    weight: version.weight ?? DEFAULT_WEIGHT,
    baselineOf: version.baselineOf,
    pods: undefined,
    routed: version.routed ?? true,
    matches: matches.length > 0 ? matches : [defaultMatch],
    labels: { ...application.metadata?.labels, ...version.metadata?.labels },
    annotations: { ...application.metadata?.annotations, ...version.metadata?.annotations },
    overlays: [application[overlay], version[overlay]].filter((each) => each !== undefined) as JsonObject[],
    workloadSpecification: workloadSpecification && specificationOf(workloadSpecification),
    podLabels: podLabelsOf(version, { instance, workload }),
    serviceSpecification: version.serviceSpecification && specificationOf(version.serviceSpecification),
    workload,
    external: version.external && externalOf(version.external),
    model: modelOf(version, application),
    autoscaler: autoscaler && {
      minReplicas: autoscaler.minReplicas ?? 1,
      maxReplicas: autoscaler.maxReplicas,
      metrics: (autoscaler.metrics as JsonObject[] | undefined) ?? [cpuMetric],
      behavior: filled(autoscaler.behavior),
    },
    disruptionBudget: version.disruptionBudget ?? application.disruptionBudget,
  };
}

/** Those that a Deployment given whole selects, or else the label of a generated one. */
function podLabelsOf(version: Version, { instance, workload }: Pick<VersionModel, 'instance' | 'workload'>): Texts {
  const selector = version.deploymentSpecification?.spec?.selector as { matchLabels?: Texts } | undefined;
  return workload?.matchLabels ?? selector?.matchLabels ?? { app: instance };
}

/** An empty map says as much as none, and a template cannot tell the two apart. */
function filled(fields: object | undefined): JsonObject | undefined {
  return Object.keys(fields ?? {}).length > 0 ? (fields as JsonObject) : undefined;
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
    address: {
      service,
      namespace: routedNamespace,
      elsewhere: routedNamespace !== namespace,
      port: external === undefined ? servicePort : port,
    },
  };
}

interface WrittenPort {
  readonly port: number;
  readonly name?: unknown;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

/** The entry of a Service that was given whole, or else what a generated one says. */
function servicePortOf(
  { serviceSpecification }: Version,
  { port, appProtocol }: Pick<VersionModel, 'port' | 'appProtocol'>,
): ServicePort {
  const ports = serviceSpecification?.spec?.ports;
  const written = portsIn(ports).find((each) => each.port === port);
  return {
    targetPort: written?.targetPort ?? port,
    protocol: written?.protocol ?? 'TCP',
    appProtocol: written?.appProtocol ?? appProtocol,
  };
}

function servicePortsOf({ serviceSpecification }: Version): WrittenPort[] {
  return portsIn(serviceSpecification?.spec?.ports ?? serviceSpecification?.ports);
}

function portsIn(ports: unknown): WrittenPort[] {
  return Array.isArray(ports) ? ports.filter((each): each is WrittenPort => typeof each?.port === 'number') : [];
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

/** The spellings of plain HTTP, as Istio and the Gateway API read them. */
function httpWord(appProtocol: string | undefined): string | undefined {
  return /^(http2?|kubernetes\.io\/h2c)$/i.test(appProtocol ?? '') ? appProtocol : undefined;
}

function specificationOf({ metadata, spec }: WrittenSpecification): Specification {
  return { metadata: metadata ?? {}, spec: spec as JsonObject | undefined };
}

function externalOf({ service, deployment, labels }: NonNullable<Version['external']>): External {
  if (deployment === undefined) return { kind: 'service', name: service ?? '', labels: labels ?? {} };
  return { kind: 'deployment', name: deployment, labels: labels ?? { app: deployment } };
}

function modelOf(version: Version, application: Application): ServedModel {
  const ports = version.ports ?? application.ports ?? [];
  return {
    format: version.modelFormat ?? application.modelFormat,
    storageUri: version.storageUri,
    runtime: version.runtime ?? application.runtime,
    protocolVersion: version.protocolVersion ?? application.protocolVersion,
    // The API server would write the protocol in.
    ports: ports.length === 0 ? undefined : ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })),
  };
}
