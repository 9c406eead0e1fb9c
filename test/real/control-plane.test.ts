import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { synth } from '../../src/synth/synth.js';
import { ControlPlane } from './control-plane.js';
import { eventually } from './eventually.js';
import { podAnnotations } from './kwok-stages.js';
import { namespaceNamed } from './mesh-objects.js';
import { starters } from './starters.js';

interface Deployment {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
  };
}

interface Pod {
  readonly metadata: { readonly creationTimestamp: string };
  readonly status: { readonly phase: string; readonly conditions: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime: string;
}

let plane: ControlPlane;

beforeAll(async () => {
  plane = await ControlPlane.start();
});

afterAll(() => plane?.stop());

/** KServe makes the workloads of its models itself, and it is not here. */
const deployed = starters.filter(({ loaded }) =>
  objectsOf(loaded.text, 'shop').some(({ kind }) => kind === 'Deployment'),
);

// Each has a namespace of its own, and waits most of the time.
describe.concurrent('ControlPlane', () => {
  test.each(deployed)('makes every Deployment of $file ready', async ({ file, loaded }) => {
    const namespace = file.replace('.yaml', '');
    const objects = objectsOf(loaded.text, namespace);
    await plane.server.apply([namespaceNamed(namespace), ...objects]);
    const expected = objects.filter(({ kind }) => kind === 'Deployment').length;
    const ready = async () => {
      const found = (await list<Deployment>('/apis/apps/v1', { namespace, plural: 'deployments' })).filter(isReady);
      return found.length === expected ? found : undefined;
    };
    expect(await eventually(ready, { what: `the Deployments of ${file} ready` })).toHaveLength(expected);
  });

  test('makes a Deployment ready as late as its annotation says', async () => {
    await plane.server.apply([namespaceNamed('late'), annotated('late', { [podAnnotations.readyAfter]: '3s' })]);
    const ready = async () => {
      const [pod] = await list<Pod>('/api/v1', { namespace: 'late', plural: 'pods' });
      const since = pod?.status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');
      return pod && since && { pod, since };
    };
    const { pod, since } = await eventually(ready, { what: 'the pod ready' });
    // Both are whole seconds.
    const seconds = (Date.parse(since.lastTransitionTime) - Date.parse(pod.metadata.creationTimestamp)) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(2);
  });

  test('keeps a Deployment unready whose annotation says so', async () => {
    await plane.server.apply([namespaceNamed('broken'), annotated('broken', { [podAnnotations.ready]: 'false' })]);
    const running = async () => {
      const [pod] = await list<Pod>('/api/v1', { namespace: 'broken', plural: 'pods' });
      return pod?.status.phase === 'Running' ? pod : undefined;
    };
    const { status } = await eventually(running, { what: 'the pod running' });
    expect(status.conditions.find(({ type }) => type === 'Ready')?.status).toBe('False');
    const counted = async () => {
      const [deployment] = await list<Deployment>('/apis/apps/v1', { namespace: 'broken', plural: 'deployments' });
      return deployment?.status.replicas === deployment?.spec.replicas ? deployment : undefined;
    };
    const deployment = await eventually(counted, { what: 'the Deployment with its pod' });
    expect(deployment.status.readyReplicas).toBeUndefined();
  });

  test('deletes what a Deployment leaves behind', async () => {
    await plane.server.apply([namespaceNamed('gone'), annotated('gone', {})]);
    const pods = () => list<Pod>('/api/v1', { namespace: 'gone', plural: 'pods' });
    await eventually(async () => (await pods()).length > 0 || undefined, { what: 'a pod' });
    await plane.server.kubectl('delete', 'deployment', 'reviews', '--namespace=gone', '--wait=false');
    await eventually(async () => (await pods()).length === 0 || undefined, { what: 'no pod' });
    await plane.server.kubectl('delete', 'namespace', 'gone', '--timeout=30s');
  });
});

function objectsOf(text: string, namespace: string): readonly JsonObject[] {
  return synth(text, { name: 'reviews', namespace }) as readonly JsonObject[];
}

/** A Deployment whose pods carry the annotations. */
function annotated(namespace: string, annotations: Readonly<Record<string, string>>): JsonObject {
  const labels = { app: 'reviews' };
  const containers = [{ name: 'reviews', image: 'registry.example/reviews:v1' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'reviews', namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec: { containers } } },
  };
}

/** Of no replicas, all are ready. */
function isReady({ metadata, spec, status }: Deployment): boolean {
  return status.observedGeneration === metadata.generation && (status.readyReplicas ?? 0) === spec.replicas;
}

async function list<Item>(root: string, { namespace, plural }: { namespace: string; plural: string }): Promise<Item[]> {
  const { items } = await plane.server.ask<{ readonly items: Item[] }>(`${root}/namespaces/${namespace}/${plural}`);
  return items;
}
