import { App, type Chart } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { ownChart } from '../../docs/examples/own-chart.js';
import { ownEnvironment } from '../../docs/examples/own-environment.js';
import { ownWorkload } from '../../docs/examples/own-workload.js';
import type { Problem } from '../../src/errors.js';

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly [key: string]: unknown };
}

function objectsOf(chart: Chart): readonly KubernetesObject[] {
  return chart.toJson();
}

function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

describe('ownChart()', () => {
  const objects = objectsOf(ownChart(new App()));

  test('ownChart() splits the requests nine to one', () => {
    expect(find(objects, 'VirtualService', 'reviews').spec).toMatchObject({
      http: [
        {
          route: [
            { destination: { host: 'reviews-v1.shop.svc.cluster.local' }, weight: 90 },
            { destination: { host: 'reviews-v2.shop.svc.cluster.local' }, weight: 10 },
          ],
        },
      ],
    });
  });

  test('ownChart() asks for the resources that it names and for no others', () => {
    expect(find(objects, 'Deployment', 'reviews-v2')).toHaveProperty('spec.template.spec.containers', [
      {
        name: 'reviews-v2',
        image: 'registry.example/reviews:v2',
        ports: [{ containerPort: 9080, protocol: 'TCP' }],
        resources: { requests: { cpu: '100m', memory: '64Mi' } },
      },
    ]);
  });

  test('ownChart() puts every object into the namespace of the chart', () => {
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['shop']));
  });
});

describe('ownWorkload()', () => {
  const objects = objectsOf(ownWorkload(new App()));
  const own = objects.find(({ kind, spec }) => kind === 'Deployment' && spec.replicas === 3);

  test('ownWorkload() lets the Service select the pods of the Deployment that was handed over', () => {
    const { selector } = find(objects, 'Service', 'reviews-v2').spec;

    expect(own).toHaveProperty('spec.selector.matchLabels', selector);
    expect(selector).not.toEqual({});
  });

  test('ownWorkload() generates no second Deployment for that version', () => {
    const names = objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);

    expect(names.sort()).toEqual(['reviews-v1', own?.metadata.name].sort());
  });

  test('ownWorkload() leaves the defaults of cdk8s-plus-28 out of what sluice generates', () => {
    const generated = objects.filter((object) => object !== own);

    expect(JSON.stringify(own)).toContain('1500m');
    expect(JSON.stringify(generated)).not.toContain('1500m');
  });

  test('ownWorkload() routes testers to the candidate and everybody else to the primary', () => {
    expect(find(objects, 'HTTPRoute', 'reviews').spec).toMatchObject({
      rules: [
        {
          matches: [{ headers: [{ type: 'Exact', name: 'x-tester', value: 'yes' }] }],
          backendRefs: [{ name: 'reviews-v2' }],
        },
        { backendRefs: [{ name: 'reviews-v1' }] },
      ],
    });
  });
});

describe('ownEnvironment()', () => {
  const values = (lines: string) => `environment: traefik
application:
  strategy: blue-green
  versions:
  - {image: registry.example/reviews:v1, weight: 90}
  - {image: registry.example/reviews:v2, weight: 10}
${lines}`;

  const ignore = () => undefined;

  test('ownEnvironment() renders values that name an environment from outside', () => {
    const objects = ownEnvironment(values(''), ignore);
    expect(objects.find(({ kind }) => kind === 'TraefikService')).toMatchObject({
      metadata: { name: 'reviews', namespace: 'default' },
      spec: {
        weighted: {
          services: [
            { name: 'reviews-0', weight: 90 },
            { name: 'reviews-1', weight: 10 },
          ],
        },
      },
    });
    expect(objects.find(({ kind }) => kind === 'IngressRoute')).toMatchObject({
      spec: { routes: [{ match: 'Host(`reviews.default`)', services: [{ kind: 'TraefikService', name: 'reviews' }] }] },
    });
  });

  test('ownEnvironment() tells of what has no effect, with its place, and of nothing else', () => {
    const told = (lines: string) => {
      const notices: Problem[] = [];
      ownEnvironment(values(lines), (notice) => notices.push(notice));
      return notices;
    };
    expect(told('  versionHeader: true\n')).toEqual([
      expect.objectContaining({ file: 'values.yaml', line: 7, path: 'application.versionHeader' }),
    ]);
    expect(told('  versionHeader: false\n')).toEqual([]);
  });

  test('ownEnvironment() refuses an autoscaler that cannot work', () => {
    const scaled = values('  autoscaler: {minReplicas: 4, maxReplicas: 2}\n');
    expect(() => ownEnvironment(scaled, ignore)).toThrow('is 4, above the 2 of maxReplicas');
  });

  test('ownEnvironment() refuses what it did not promise, with the environments that can', () => {
    const hosts = '  hosts: [{name: reviews.example.com}]\n';
    expect(() => ownEnvironment(values(hosts), ignore)).toThrow('has no effect with environment traefik');
    expect(() => ownEnvironment(values('').replace('blue-green', 'canary'), ignore)).toThrow(
      'which environment traefik cannot do',
    );
    expect(() => ownEnvironment(values('').replace('traefik', 'treafik'), ignore)).toThrow('is "treafik"');
  });
});
