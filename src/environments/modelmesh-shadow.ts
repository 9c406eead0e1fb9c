import type { Contradiction } from '../release/contradiction.js';
import type { JsonObject } from '../release/json.js';
import type { ReleaseModel } from '../release/model.js';
import type { CopyPlan, RoutePlan } from '../release/route-plan.js';
import { percentOf } from './copy-plan.js';
import { meshHosts } from './hosts.js';
import { sharedMetadata } from './metadata.js';
import { INGRESS_GATEWAY, virtualService } from './virtual-service.js';

const MAX_LABEL = 63;

/**
 * Returns the authority that a mirrored rule gives to requests, and so to their copies. Copies have to be told apart
 * by it: Istio before 1.28 appends `-shadow` to what a copy carries, 1.28 and later do not, and a copy that kept its
 * authority could reach the release's own rule at the ingress gateway and be copied again. ModelMesh reads no authority.
 */
export function shadowHost({ name, namespace }: ReleaseModel): string {
  return `${name}.${namespace}.svc.cluster.local-shadow`;
}

/** Returns the one mirror of a rule: to the ingress gateway, where the shadow rule says which model a copy is for. */
export function shadowMirror({ percent }: CopyPlan): JsonObject {
  return { destination: { host: INGRESS_GATEWAY, port: { number: 80 } }, percentage: { value: percent } };
}

/** Returns the Gateway that admits copies, and nothing else, at the ingress gateway. */
export function shadowGateway(release: ReleaseModel) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: sharedMetadata(release, shadowName(release)),
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: shadowHosts(release) }],
    },
  };
}

/** Returns the VirtualService that divides copies over the candidates; `backend` sends a request to one of them. */
export function shadowRoute(release: ReleaseModel, { mirrors }: CopyPlan, backend: (version: string) => JsonObject) {
  const name = shadowName(release);
  const route = mirrors.map(({ version, percent }) => ({
    ...backend(version),
    weight: mirrors.length > 1 ? percent : 100,
  }));
  return virtualService(release, { hosts: shadowHosts(release), gateways: [name], http: [{ name, route }] }, name);
}

/** Returns why the copies that a plan makes cannot reach their candidates. */
export function refuseShadow(release: ReleaseModel, { rules }: RoutePlan): Contradiction[] {
  const mirrored = rules.filter(({ mirrors }) => mirrors.length > 0);
  if (mirrored.length === 0) return [];
  const sums = mirrored.map(({ mirrors }) => percentOf(mirrors));
  const sum = Math.max(...sums);
  const names = { name: shadowName(release), namespace: `${release.namespace}-shadow` };
  const long = (['name', 'namespace'] as const).filter((key) => names[key].length > MAX_LABEL);
  return [
    ...(mirrored.length > 1 ? [severalRules] : []),
    ...(sum > 100 ? [tooMany(sum)] : []),
    ...long.map((key) => ({
      path: ['application', 'metadata', key],
      message: `is too long for copies, whose ${key} would be ${names[key]}`,
      hint: `Names have at most ${MAX_LABEL} characters: take one of at most ${MAX_LABEL - '-shadow'.length}.`,
    })),
  ];
}

const severalRules: Contradiction = {
  path: ['application', 'strategy'],
  message: 'copies requests by several rules, which modelmesh cannot tell apart once they are copied',
  hint: 'Use a strategy that copies by one rule, such as mirrored.',
};

/** A rule has one mirror here, so a request is copied to one candidate at most. */
function tooMany(sum: number): Contradiction {
  return {
    path: ['application', 'versions'],
    message: `copy ${sum} of 100 requests together, but modelmesh copies each at most once`,
    hint: 'Lower the weights of the candidates until their sum is at most 100.',
  };
}

function shadowName({ name }: ReleaseModel): string {
  return `${name}-shadow`;
}

/** The names of the mesh are for a proxy that does not hand the authority on; the last is for one that appends. */
function shadowHosts(release: ReleaseModel): string[] {
  return [...meshHosts(release).map((host) => `${host}-shadow`), `${shadowHost(release)}-shadow`];
}
