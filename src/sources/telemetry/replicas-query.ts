import { oneOf } from '../promql.js';
import type { Telemetry } from './telemetry.js';

/** The labels of what the query gives: the second is what the Deployments of a version have in common. */
export const deploymentLabels = ['namespace', 'workload'] as const;

/** How many pods of a Deployment serve ("Deployment Metrics" of kubernetes/kube-state-metrics). */
export const replicasCounter = 'kube_deployment_status_replicas_available';

/** A Deployment by its namespace and its name, or what its name begins with. */
export type DeploymentKey = readonly [namespace: string, deployment: string];

/**
 * Returns the PromQL that gives the available replicas of these Deployments at each point. The same Deployment as told
 * by two copies of kube-state-metrics counts once; the Deployments of one version are added up.
 */
export function replicasQuery({ deployment }: Telemetry, keys: readonly DeploymentKey[]): string {
  const [namespaces, names] = [keys.map(([namespace]) => namespace), keys.map(([, name]) => name)].map(sorted);
  const suffix = deployment?.suffix ?? '';
  const matching = `namespace=~${oneOf(namespaces ?? [])}, deployment=~${oneOf(names ?? [], suffix)}`;
  const available = `max by (namespace, deployment) (${replicasCounter}{${matching}})`;
  const named = `label_replace(${available}, "workload", "$1", "deployment", ${JSON.stringify(`(.+)${suffix}`)})`;
  return `sum by (${deploymentLabels.join(', ')}) (${named})`;
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
