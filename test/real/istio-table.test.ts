import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { ApiServer } from './api-server.js';
import { ClusterObjects } from './cluster-objects.js';
import { meshKinds } from './definitions.js';
import { eventually } from './eventually.js';
import { istioAnalyze, istioValidate } from './istioctl.js';
import { Istiod } from './istiod.js';
import { apiGateway, type GatewayPlace, istioGateway, istioGatewayLabels, namespaceNamed } from './mesh-objects.js';
import { type RouteCondition, routeConditions } from './route-status.js';
import { type Cluster, serverSideApply } from './server-side-apply.js';
import { stepsOf, type TableRollout, type TableStep, tableRollouts } from './table-rollouts.js';
import { type TableForm, tableGateway } from './table-values.js';

const meshed = tableRollouts.filter(({ environment }) => ['istio', 'gateway-api'].includes(environment.id));

/** Behind KServe, Knative and ModelMesh, which are not here: gateways and Services stand in for what those make. */
const served = tableRollouts.filter(({ environment }) => environment.workloads === 'InferenceService');

const place = { ...tableGateway, port: 8080 };
const knativePlaces = ['knative-ingress-gateway', 'knative-local-gateway'].map((name) => {
  return { name, namespace: 'knative-serving', port: 8081 };
});

let server: ApiServer;
let istiod: Istiod;
let cluster: Cluster;

beforeAll(async () => {
  server = await ApiServer.start({ definitions: meshKinds });
  istiod = await Istiod.start(server);
  cluster = { server, objects: await ClusterObjects.of(server) };
  await server.apply([namespaceNamed(place.namespace), istioGateway(place), ...apiGateway(place)]);
});

afterAll(async () => {
  await istiod?.stop();
  await server?.stop();
});

describe('istioctl finds nothing in any step', () => {
  test.each(meshed)('$title', async (rollout) => {
    const gateways = rollout.environment.id === 'istio' ? gatewayWithPod(place) : apiGateway(place);
    const steps = distinct(stepsOf(rollout));
    expect(await istioValidate(steps.flatMap(({ objects }) => objects))).toEqual([]);
    const apart = steps.flatMap(({ objects }, i) => inNamespace([...objects, ...standIns(rollout)], rollout, i));
    expect(await istioAnalyze([...apart, ...gateways])).toEqual([]);
  });
});

describe('istiod takes every step, and resolves its routes', () => {
  test.each(meshed)('$title', async (rollout) => {
    const namespaces = [rollout.namespace, ...(rollout.variant === 'far' ? [`${rollout.namespace}-candidate`] : [])];
    for (const namespace of namespaces) await cluster.objects.addNamespace(namespace);
    for (const step of distinct(stepsOf(rollout))) {
      for (const object of step.objects) await serverSideApply(cluster, object, { dryRun: false });
      const routes = step.objects.filter(({ kind }) => kind === 'HTTPRoute' || kind === 'GRPCRoute');
      expect(routes).toHaveLength(rollout.environment.id === 'gateway-api' ? 1 : 0);
      for (const route of routes) await expectResolved(route, step);
    }
  });
});

describe('istioctl and istiod take every step of models', () => {
  test.each(served)('$title', async (rollout) => {
    await cluster.objects.addNamespace(rollout.namespace);
    const gateways = rollout.variant === 'raw' ? apiGateway(place) : [place, ...knativePlaces].flatMap(gatewayWithPod);
    const steps = distinct(stepsOf(rollout));
    expect(await istioValidate(steps.flatMap(({ objects }) => objects))).toEqual([]);
    const apart = steps.flatMap(({ objects }, i) => inNamespace(objects, rollout, i));
    expect(await istioAnalyze([...apart, ...gateways])).toEqual([]);
    for (const { title, objects } of steps) {
      const routes = objects.filter(({ kind }) => kind === 'VirtualService' || kind === 'HTTPRoute');
      expect(routes, title).not.toEqual([]);
      await Promise.all(routes.map((route) => serverSideApply(cluster, route, { dryRun: true })));
    }
  });
});

describe('istiod resolves the routes to models behind an HTTPRoute', () => {
  test.each(served.filter(({ variant }) => variant === 'raw'))('$title', async (rollout) => {
    const namespace = `${rollout.namespace}-resolved`;
    await cluster.objects.addNamespace(namespace);
    for (const step of distinct(stepsOf({ ...rollout, namespace }))) {
      const [route] = step.objects.filter(({ kind }) => kind === 'HTTPRoute');
      const services = step.objects.filter(({ kind }) => kind === 'Service');
      if (route === undefined) throw new Error(`Cannot find a route: ${step.title}`);
      for (const object of [...services, ...predictorsOf(route), route])
        await serverSideApply(cluster, object, { dryRun: false });
      await expectResolved(route, step);
    }
  });
});

test('istiod resolves no route to another namespace without its grant', async () => {
  const rollout = meshed.find(({ title }) => title === 'gateway-api-blue-green-far-2') as TableRollout;
  const steps = stepsOf({ ...rollout, namespace: 'ungranted' });
  const { objects } = steps.find(({ title }) => title === '50 %') as TableStep;
  for (const namespace of ['ungranted', 'ungranted-candidate']) await cluster.objects.addNamespace(namespace);
  const ungranted = objects.filter(({ kind }) => kind !== 'ReferenceGrant');
  for (const object of ungranted) await serverSideApply(cluster, object, { dryRun: false });
  const route = ungranted.find(({ kind }) => kind === 'HTTPRoute') as JsonObject;
  const refused = async () => {
    const said = of(await routeConditions(server, route), 'ResolvedRefs');
    return said.includes('False RefNotPermitted') || undefined;
  };
  expect(await eventually(refused, { what: 'the route not permitted' })).toBe(true);
});

/** Puts the objects of a step into a namespace of its own, and the names by which they find one another with them. */
function inNamespace(objects: readonly JsonObject[], { namespace }: TableForm, step: number): JsonObject[] {
  return JSON.parse(JSON.stringify(objects).replaceAll(namespace, `${namespace}-step-${step}`));
}

/** A gateway of Istio, and a pod that its selector finds. */
function gatewayWithPod(place: GatewayPlace): JsonObject[] {
  const { name, namespace } = place;
  const metadata = { name, namespace, labels: istioGatewayLabels(place) };
  const containers = [{ name: 'istio-proxy', image: 'registry.example/proxy:1' }];
  return [istioGateway(place), { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } }];
}

/** The Services that KServe makes for the predictors which a route names. */
function predictorsOf(route: JsonObject): JsonObject[] {
  const text = JSON.stringify(route);
  const names = new Set([...text.matchAll(/"name":"([^"]+-predictor[^"]*)"/g)].map(([, name]) => name ?? ''));
  return [...names].map((name) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: (route.metadata as JsonObject).namespace ?? '' },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }] },
  }));
}

/** The Service that has to stand there already where Deployments do. */
function standIns({ variant, namespace }: TableForm): JsonObject[] {
  if (variant !== 'existing') return [];
  const ports = [{ name: 'http', port: 9080 }];
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace } };
  return [{ ...service, spec: { selector: { app: 'shop' }, ports } }];
}

/** Leaves out steps that render what an earlier one does. */
function distinct(steps: readonly TableStep[]): readonly TableStep[] {
  return [...new Map(steps.map((step) => [JSON.stringify(step.objects), step])).values()];
}

/** Of the Service and of the gateway. */
const parents = 2;

/** It may hear of a route before it hears of the Services. */
async function expectResolved(route: JsonObject, { title }: TableStep): Promise<void> {
  const resolved = async () => {
    const conditions = await routeConditions(server, route);
    for (const type of ['Accepted', 'ResolvedRefs']) {
      expect(of(conditions, type), type).toEqual(Array(parents).fill(`True ${type}`));
    }
    return true;
  };
  await eventually(resolved, { what: `both parents resolved: ${title}` });
}

function of(conditions: readonly RouteCondition[], wanted: string): string[] {
  return conditions.filter(({ type }) => type === wanted).map(({ status, reason }) => `${status} ${reason}`);
}
