import type { Environment } from '../../release/environment.js';
import type { JsonObject, Texts } from '../../release/json.js';
import type {
  Autoscaler,
  External,
  GatewayName,
  HostModel,
  ReleaseModel,
  ServedModel,
  Specification,
  VersionModel,
} from '../../release/model.js';
import type { RoutePlan } from '../../release/route-plan.js';
import type { SessionAffinity } from '../../release/session-affinity.js';
import type { Strategy } from '../../release/strategy.js';
import { type Draw, type Place, texts } from './draw.js';
import { planForm, symbolicMappings, symbolicPlan } from './symbolic-plan.js';

/** A release and its plan as constructs take them, of holes and the choices of one draw. */
export interface SymbolicRelease {
  readonly release: ReleaseModel;
  readonly plan: RoutePlan;
}

/** Returns a release of that environment and strategy, drawn at random. */
export function symbolicRelease(draw: Draw, environment: Environment, strategy: Strategy): SymbolicRelease {
  const { root } = draw;
  const can = (capability: Environment['supports'][number]) => environment.supports.includes(capability);
  const form = planForm(draw, strategy);
  const divided = can('replicas') && form.some(({ weighted }) => weighted);
  const versionAt = (place: Place) => ({
    ...symbolicVersion(place, environment),
    // Asked of the release, since 0 pods are as good as none to a template.
    pods: divided ? place.at('pods').int() : undefined,
  });
  const primary = versionAt(root.at('primary'));
  const versions = new SymbolicVersions(...root.at('versions').list('version', 1 + draw.upTo(2), versionAt));
  versions.others.push(primary);
  const knownAt = (place: Place) => {
    const version = versionAt(place);
    versions.others.push(version);
    return version.name;
  };
  // What no environment without it reads would only take time.
  const mappings = can('prefix') ? { mappings: symbolicMappings(root, knownAt) } : {};
  const plan = { ...symbolicPlan(draw, form, knownAt), ...mappings };
  const [name, namespace] = [root.at('name').text(), root.at('namespace').text()];
  const release: ReleaseModel = {
    name,
    namespace,
    versions,
    primary: primary.name,
    matches: [],
    gateway: can('gateway') ? root.at('gateway').optional(gateway) : undefined,
    hosts: can('hosts') ? hosts(root, `${name}.${namespace}`) : [],
    subsets: root.at('subsets').flag(versions.some(({ external: by }) => by?.kind === 'deployment')),
    prefix: root.at('prefix').text(),
    versionHeader: root.at('versionHeader').flag(),
    replicas: can('replicas') ? root.at('replicas').optional((replicas) => replicas.int(), divided) : undefined,
    sessionAffinity: can('client-ip-affinity') ? root.at('sessionAffinity').optional(clientAffinity) : undefined,
    deploymentMode: can('deployment-mode')
      ? root.at('deploymentMode').option(['Serverless', 'RawDeployment'])
      : 'Serverless',
    modelMesh: { host: root.at('modelMesh.host').text(), port: root.at('modelMesh.port').int() },
  };
  return { release, plan };
}

/** The versions of a release, and those that its plan and its primary stand for: these are looked up, and never listed. */
class SymbolicVersions extends Array<VersionModel> {
  static override get [Symbol.species]() {
    return Array;
  }

  readonly others: VersionModel[] = [];

  override find(wanted: (version: VersionModel, position: number, all: VersionModel[]) => unknown) {
    return super.find(wanted) ?? this.others.find(wanted);
  }
}

function symbolicVersion(place: Place, { workloads, supports }: Environment): VersionModel {
  const deployed = workloads === 'Deployment';
  return {
    name: place.at('name').text(),
    instance: place.at('instance').text(),
    namespace: place.at('namespace').text(),
    image: place.at('image').optional((image) => image.text()),
    port: place.at('port').int(),
    address: {
      service: place.at('address.service').text(),
      namespace: place.at('address.namespace').text(),
      elsewhere: place.at('address.elsewhere').flag(),
      port: place.at('address.port').int(),
      grant: place.at('address.grant').text(),
    },
    servicePort: {
      targetPort: place.at('servicePort.targetPort').text(),
      protocol: place.at('servicePort.protocol').text(),
      appProtocol: place.at('servicePort.appProtocol').optional((protocol) => protocol.text()),
    },
    protocol: place.at('protocol').option(['http', 'grpc']),
    appProtocol: place.at('appProtocol').optional((protocol) => protocol.text()),
    httpProtocol: place.at('httpProtocol').optional((protocol) => protocol.text()),
    weight: place.at('weight').int(),
    baselineOf: undefined,
    pods: undefined,
    routed: true,
    matches: [],
    labels: texts(place.at('labels')),
    annotations: texts(place.at('annotations')),
    overlays: place.at('overlays').optional((overlays) => [overlays.tree<JsonObject>()]) ?? [],
    podLabels: place.at('podLabels').tree<Texts>(),
    workloadSpecification: place.at('workloadSpecification').optional(specification),
    serviceSpecification: deployed ? place.at('serviceSpecification').optional(specification) : undefined,
    workload: undefined,
    external: supports.some((each) => each.startsWith('external-'))
      ? place.at('external').optional((by) => external(by, supports))
      : undefined,
    model: deployed ? noModel : servedModel(place.at('model')),
    autoscaler: place.at('autoscaler').optional(autoscaler),
    disruptionBudget: place.at('disruptionBudget').optional((budget) => budget.tree()),
  };
}

const noModel: ServedModel = {
  format: undefined,
  storageUri: undefined,
  runtime: undefined,
  protocolVersion: undefined,
  ports: undefined,
};

function servedModel(place: Place): ServedModel {
  return {
    format: place.at('format').optional((format) => format.text()),
    storageUri: place.at('storageUri').optional((uri) => uri.text()),
    runtime: place.at('runtime').optional((runtime) => runtime.text()),
    protocolVersion: place.at('protocolVersion').optional((version) => version.text()),
    ports: place.at('ports').optional((ports) => ports.tree()),
    predictionPath: place.at('predictionPath').optional((path) => path.text()),
  };
}

function autoscaler(place: Place): Autoscaler {
  return {
    minReplicas: place.at('minReplicas').int(),
    maxReplicas: place.at('maxReplicas').int(),
    metrics: place.at('metrics').tree(),
    behavior: place.at('behavior').optional((behavior) => behavior.tree<JsonObject>()),
  };
}

function external(place: Place, supports: Environment['supports']): External {
  const kinds = (['service', 'deployment'] as const).filter((kind) => supports.includes(`external-${kind}`));
  return { kind: place.at('kind').option(kinds), name: place.at('name').text(), labels: place.at('labels').tree() };
}

/** Constructs write a host and a gateway once each, however many of the others it has; so each is drawn alone. */
function hosts(root: Place, known: string): HostModel[] {
  const { draw } = root;
  return [
    ...root.at('hosts').list('host', draw.upTo(2), (host) => ({ name: host.text(), gateway: undefined })),
    // The mesh knows the release by this name, so it is no further one.
    ...root.at('gateways').list('gateway', draw.upTo(2), (each) => ({ name: known, gateway: gateway(each) })),
  ];
}

function gateway(place: Place): GatewayName {
  return { name: place.at('name').text(), namespace: place.at('namespace').optional((namespace) => namespace.text()) };
}

function specification(place: Place): Specification {
  const metadata = place.at('metadata');
  return {
    metadata: {
      name: metadata.at('name').optional((name) => name.text()),
      namespace: metadata.at('namespace').optional((namespace) => namespace.text()),
      labels: texts(metadata.at('labels')),
      annotations: texts(metadata.at('annotations')),
    },
    spec: place.at('spec').optional((spec) => spec.tree<JsonObject>()),
  };
}

function clientAffinity(place: Place): SessionAffinity {
  return { type: 'ClientIP', cookie: '', maxAge: place.at('maxAge').int() };
}
