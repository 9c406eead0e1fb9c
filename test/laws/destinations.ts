import type { Manifest, ReleaseModel } from '../../src/release/model.js';

/** Where a route sends requests: a Service by `name.namespace`, and the port that it names. */
export interface Destination {
  readonly service: string;
  readonly port: number | undefined;
  readonly subset?: string | undefined;
}

interface Fields {
  readonly [key: string]: unknown;
}

/** Kinds of objects that send requests to Services. */
const readers: Record<string, (spec: Fields, namespace: string) => Destination[]> = {
  VirtualService: (spec) => listOf(spec.http).flatMap(httpDestinations).map(hostDestination),
  HTTPRoute: (spec, namespace) => listOf(spec.rules).flatMap((rule) => ruleDestinations(rule, namespace)),
  GRPCRoute: (spec, namespace) => listOf(spec.rules).flatMap((rule) => ruleDestinations(rule, namespace)),
  Mapping: (spec, namespace) => [mappingDestination(String(spec.service), namespace)],
};

/** Returns every destination of the routes among the objects, those of mirrors too; of other kinds followsPlan() asks. */
export function destinationsOf(objects: readonly Manifest[]): Destination[] {
  return objects.flatMap(({ kind, metadata, spec }) => readers[kind]?.(spec as Fields, metadata.namespace) ?? []);
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value : [];
}

function httpDestinations(http: Fields): Fields[] {
  const single = http.mirror === undefined ? [] : [http.mirror as Fields];
  const others = [...listOf(http.route), ...listOf(http.mirrors)].map((each) => each.destination as Fields);
  return [...others, ...single];
}

function hostDestination({ host, port, subset }: Fields): Destination {
  const service = String(host).replace(/\.svc\.cluster\.local$/, '');
  const { number } = (port ?? {}) as { number?: number };
  return { service, port: number, subset: subset as string | undefined };
}

function ruleDestinations(rule: Fields, namespace: string): Destination[] {
  const mirrors = listOf(rule.filters)
    .map((filter) => filter.requestMirror as { backendRef: Fields } | undefined)
    .flatMap((mirror) => (mirror === undefined ? [] : [mirror.backendRef]));
  return [...listOf(rule.backendRefs), ...mirrors].map((ref) => ({
    service: `${ref.name}.${ref.namespace ?? namespace}`,
    port: ref.port as number | undefined,
  }));
}

function mappingDestination(service: string, namespace: string): Destination {
  const [, host = '', port] = /^(?:https?:\/\/)?([^:]+)(?::(\d+))?$/.exec(service) ?? [];
  return {
    service: host.includes('.') ? host.replace(/\.svc\.cluster\.local$/, '') : `${host}.${namespace}`,
    port: port === undefined ? 80 : Number(port),
  };
}

/** What the installations of the environments bring, by the names in their documentation. */
const outside = ['knative-local-gateway.istio-system', 'istio-ingressgateway.istio-system'];

/** Returns what of the destinations leads to no Service that is rendered, declared as external or brought by others. */
export function unknownDestinations(objects: readonly Manifest[], release: ReleaseModel): Destination[] {
  const services = new Map(
    objects
      .filter(({ kind }) => kind === 'Service')
      .map((each) => [`${each.metadata.name}.${each.metadata.namespace}`, portsOf(each)]),
  );
  // Deployments that exist already stand behind a Service that does too.
  const externals = release.versions.flatMap(({ external, address }) =>
    external === undefined ? [] : [`${address.service}.${address.namespace}`],
  );
  const predictors = objects
    .filter(({ kind }) => kind === 'InferenceService')
    .flatMap(({ metadata: { name, namespace } }) => [
      `${name}-predictor.${namespace}`,
      `${name}-predictor-default.${namespace}`,
    ]);
  const modelMesh = release.modelMesh.host.replace(/\.svc\.cluster\.local$/, '');
  const known = new Set([...outside, ...externals, ...predictors, modelMesh]);
  return destinationsOf(objects).filter(({ service, port, subset }) => {
    if (subset !== undefined && !subsetsOf(objects, service).includes(subset)) return true;
    const ports = services.get(service);
    if (ports === undefined) return !known.has(service);
    return ports.length > 0 && port !== undefined && !ports.includes(port);
  });
}

function portsOf({ spec }: Manifest): number[] {
  return listOf((spec as Fields).ports).map(({ port }) => port as number);
}

function subsetsOf(objects: readonly Manifest[], service: string): string[] {
  return objects
    .filter(({ kind }) => kind === 'DestinationRule')
    .map(({ spec }) => spec as Fields)
    .filter(({ host }) => String(host).replace(/\.svc\.cluster\.local$/, '') === service)
    .flatMap(({ subsets }) => listOf(subsets).map(({ name }) => String(name)));
}
