import type { JsonObject } from '../../src/release/json.js';
import type { ApiServer } from './api-server.js';
import { eventually } from './eventually.js';

/** The node that every pod stands on. */
const nodeName = 'only';

const admission = '/apis/admissionregistration.k8s.io/v1';

/** Nobody schedules: a pod is born on the node. */
const policy = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingAdmissionPolicy',
  metadata: { name: 'only-node' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    failurePolicy: 'Fail',
    reinvocationPolicy: 'Never',
    mutations: [
      {
        patchType: 'JSONPatch',
        jsonPatch: { expression: `[JSONPatch{op: "add", path: "/spec/nodeName", value: "${nodeName}"}]` },
      },
    ],
  },
};

const binding = {
  apiVersion: policy.apiVersion,
  kind: 'MutatingAdmissionPolicyBinding',
  metadata: { name: 'only-node' },
  spec: { policyName: 'only-node' },
};

/** Only drawn, to see whether the policy is in force. */
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'drawn' },
  spec: { containers: [{ name: 'one', image: 'registry.example/one:v1' }] },
};

/** Gives the cluster its node, and waits until a pod would stand on it. */
export async function addOnlyNode(server: ApiServer): Promise<void> {
  const post = (path: string, body: JsonObject) => server.ask(path, { method: 'POST', body });
  await post(`${admission}/mutatingadmissionpolicies`, policy);
  await post(`${admission}/mutatingadmissionpolicybindings`, binding);
  await post('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } });
  const drawn = async () => {
    const { spec } = await post('/api/v1/namespaces/default/pods?dryRun=All', pod);
    return (spec as { readonly nodeName?: string }).nodeName;
  };
  await eventually(drawn, { what: 'a pod that is given its node' });
}
