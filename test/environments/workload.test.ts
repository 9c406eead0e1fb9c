import { describe, expect, test } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { releaseOf } from '../release-of.js';

const head = 'environment: kubernetes\napplication:\n  port: 8080\n';

function deployment(text: string) {
  const found = manifestsOf(releaseOf(text)).find(({ kind }) => kind === 'Deployment');
  return found as unknown as {
    spec: { replicas?: number; template: { spec: { containers: Record<string, unknown>[] } } };
  };
}

describe('renderVersions', () => {
  test('sets nothing that was not asked for', () => {
    const { spec } = deployment(`${head}  versions:\n  - image: registry.example/shop:v1\n`);
    expect(spec).toEqual({
      selector: { matchLabels: { app: 'shop-0' } },
      template: {
        metadata: { labels: { app: 'shop-0' } },
        spec: {
          containers: [{ name: 'shop-0', image: 'registry.example/shop:v1', ports: [{ containerPort: 8080 }] }],
        },
      },
    });
  });

  test("merges the application's overlay, then the version's; a container without a name is the version's own", () => {
    const { spec } = deployment(`${head}  deployment:
    spec:
      replicas: 2
      template:
        spec:
          serviceAccountName: shop
          containers:
          - env: [{name: A, value: "1"}, {name: B, value: "1"}]
            readinessProbe: {httpGet: {path: /ready, port: 8080}}
          - {name: proxy, image: registry.example/proxy:1}
          volumes: [{name: tmp, emptyDir: {}}]
  versions:
  - image: registry.example/shop:v1
    deployment:
      spec:
        replicas: 3
        template: {spec: {containers: [{env: [{name: B, value: "2"}], resources: {limits: {memory: 1Gi}}}]}}
`);
    expect(spec.replicas).toBe(3);
    expect(spec.template.spec).toMatchObject({
      serviceAccountName: 'shop',
      volumes: [{ name: 'tmp' }],
      containers: [
        {
          name: 'shop-0',
          image: 'registry.example/shop:v1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
          resources: { limits: { memory: '1Gi' } },
        },
        { name: 'proxy', image: 'registry.example/proxy:1' },
      ],
    });
  });

  test('removes a field by null', () => {
    const { spec } = deployment(
      `${head}  deployment: {spec: {template: {spec: {containers: [{ports: null}]}}}}\n  versions:\n  - image: registry.example/shop:v1\n`,
    );
    expect(spec.template.spec.containers[0]).not.toHaveProperty('ports');
  });

  test('refuses an overlay that takes the label away by which the Service finds the pods', () => {
    const text = `${head}  deployment: {spec: {template: {metadata: {labels: {app: other}}}}}\n  versions:\n  - image: registry.example/shop:v1\n`;
    expect(() => deployment(text)).toThrow('the Service of shop-0 finds its pods by app: shop-0');
  });

  test("merges labels and annotations, the version's own winning", () => {
    const text = `${head}  metadata: {labels: {team: a, tier: web}, annotations: {note: x}}\n  versions:\n  - metadata: {labels: {team: b}}\n    image: registry.example/shop:v1\n`;
    const metadata = manifestsOf(releaseOf(text)).map((each) => each.metadata);
    const shared = { labels: { team: 'b', tier: 'web' }, annotations: { note: 'x' } };
    expect(metadata).toMatchObject([shared, shared]);
  });
});
