import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { ApiServer } from './api-server.js';
import { meshKinds } from './definitions.js';
import { Envoy } from './envoy.js';
import { eventually } from './eventually.js';
import { freePorts } from './free-ports.js';
import { Istiod } from './istiod.js';
import {
  apiGateway,
  apiGatewayLabels,
  type GatewayPlace,
  istioGateway,
  istioGatewayLabels,
  namespaceNamed,
  onLoopback,
  workloadEntry,
} from './mesh-objects.js';
import { type MeshEnvironment, meshedStarter, meshedStarters, objectsOf, starterGateways } from './meshed-starters.js';
import { askBackend, NamedBackend } from './named-backend.js';
import { routeConditions } from './route-status.js';

let server: ApiServer;
let istiod: Istiod;
let places: Readonly<Record<MeshEnvironment, GatewayPlace>>;

beforeAll(async () => {
  server = await ApiServer.start({ definitions: meshKinds });
  istiod = await Istiod.start(server);
  const ports = await freePorts('istio', 'gateway-api');
  places = {
    istio: { ...starterGateways.istio, port: ports.istio },
    'gateway-api': { ...starterGateways['gateway-api'], port: ports['gateway-api'] },
  };
  const edge = places['gateway-api'];
  await server.apply([namespaceNamed('edge'), istioGateway(places.istio), ...apiGateway(edge), onLoopback(edge)]);
});

afterAll(async () => {
  await istiod?.stop();
  await server?.stop();
});

describe('istiod', () => {
  test.each(meshedStarters)('takes every object of $file, and resolves its routes', async ({ file, text }) => {
    const objects = await applied(text, file.replace('.yaml', ''));
    const routes = objects.filter(({ kind }) => kind === 'HTTPRoute');
    await Promise.all(routes.map(expectResolved));
  });

  test('refuses a negative weight, which the API server alone takes', async () => {
    const virtualService = (weight: number) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'weighted', namespace: 'default' },
      spec: { hosts: ['reviews'], http: [{ route: [{ destination: { host: 'reviews' }, weight }] }] },
    });
    await expect(server.apply([virtualService(-1)])).rejects.toThrow('weight -1 < 0');
    await server.apply([virtualService(1)]);
  });

  test('reports a route to a Service that is not there', async () => {
    const rules = [{ backendRefs: [{ name: 'nobody', port: 80 }] }];
    const route = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'astray', namespace: 'default' },
      spec: { parentRefs: [starterGateways['gateway-api']], rules },
    };
    await server.apply([route]);
    const unresolved = async () => {
      const conditions = await routeConditions(server, route);
      return conditions.find(({ type, reason }) => type === 'ResolvedRefs' && reason === 'BackendNotFound');
    };
    const { status } = await eventually(unresolved, { what: 'the route unresolved' });
    expect(status).toBe('False');
  });
});

/** Only the first version has a workload, and no request matches the canary's. What a sidecar does is shown by counted traffic. */
test.each(['istio', 'gateway-api'] as const)(
  'Envoy answers for %s as istiod tells its gateway',
  async (environment) => {
    const place = places[environment];
    const labels = environment === 'istio' ? istioGatewayLabels(place) : apiGatewayLabels(place);
    const namespace = `gateway-of-${environment}`;
    const ports = await freePorts('service');
    const { text } = meshedStarter(`${environment}-canary`);
    await applied(text.replace('port: 9080', `port: ${ports.service}`), namespace);
    const workload = { app: 'reviews-v1', 'app.kubernetes.io/instance': 'reviews-v1' };
    const address = '127.0.0.2';
    await server.apply([workloadEntry('reviews-v1', { namespace, address, labels: workload })]);
    const backend = new NamedBackend('the first version');
    const envoy = await Envoy.start(istiod, { role: 'gateway', name: 'gateway', namespace: place.namespace, labels });
    try {
      await backend.start(ports.service, address);
      const host = `reviews.${namespace}.svc.cluster.local`;
      const answer = await eventually(() => askBackend(place.port, { host, path: '/who' }), { what: 'an answer' });
      expect(answer).toMatchObject({ backend: 'the first version', authority: host, path: '/who' });
      expect(await envoy.admin('/listeners')).not.toContain('0.0.0.0:');
    } catch (error) {
      throw new Error(`${envoy.log}\n${istiod.log}`, { cause: error });
    } finally {
      await Promise.all([backend.stop(), envoy.stop()]);
    }
  },
);

async function applied(text: string, namespace: string): Promise<readonly JsonObject[]> {
  const objects = objectsOf(text, namespace);
  await server.apply([namespaceNamed(namespace), ...objects]);
  return objects;
}

async function expectResolved(route: JsonObject): Promise<void> {
  const parents = (route.spec as { readonly parentRefs: readonly unknown[] }).parentRefs.length;
  const said = async (wanted: string) => {
    const found = (await routeConditions(server, route)).filter(({ type }) => type === wanted);
    return found.length === parents ? found.map(({ status, reason }) => `${status} ${reason}`) : undefined;
  };
  for (const type of ['Accepted', 'ResolvedRefs']) {
    const found = await eventually(() => said(type), { what: `${type} of every parent` });
    expect(found, type).toEqual(Array(parents).fill(`True ${type}`));
  }
}
