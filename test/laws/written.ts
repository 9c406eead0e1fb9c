import type { GatewayCondition, IstioCondition } from './conditions.js';
import type { WrittenValues } from './releases.js';

interface Naming {
  readonly name?: string;
  readonly namespace?: string;
}

interface Port {
  readonly port: number;
}

interface Predictor {
  readonly predictor?: { readonly model?: { readonly protocolVersion?: string } };
}

/** A version as it is written, as far as it decides where requests go. */
export interface Written {
  readonly metadata?: Naming;
  readonly external?: {
    readonly service?: string;
    readonly deployment?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly port?: number;
  };
  readonly serviceSpecification?: {
    readonly metadata?: Naming;
    readonly spec?: { readonly ports?: readonly Port[] };
    readonly ports?: readonly Port[];
  };
  readonly inferenceServiceSpecification?: { readonly metadata?: Naming; readonly spec?: Predictor };
  readonly port?: number;
  readonly protocolVersion?: string;
  readonly weight?: number;
  readonly routed?: boolean;
  readonly match?: readonly IstioCondition[];
  readonly matches?: readonly GatewayCondition[];
}

interface WrittenOptions extends Written {
  readonly deploymentMode?: string;
  readonly versionHeader?: boolean;
  readonly replicas?: number;
  readonly sessionAffinity?: { readonly type: string; readonly cookie?: string };
}

/** A release as it is written, with the defaults that docs/values.md states. */
export interface WrittenRelease {
  readonly environment: string;
  readonly name: string;
  readonly namespace: string;
  readonly strategy: string;
  readonly prefix: string;
  readonly hosts: readonly { readonly name: string; readonly gateway?: string }[];
  readonly versions: readonly Written[];
  readonly primary: Written;
  readonly application: WrittenOptions;
  readonly modelMesh: string;
}

export function writtenRelease({ environment, application, service }: WrittenValues): WrittenRelease {
  const { metadata = {}, strategy, prefix = '/', primary, hosts = [], versions } = application as never;
  const { name = 'shop', namespace = 'default' } = metadata as Naming;
  const list = versions as readonly Written[];
  const { host = 'modelmesh-serving.modelmesh-serving.svc.cluster.local', port = 8033 } = (service ?? {}) as {
    host?: string;
    port?: number;
  };
  const unready = { environment, name, namespace, versions: list } as WrittenRelease;
  const first = list.find((each) => primary !== undefined && nameOf(unready, each) === primary) ?? list[0];
  return {
    ...unready,
    strategy: strategy as string,
    prefix: `${(prefix as string).replace(/\/+$/, '')}/`,
    hosts,
    primary: first as Written,
    application: application as WrittenRelease['application'],
    modelMesh: `${host}:${port}`,
  };
}

/** What routes call a version: the Service's name or the InferenceService's, where a specification gives one. */
export function nameOf(release: WrittenRelease, version: Written): string {
  const { metadata, external, serviceSpecification, inferenceServiceSpecification } = version;
  const given = serviceSpecification?.metadata?.name ?? inferenceServiceSpecification?.metadata?.name;
  return given ?? metadata?.name ?? external?.service ?? external?.deployment ?? instanceOf(release, version);
}

/** What a version's Deployment is called. */
function instanceOf({ name, versions }: WrittenRelease, version: Written): string {
  return version.metadata?.name ?? `${name}-${versions.indexOf(version)}`;
}

/** Where requests of a version have to arrive, as `arrivals` of the objects name it. */
export function targetOf(release: WrittenRelease, version: Written): string {
  const { environment, application } = release;
  const name = nameOf(release, version);
  const { metadata, external, serviceSpecification, inferenceServiceSpecification: served } = version;
  const given = serviceSpecification?.metadata?.namespace ?? served?.metadata?.namespace;
  const namespace = given ?? metadata?.namespace ?? release.namespace;
  if (environment === 'modelmesh') return `${release.modelMesh} ${name}`;
  if (environment.startsWith('kserve')) {
    const predictor = `${name}-predictor${environment === 'kserve-0.10' ? '-default' : ''}.${namespace}`;
    return application.deploymentMode === 'RawDeployment' ? `${predictor}:80` : predictor;
  }
  const ports = serviceSpecification?.spec?.ports ?? serviceSpecification?.ports;
  const port = external?.port ?? version.port ?? ports?.[0]?.port ?? application.port ?? 80;
  if (environment === 'kubernetes') return `${instanceOf(release, version)}.${namespace}:${port}`;
  if (external?.deployment === undefined) return `${external?.service ?? name}.${namespace}:${port}`;
  const labels = external.labels ?? { app: external.deployment };
  return `${release.name}.${namespace}:${port} ${JSON.stringify(labels)}`;
}

/** The path that a version has to see, or undefined where the laws leave it open. */
export function pathOf(release: WrittenRelease, version: Written, asked: { path: string; by?: string | undefined }) {
  const { environment, application, prefix } = release;
  if (prefix !== '/') return `/${asked.path.slice(prefix.length)}`;
  const serverless = environment.startsWith('kserve') && application.deploymentMode !== 'RawDeployment';
  if (!serverless) return asked.path;
  const protocol = protocolOf(release, version);
  if (protocol.startsWith('grpc')) return asked.path;
  // As in Iter8, clients call / alone, or the path that is matched.
  if (asked.path !== '/' && asked.path !== asked.by) return undefined;
  const name = nameOf(release, version);
  return protocol === 'v1' ? `/v1/models/${name}:predict` : `/v2/models/${name}/infer`;
}

function protocolOf({ application }: WrittenRelease, version: Written): string {
  const said = version.inferenceServiceSpecification?.spec?.predictor?.model?.protocolVersion;
  return said ?? version.protocolVersion ?? application.protocolVersion ?? 'v2';
}
