import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/release/json.js';
import { starterNamed } from './starters.js';

/** A slip in a values file: of this starter, with this put at this place. */
export interface Mutation {
  readonly title: string;
  /** As `templates/values/<starter>.yaml`. */
  readonly starter: string;
  /** Keys and positions from the root. */
  readonly place: Place;
  readonly value: Json;
}

type Place = readonly (string | number)[];

type Row = readonly [title: string, place: Place, value: Json];

const application = ['application'] as const;
const metadata = [...application, 'metadata'] as const;
const budget = [...application, 'disruptionBudget'] as const;
const autoscaler = [...application, 'autoscaler'] as const;
const hosts = [...application, 'hosts'] as const;
const affinity = [...application, 'sessionAffinity'] as const;
const first = [...application, 'versions', 0] as const;
const second = [...application, 'versions', 1] as const;
const match = [...second, 'match'] as const;
const matches = [...second, 'matches'] as const;

const beyondInt32 = 3_000_000_000;

/** Of 304 letters, in labels that are short enough. */
const longHost = Array(5).fill('a'.repeat(60)).join('.');

/** Values that are refused, and whose objects a server would refuse as well. */
export const mutations: readonly Mutation[] = [
  ...of('istio-none', [
    ['an overlay that adds a container without an image', [...application, 'deployment', 'spec'], containers('side')],
    ['a port of 0', [...application, 'port'], 0],
    ['a port above all', [...application, 'port'], 70_000],
    ['a port by name', [...application, 'port'], 'http'],
    ['a release called like a host', [...metadata, 'name'], 'shop.example'],
    ['a version in capitals', [...first, 'metadata', 'name'], 'Reviews-V1'],
    ['a version with an underscore', [...first, 'metadata', 'name'], 'reviews_v1'],
    ['a version with a name of 64 letters', [...first, 'metadata', 'name'], 'v'.repeat(64)],
    ['an empty image', [...first, 'image'], ''],
    ['no image', [...first, 'image'], null],
    ['a label with a blank', [...metadata, 'labels'], { team: 'a b' }],
    ['a label of 64 letters', [...metadata, 'labels'], { team: 'a'.repeat(64) }],
    ['a label that is a number', [...metadata, 'labels'], { team: 7 }],
    ['an annotation that is no text', [...metadata, 'annotations'], { note: true }],
    ['a budget with both limits', budget, { minAvailable: 1, maxUnavailable: 1 }],
    ['a budget above all pods', budget, { minAvailable: '150%' }],
    ['a budget in words', budget, { minAvailable: 'half' }],
    ['a budget below nothing', budget, { maxUnavailable: -1 }],
    ['an autoscaler without pods', autoscaler, { maxReplicas: 0 }],
    ['an autoscaler upside down', autoscaler, { minReplicas: 3, maxReplicas: 2 }],
    ['an overlay that changes the selector', [...application, 'deployment', 'spec'], selecting({ a: 'b' })],
    [
      'a whole Service without ports',
      [...first, 'serviceSpecification'],
      { spec: { selector: { a: 'b' }, ports: [] } },
    ],
    ['a Service called in capitals', [...first, 'serviceSpecification'], { metadata: { name: 'Reviews' } }],
    ['a Deployment called in capitals', [...first, 'deploymentSpecification'], { metadata: { name: 'Reviews' } }],
    ['a whole Deployment without a template', [...first, 'deploymentSpecification'], { spec: { replicas: 1 } }],
    ['a whole Deployment whose pods lack the labels', [...first, 'deploymentSpecification'], unselected()],
    ['a host of two words', hosts, [{ name: 'shop example' }]],
    ['every host', hosts, [{ name: '*' }]],
    ['a gateway of two words', ['gateway'], 'the public'],
    ['an existing Service of two words', [...first, 'external'], { service: 'the legacy' }],
  ]),
  ...of('istio-mirrored', [['more copies than requests', [...second, 'weight'], 150]]),
  ...of('istio-canary', [
    ['a pattern that no parser takes', match, [{ headers: { 'x-user': { regex: '(' } } }]],
    ['a condition that Istio does not know', match, [{ path: '/a' }]],
    ['a port above all in a condition', match, [{ port: 70_000 }]],
    ['labels of callers with blanks', match, [{ sourceLabels: { 'a b': 'c d' }, headers: { a: { exact: 'b' } } }]],
  ]),
  ...of('gateway-api-canary', [
    ['a path without a slash', matches, [{ path: { value: 'api' } }]],
    ['a path with two slashes', matches, [{ path: { value: '/a//b' } }]],
    ['a path that goes up', matches, [{ path: { value: '/a/../b' } }]],
    ['a path with a query', matches, [{ path: { value: '/a?b' } }]],
    ['a path of 1,101 letters', matches, [{ path: { value: `/${'a'.repeat(1100)}` } }]],
    ['a header of two words', matches, [{ headers: [{ name: 'x user', value: 'a' }] }]],
    ['a header without a value', matches, [{ headers: [{ name: 'x-user', value: '' }] }]],
    ['a header twice', matches, [{ headers: ['a', 'b'].map((value) => ({ name: 'x-user', value })) }]],
    ['more headers than a condition takes', matches, [{ headers: many(17, (i) => ({ name: `x-${i}`, value: 'a' })) }]],
    ['a method in small letters', matches, [{ method: 'get' }]],
    ['more conditions than a rule takes', matches, many(65, (i) => ({ headers: [{ name: 'x-user', value: `${i}` }] }))],
    ['a host in capitals', hosts, [{ name: 'Shop.example' }]],
    ['a host of 304 letters', hosts, [{ name: longHost }]],
    ['every host, by the Gateway API', hosts, [{ name: '*' }]],
    ['more hosts than a route takes', hosts, many(17, (i) => ({ name: `shop-${i}.example` }))],
    ['a gateway in a namespace in capitals', ['gateway'], 'Edge/public'],
  ]),
  ...of('gateway-api-mirrored', [['more copies than requests, by the Gateway API', [...second, 'weight'], 150]]),
  ...of('kubernetes-blue-green', [
    ['a client remembered for two days', affinity, { type: 'ClientIP', maxAge: '48h' }],
    ['a client remembered for no time', affinity, { type: 'ClientIP', maxAge: '0s' }],
    ['fewer pods than none', [...application, 'replicas'], -10],
  ]),
  ...of('modelmesh-none', [
    ['a port of ModelMesh above all', ['service'], { port: 70_000 }],
    ['a storage that is a number', [...first, 'storageUri'], 7],
  ]),
  ...of('kserve-none', [
    ['a model format that is a number', [...application, 'modelFormat'], 7],
    ['a port of a model by name', [...application, 'ports'], [{ containerPort: 'http' }]],
    ['a model called in capitals', [...first, 'inferenceServiceSpecification'], { metadata: { name: 'Iris' } }],
    ['a host of two words, of a model', hosts, [{ name: 'a b' }]],
  ]),
];

/** Values whose objects a server refuses, and that are not refused yet: each waits for a rule. */
export const unruled: readonly Mutation[] = [
  ...of('istio-none', [
    ['the key of a label with a blank', [...metadata, 'labels'], { 'a team': 'b' }],
    ['the key of a label of 64 letters', [...metadata, 'labels'], { ['a'.repeat(64)]: 'b' }],
    ['the key of a label with a prefix in capitals', [...metadata, 'labels'], { 'Example_/a': 'b' }],
    ['the key of a label of a version with a blank', [...first, 'metadata', 'labels'], { 'a team': 'b' }],
    ['the key of an annotation with a blank', [...metadata, 'annotations'], { 'a note': 'b' }],
    ['annotations of more than 256 KiB', [...metadata, 'annotations'], { note: 'x'.repeat(300_000) }],
    ['an appProtocol of two words', [...application, 'appProtocol'], 'http or grpc'],
    ['an autoscaler beyond a number of 32 bits', autoscaler, { maxReplicas: beyondInt32 }],
    ['an autoscaler of an unknown metric', autoscaler, { maxReplicas: 3, metrics: [{ type: 'Cpu' }] }],
    ['a budget beyond a number of 32 bits', budget, { minAvailable: beyondInt32 }],
    ['a host of 304 letters, of Istio', hosts, [{ name: longHost }]],
    ['a gateway of 300 letters', ['gateway'], 'g'.repeat(300)],
    ['a port of pods above all', [...first, 'serviceSpecification'], service([{ port: 80, targetPort: 70_000 }])],
    ['two ports without names', [...first, 'serviceSpecification'], service([{ port: 80 }, { port: 81 }])],
  ]),
  ...of('istio-canary', [
    ['a header without a name', match, [{ headers: { '': { exact: 'a' } } }]],
    ['a header of two words, of Istio', match, [{ headers: { 'x user': { exact: 'a' } } }]],
    ['a header of two words that is not there', match, [{ withoutHeaders: { 'x user': { exact: 'a' } } }]],
    ['an empty pattern', match, [{ headers: { 'x-user': { regex: '' } } }]],
    ['a pattern of 1,100 letters', match, [{ headers: { 'x-user': { regex: 'a'.repeat(1100) } } }]],
    ['a gateway of two words in a condition', match, [{ gateways: ['the public'], headers: { a: { exact: 'b' } } }]],
  ]),
  ...of('gateway-api-canary', [
    ['a gateway of 300 letters, by the Gateway API', ['gateway'], 'g'.repeat(300)],
    ['a gateway in a namespace of 70 letters', ['gateway'], `${'g'.repeat(70)}/public`],
    ['more gateways than a route takes', hosts, many(33, (i) => ({ name: 'shop.example', gateway: `public-${i}` }))],
    ['a header of 5,000 letters', matches, [{ headers: [{ name: 'x-user', value: 'a'.repeat(5000) }] }]],
    ['a query of 1,100 letters', matches, [{ queryParams: [{ name: 'user', value: 'a'.repeat(1100) }] }]],
  ]),
  ...of('kubernetes-blue-green', [['pods beyond a number of 32 bits', [...application, 'replicas'], beyondInt32]]),
  ...of('kserve-none', [
    ['a port of a model twice', [...application, 'ports'], [{ containerPort: 80 }, { containerPort: 80 }]],
    ['a whole InferenceService without a predictor', [...first, 'inferenceServiceSpecification'], { spec: {} }],
  ]),
  ...of('modelmesh-none', [
    ['a host of ModelMesh of two words', ['service'], { host: 'model mesh' }],
    ['a URL of ModelMesh', ['service'], { host: 'http://modelmesh:80/' }],
    ['a host of ModelMesh of 304 letters', ['service'], { host: longHost }],
  ]),
];

/** Returns the values of a starter as plain data, with its candidate routed. */
export function routedStarter(starter: string): JsonObject {
  return parse(starterNamed(starter).loaded.text.replace('routed: false', 'routed: true')) as JsonObject;
}

/** Returns what the slip makes of its starter. */
export function mutated({ starter, place, value }: Mutation): JsonObject {
  const values = routedStarter(starter);
  const [last, ...parents] = [...place].reverse() as [string | number, ...(string | number)[]];
  let at = values as Record<string | number, Json>;
  for (const key of parents.reverse()) {
    at[key] ??= {};
    at = at[key] as Record<string | number, Json>;
  }
  at[last] = value;
  return values;
}

function of(starter: string, rows: readonly Row[]): Mutation[] {
  return rows.map(([title, place, value]) => ({ title, starter, place, value }));
}

function many(count: number, each: (position: number) => JsonObject): JsonObject[] {
  return Array.from({ length: count }, (_, i) => each(i));
}

function selecting(matchLabels: JsonObject): JsonObject {
  return { selector: { matchLabels } };
}

function service(ports: readonly JsonObject[]): JsonObject {
  return { spec: { selector: { app: 'reviews' }, ports: [...ports] } };
}

function containers(name: string): JsonObject {
  return { template: { spec: { containers: [{ name }] } } };
}

function unselected(): JsonObject {
  const template = {
    metadata: { labels: { app: 'other' } },
    spec: { containers: [{ name: 'main', image: 'registry.example/reviews:v1' }] },
  };
  return { spec: { ...selecting({ app: 'reviews-v1' }), template } };
}
