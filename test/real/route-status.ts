import type { JsonObject } from '../../src/release/json.js';
import type { ApiServer } from './api-server.js';

/** What a controller says of a route and one of its parents. */
export interface RouteCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

interface Kept {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly parents: readonly { readonly conditions: readonly Observed[] }[] };
}

interface Observed extends RouteCondition {
  readonly observedGeneration: number;
}

/** Returns what is said of an HTTPRoute or a GRPCRoute as it stands now, of all of its parents together; nothing said of an older one. */
export async function routeConditions(server: ApiServer, route: JsonObject): Promise<readonly RouteCondition[]> {
  const { name, namespace } = route.metadata as { readonly name: string; readonly namespace: string };
  const plural = `${(route.kind as string).toLowerCase()}s`;
  const path = `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/${plural}/${name}`;
  const { status, metadata } = await server.ask<Kept>(path);
  const conditions = (status?.parents ?? []).flatMap((parent) => parent.conditions);
  return conditions.filter(({ observedGeneration }) => observedGeneration === metadata.generation);
}
