import type { JsonObject } from '../../src/release/json.js';
import type { ApiServer } from './api-server.js';
import type { ClusterObjects } from './cluster-objects.js';

/** Who applies; what it applies again without a field, that field goes. */
const manager = 'fieldManager=sluice';

interface Applying {
  /** Whether the API server only says what it would keep. */
  readonly dryRun: boolean;
}

/** A cluster, and the places of its objects. */
export interface Cluster {
  readonly server: ApiServer;
  readonly objects: ClusterObjects;
}

/**
 * Applies an object as `kubectl apply --server-side --validate=strict` does, without a process for each, and returns it
 * as the API server keeps it. It never takes a field from another manager.
 *
 * @throws Error with the API server's words where it refuses, knows a field not, or another manager has it
 */
export async function serverSideApply(
  { server, objects }: Cluster,
  object: JsonObject,
  { dryRun }: Applying,
): Promise<JsonObject> {
  const path = `${objects.pathOf(object)}?${manager}&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
  return server.ask(path, { method: 'PATCH', contentType: 'application/apply-patch+yaml', body: object });
}

/** Deletes an object, and what its owner references lead to after it. */
export async function remove({ server, objects }: Cluster, object: JsonObject): Promise<void> {
  await server.ask(`${objects.pathOf(object)}?propagationPolicy=Background`, { method: 'DELETE' });
}
