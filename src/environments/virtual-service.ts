import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';
import type { NamedMatch, RouteMatch, StringMatch } from '../release/route-plan.js';
import { sharedMetadata } from './metadata.js';

/** Istio's own ingress gateway, where its installation puts it. */
export const INGRESS_GATEWAY = 'istio-ingressgateway.istio-system.svc.cluster.local';

/** What a VirtualService holds, beside its metadata. */
export interface VirtualServiceSpec {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  /** HTTPRoutes in Istio's sense, the first that fits decides. */
  readonly http: readonly JsonObject[];
}

/** Returns a VirtualService of the release, called like it unless a name is given. */
export function virtualService(release: ReleaseModel, spec: VirtualServiceSpec, name?: string) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: sharedMetadata(release, name),
    spec: { ...spec },
  };
}

/** Returns a Service that gives the release's name an address elsewhere; the route decides where its requests go. */
export function externalNameService(release: ReleaseModel, externalName: string) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: sharedMetadata(release),
    spec: { type: 'ExternalName', externalName, sessionAffinity: 'None' },
  };
}

/** Returns the header by which responses name their version, for the `headers.response` of a route. */
export function versionHeader({ versionHeader: wanted }: ReleaseModel, version: string): JsonObject {
  return wanted ? { response: { set: { 'app-version': version } } } : {};
}

/** Returns a match in Istio's form; its path is compared by its text. */
export function httpMatchRequest({ headers, query, path, method, istio: others }: RouteMatch): JsonObject {
  return {
    ...others,
    ...(path && { uri: stringMatch(path) }),
    ...(method !== undefined && { method: { exact: method } }),
    ...(headers.length > 0 && { headers: namedMatches(headers) }),
    ...(query.length > 0 && { queryParams: namedMatches(query) }),
  };
}

function namedMatches(matches: readonly NamedMatch[]): JsonObject {
  return Object.fromEntries(matches.map(({ name, match }) => [name, stringMatch(match)]));
}

function stringMatch(match: StringMatch): JsonObject {
  return match.kind === 'regex' && match.presence ? {} : { [match.kind]: match.value };
}
