import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { ClusterObjects } from './cluster-objects.js';
import { ControlPlane } from './control-plane.js';
import { driftOf } from './drift.js';
import { eventually } from './eventually.js';
import { type Cluster, remove, serverSideApply } from './server-side-apply.js';
import { stepsOf, type TableRollout, type TableStep, tableRollouts } from './table-rollouts.js';

/** Where there are three versions, the same objects come and go as with two or one. */
const rollouts = tableRollouts.filter(
  ({ variant, versionCount }) => versionCount === 3 || !['plain', 'raw'].includes(variant),
);

/** What the controllers make of Deployments and Services. */
const children = /^(Pod\.|ReplicaSet\.apps|EndpointSlice\.discovery\.k8s\.io)\//;

interface Deployment {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
  };
}

/** What stands, by its place. */
type Standing = ReadonlyMap<string, { readonly object: JsonObject; readonly uid: string }>;

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await ControlPlane.start();
  cluster = { server: plane.server, objects: await ClusterObjects.of(plane.server) };
});

afterAll(() => plane?.stop());

describe.concurrent('a rollout in namespaces of its own', () => {
  test.each(rollouts)('$title: every step is taken and comes up, and nothing is left over', async (rollout) => {
    const steps = stepsOf(rollout);
    const namespaces = namespacesOf(steps);
    await Promise.all(namespaces.map((name) => cluster.objects.addNamespace(name)));
    let standing: Standing = new Map();
    for (const step of steps) {
      standing = await applied(step, standing);
      for (const namespace of namespaces) await untilReady(namespace, step.title);
    }
    const own = (await names(namespaces)).filter((name) => !children.test(name));
    const expected = [...standing.values()].map(({ object }) => cluster.objects.nameOf(object));
    expect(own).toEqual(expected.sort());
    await prune(standing, new Map());
    const empty = async () => (await names(namespaces)).length === 0 || undefined;
    await eventually(empty, { what: `nothing in ${namespaces}` });
  });
});

describe('beside others who write', () => {
  test('the replicas of a Deployment stay with who scales it', async () => {
    const step = await standingAlone('scaled');
    const deployment = step.objects.find(({ kind }) => kind === 'Deployment') as JsonObject;
    const path = `${cluster.objects.pathOf(deployment)}/scale`;
    const contentType = 'application/merge-patch+json';
    await plane.server.ask(path, { method: 'PATCH', contentType, body: { spec: { replicas: 3 } } });
    await applied(step, new Map());
    expect(await plane.server.ask(path)).toMatchObject({ spec: { replicas: 3 } });
  });

  test('a route that somebody else has taken is a conflict', async () => {
    const step = await standingAlone('taken');
    const route = step.objects.find(({ kind }) => kind === 'VirtualService') as JsonObject;
    const theirs = { ...route, spec: { ...(route.spec as JsonObject), gateways: ['theirs'] } };
    const path = `${cluster.objects.pathOf(route)}?fieldManager=somebody&force=true`;
    await plane.server.ask(path, { method: 'PATCH', contentType: 'application/apply-patch+yaml', body: theirs });
    await expect(applied(step, new Map())).rejects.toThrow(/409 Apply failed with 1 conflict/);
  });
});

/** Returns the only step of a release that stands in a namespace now. */
async function standingAlone(namespace: string): Promise<TableStep> {
  const rollout = tableRollouts.find(({ title }) => title === 'istio-none-plain-1') as TableRollout;
  const [step] = stepsOf({ ...rollout, namespace }) as [TableStep];
  await cluster.objects.addNamespace(namespace);
  await applied(step, new Map());
  return step;
}

function namespacesOf(steps: readonly TableStep[]): string[] {
  const all = steps.flatMap(({ objects }) => objects.map(({ metadata }) => metadata as { readonly namespace: string }));
  return [...new Set(all.map(({ namespace }) => namespace))];
}

async function names(namespaces: readonly string[]): Promise<string[]> {
  return (await Promise.all(namespaces.map((name) => cluster.objects.names(name)))).flat().sort();
}

/** Does what Argo CD and Flux do with a commit: they apply what it holds, and delete what it held before. */
async function applied({ title, objects }: TableStep, before: Standing): Promise<Standing> {
  const standing: Map<string, { readonly object: JsonObject; readonly uid: string }> = new Map();
  for (const object of objects) {
    const place = cluster.objects.pathOf(object);
    const kept = await serverSideApply(cluster, object, { dryRun: false });
    expect(driftOf(object, kept, { generatedServices: true }), `${title}: ${place}`).toEqual([]);
    const { uid } = kept.metadata as { readonly uid: string };
    expect(uid, `${title}: ${place} is made anew`).toBe(before.get(place)?.uid ?? uid);
    standing.set(place, { object, uid });
  }
  await prune(before, standing);
  return standing;
}

async function prune(before: Standing, after: Standing): Promise<void> {
  const left = [...before].filter(([place]) => !after.has(place));
  await Promise.all(left.map(([, { object }]) => remove(cluster, object)));
}

async function untilReady(namespace: string, step: string): Promise<void> {
  const ready = async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const { items } = await plane.server.ask<{ readonly items: readonly Deployment[] }>(path);
    return items.every(isReady) || undefined;
  };
  await eventually(ready, { what: `every Deployment of ${namespace} ready: ${step}` });
}

function isReady({ metadata, spec, status }: Deployment): boolean {
  const { observedGeneration, replicas = 0, readyReplicas = 0 } = status;
  return observedGeneration === metadata.generation && replicas === spec.replicas && readyReplicas === spec.replicas;
}
