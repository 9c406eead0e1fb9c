import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/release/json.js';
import type { ApiServer } from './api-server.js';
import { eventually } from './eventually.js';
import { tools } from './tools.js';

/** What `scripts/collect-crds.mjs` collects; the two of Gateway API define the same kinds. */
export type DefinitionSet =
  | 'istio'
  | 'gateway-api'
  | 'gateway-api-experimental'
  | 'kserve'
  | 'knative'
  | 'emissary'
  | 'prometheus-operator'
  | 'argo-cd'
  | 'flux-source'
  | 'flux-kustomize'
  | 'flux-helm';

/** What an API server of a test is to know. */
export interface Definitions {
  readonly sets: readonly DefinitionSet[];
  /** @default all kinds of the sets */
  readonly kinds?: readonly string[];
}

const routing = ['DestinationRule', 'GRPCRoute', 'Gateway', 'HTTPRoute', 'ReferenceGrant', 'ServiceEntry'].concat([
  'VirtualService',
]);

/** What sluice renders for its environments, and nothing else: each definition costs the API server a part of a second. */
export const rendered: Definitions = {
  sets: ['istio', 'gateway-api', 'kserve', 'emissary'],
  kinds: [...routing, 'InferenceService', 'Mapping'],
};

/** What the tests give istiod to read. */
export const meshKinds = {
  sets: ['istio', 'gateway-api'],
  kinds: [...routing, 'EnvoyFilter', 'GatewayClass', 'Sidecar', 'WorkloadEntry'],
} satisfies Definitions;

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly names: { readonly kind: string } };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface DefinitionList {
  readonly items: readonly Definition[];
}

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Makes the API server know these kinds, and waits until it takes objects of them. */
export async function define(server: ApiServer, { sets, kinds }: Definitions): Promise<void> {
  const all = sets.flatMap(read);
  const definitions = all.filter(({ spec }) => kinds === undefined || kinds.includes(spec.names.kind));
  await Promise.all(
    definitions.map((body) => server.ask(path, { method: 'POST', body: body as unknown as JsonObject })),
  );
  // One after the other: a list of all is long, and the others are ready when the first one is.
  for (const { metadata } of definitions) {
    await eventually(() => whenEstablished(server, metadata.name), {
      what: `${metadata.name} established`,
      seconds: 60,
    });
  }
}

function read(set: DefinitionSet): readonly Definition[] {
  const list = JSON.parse(readFileSync(join(tools.crds, `${set}.json`), 'utf8')) as DefinitionList;
  return list.items;
}

async function whenEstablished(server: ApiServer, name: string): Promise<true | undefined> {
  return isEstablished(await server.ask<Definition>(`${path}/${name}`)) || undefined;
}

function isEstablished({ status }: Definition): boolean {
  return status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True') ?? false;
}
