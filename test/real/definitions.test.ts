import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiServer } from './api-server.js';
import type { Definitions } from './definitions.js';

const templates = fileURLToPath(new URL('../../templates/', import.meta.url));

/** What the other tests do not ask for. */
const definitions: Definitions = {
  sets: [
    'gateway-api-experimental',
    'kserve',
    'knative',
    'emissary',
    'prometheus-operator',
    'argo-cd',
    'flux-source',
    'flux-kustomize',
    'flux-helm',
  ],
};

let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start({ definitions });
  for (const namespace of ['argocd', 'flux-system']) await server.kubectl('create', 'namespace', namespace);
});

afterAll(() => server?.stop());

describe('the API server', () => {
  test.each([
    'gitops/argocd/applicationset.yaml',
    'gitops/flux/kustomization.yaml',
    'gitops-helm/argocd/applicationset.yaml',
    'gitops-helm/flux/sluice.yaml',
    'gitops-helm/flux/releases/reviews.yaml',
  ])('takes templates/%s, and knows every field', async (file) => {
    await dryRun(`${templates}${file}`);
  });

  test.each([
    ['sessionPersistence', { sessionName: 'reviews', type: 'Cookie' }],
    ['retry', { attempts: 2 }],
  ])('knows the field %s of the experimental HTTPRoute', async (field, value) => {
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'reviews', namespace: 'default' },
      spec: { rules: [{ [field]: value, backendRefs: [{ name: 'reviews', port: 80 }] }] },
    };
    await server.apply([route]);
    await expect(server.apply([{ ...route, spec: { rules: [{ [`${field}s`]: value }] } }])).rejects.toThrow(
      'field not declared in schema',
    );
  });
});

async function dryRun(file: string): Promise<void> {
  await server.kubectl('apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', file);
}
