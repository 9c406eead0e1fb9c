import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/release/json.js';
import { synth } from '../../src/synth/synth.js';
import { chartOf, helm, helms, starter } from './made-chart.js';
import { requireTools } from './tools.js';

const charts = new Map<string, Promise<string>>();

/** Returns the chart of a starter, whose values the tests change. */
function chartOfStarter(name: string): Promise<string> {
  const made = charts.get(name) ?? chartOf(starter(name), name);
  charts.set(name, made);
  return made;
}

/** Returns what Helm makes of a starter's chart with these changes, each of which stands at a place such as `a.b[0]`. */
async function changed(name: string, changes: Readonly<Record<string, Json>>, program?: string): Promise<string> {
  const folder = await chartOfStarter(name);
  const args = Object.entries(changes).flatMap(([place, value]) => ['--set-json', `${place}=${JSON.stringify(value)}`]);
  return helm(['template', 'reviews', folder, '-f', join(folder, 'values.yaml'), ...args], program);
}

const match = 'application.versions[1].match';
const matches = 'application.versions[1].matches';
const first = 'application.versions[0]';
const second = 'application.versions[1]';
const headers = (comparison: JsonObject) => [{ headers: { 'x-user': comparison } }];
const sources = [{ sourceLabels: { app: 'x' } }];
const rest = { 'application.versions[1].routed': true };

beforeAll(() => requireTools(['helm', 'helm4']));

describe('a chart refuses', () => {
  test.each<[string, Readonly<Record<string, Json>>, string]>([
    ['gateway-api-canary', { [matches]: null, [match]: sources }, 'match[0] cannot be a match of gateway-api: an HTTP'],
    ['emissary-canary', { [match]: sources }, 'match[0] cannot be a match of emissary: a Mapping has no sourceLabels'],
    ['istio-canary', { [match]: [{}] }, 'application.versions[1].match[0] fits every request: name a header'],
    ['istio-canary', { [match]: [{ name: 'all' }] }, 'fits every request'],
    ['istio-canary', { [match]: [{ uri: { prefix: '/' } }] }, 'fits every request'],
    ['gateway-api-canary', { [matches]: [{ path: { value: '/' } }] }, 'matches[0] fits every request'],
    ['gateway-api-canary', { [matches]: [{}] }, 'matches[0] fits every request'],
    ['istio-blue-green', { 'application.match': [{}] }, 'application.match[0] fits every request'],
    ['istio-canary', { 'application.match': headers({}) }, 'application.match[0] has no meaning with strategy canary'],
    [
      'emissary-canary',
      { 'application.prefix': '/shop', [match]: [{ uri: { prefix: '/shop/' } }] },
      'fits every request',
    ],
    [
      'gateway-api-canary',
      { [matches]: null, [match]: headers({ prefix: '' }) },
      'cannot match x-user by an empty text',
    ],
    ['istio-canary', { [match]: [{ uri: { prefix: 'api' } }] }, 'every path starts with /, so none fits "api"'],
    ['gateway-api-canary', { [matches]: [{ headers: [{ name: 'a', value: '' }] }] }, 'cannot match a by an empty text'],
    [
      'gateway-api-canary',
      { [matches]: null, [match]: [{ uri: { prefix: '/api' } }] },
      'write matches: [{path: {type: PathPrefix, value: /api}}]',
    ],
    [
      'gateway-api-canary',
      { 'application.appProtocol': 'grpc', [matches]: [{ method: 'GET' }] },
      'a GRPCRoute knows no query parameters and no HTTP method',
    ],
    [
      'gateway-api-canary',
      { 'application.appProtocol': 'grpc', [matches]: [{ path: { value: '/api/v1' } }] },
      '/package.Service/',
    ],
    [
      'gateway-api-canary',
      { 'application.appProtocol': 'grpc', [matches]: null, [match]: [{ uri: { prefix: '/a.B' } }] },
      'as text, /a.B fits /a.B2 as well',
    ],
    [
      'gateway-api-blue-green',
      { [`${second}.appProtocol`]: 'grpc' },
      'versions[1] speaks grpc and the primary reviews-v1 speaks http',
    ],
    ['kserve-blue-green', { [`${second}.protocolVersion`]: 'grpc-v2' }, 'versions[1] speaks grpc and the primary'],
    ['istio-blue-green', { [`${second}.metadata`]: { name: 'reviews' } }, 'which takes the name of the release'],
    ['gateway-api-blue-green', { [`${second}.metadata`]: { name: 'reviews' } }, 'the name of the release'],
    ['kserve-blue-green', { [`${second}.metadata`]: { name: 'reviews' } }, 'the name of the release'],
    ['kubernetes-blue-green', { [`${second}.metadata`]: { name: 'reviews' } }, 'the name of the release'],
    ['kubernetes-blue-green', { [`${second}.port`]: 9999 }, 'its port is 9999, but that of reviews-v1 is'],
    [
      'kubernetes-blue-green',
      { [`${second}.metadata`]: { name: 'reviews-v2', namespace: 'other' } },
      'metadata.namespace is other, but the Service reviews reaches the pods of default alone',
    ],
    [
      'kubernetes-blue-green',
      { [`${second}.autoscaler`]: { maxReplicas: 3 } },
      'autoscaler would change the number of pods',
    ],
    [
      'kubernetes-blue-green',
      { 'application.deployment': { spec: { replicas: 3 } } },
      'spec.replicas of its Deployment is 3, but the weights divide the pods',
    ],
    [
      'istio-blue-green',
      { 'application.autoscaler': { maxReplicas: 3 }, 'application.deployment': { spec: { replicas: 3 } } },
      'deployment.spec.replicas is 3, but reviews-v1 has an autoscaler',
    ],
    [
      'emissary-mirrored',
      { [`${second}.weight`]: 10, 'application.versions[2]': { image: 'registry.example/a:3', weight: 10 } },
      'is a second version with a mirror, and Emissary takes one',
    ],
    [
      'emissary-canary',
      { 'application.prefix': '/shop', [match]: [{ uri: { prefix: '/api' } }] },
      'its path "/api" does not lie below application.prefix, which is /shop: ',
    ],
    [
      'emissary-canary',
      { 'application.prefix': '/shop', [match]: [{ uri: { regex: '/shop/.' } }] },
      'a path by regular expression is never stripped of a prefix',
    ],
    [
      'istio-canary',
      { [match]: headers({ regex: 'a(?!b)' }) },
      'match[0] compares x-user with "a(?!b)", which is no regular expression of RE2',
    ],
    ['istio-canary', { [match]: [{ uri: { regex: 'a)' } }] }, 'match[0] compares path with "a)"'],
    ['istio-canary', { [match]: [{ authority: { regex: '*' } }] }, 'match[0] compares authority of Istio with "*"'],
    ['gateway-api-canary', { [matches]: [{ path: { type: 'RegularExpression', value: '[' } }] }, 'path with "["'],
    [
      'istio-blue-green',
      { 'application.deployment': { spec: { selector: { matchLabels: { app: 'x' } } } } },
      'deployment.spec.selector.matchLabels.app is "x", but the Service of reviews-v1 finds its pods by app: reviews-v1',
    ],
    [
      'istio-blue-green',
      { [`${second}.deployment`]: { spec: { template: { metadata: { labels: { app: null } } } } } },
      'deployment.spec.template.metadata.labels.app is null',
    ],
    [
      'istio-blue-green',
      { 'application.deployment': { spec: { selector: { matchLabels: { x: 'y' } } } } },
      'deployment.spec.selector: it asks for x: y, which the pods of reviews-v1 do not carry: add that label',
    ],
    [
      'istio-blue-green',
      { [`${second}.deployment`]: { spec: { selector: { matchExpressions: [{ key: 'x', operator: 'Exists' }] } } } },
      'it asks for {"key":"x","operator":"Exists"}, which the pods of reviews-v2 do not carry',
    ],
    [
      'gateway-api-blue-green',
      { [`${second}.deploymentSpecification`]: { spec: { selector: { matchLabels: { x: 'y' } }, template: {} } } },
      'application.versions[1].deploymentSpecification.spec.selector: it asks for x: y, which the pods of reviews-v2 do not carry',
    ],
    [
      'istio-blue-green',
      { 'application.disruptionBudget': { minAvailable: 1, maxUnavailable: 1 } },
      "at '/application/disruptionBudget': value must be 'one of minAvailable and maxUnavailable, and not both'",
    ],
    ['istio-blue-green', { [`${second}.disruptionBudget`]: {} }, 'disruptionBudget'],
  ])('in %s %j', async (name, changes, message) => {
    const text = await changed(name, { ...(name.endsWith('canary') && rest), ...changes });
    expect(text).toContain('refused: ');
    expect(text).toContain(message);
  });

  test.each(['kserve', 'modelmesh'])('mirrors over 100 %% together: %s', async (environment) => {
    const third = { ...(parse(starter(`${environment}-mirrored`)).application.versions[1] as JsonObject) };
    const weights = { [`${second}.weight`]: 60, 'application.versions[2]': { ...third, metadata: null, weight: 60 } };
    const text = await changed(`${environment}-mirrored`, weights);
    expect(text).toContain(`copy 120 of 100 requests together, but ${environment} copies each at most once`);
  });

  test.each<[JsonObject, JsonObject, string]>([
    [{ deployment: 'a' }, { deployment: 'b', labels: { app: 'a' } }, 'hold all the labels of reviews-v1'],
    [{ deployment: 'a' }, { deployment: 'b', labels: { app: 'a', x: 'y' } }, 'hold all the labels of reviews-v1'],
  ])('Deployments that no labels tell apart: %j and %j', async (one, other, message) => {
    const versions = [
      { metadata: { name: 'reviews-v1' }, external: one },
      { metadata: { name: 'reviews-v2' }, external: other },
    ];
    expect(await changed('istio-blue-green', { 'application.versions': versions })).toContain(message);
  });

  test('a Deployment where the Service of the release selects no pods', async () => {
    const versions: Json[] = [
      { metadata: { name: 'reviews-v1' }, external: { deployment: 'a' } },
      { metadata: { name: 'reviews-v2', namespace: 'other' }, external: { deployment: 'b' } },
    ];
    const text = await changed('istio-blue-green', { 'application.versions': versions });
    expect(text).toContain('metadata.namespace is other, where the Service reviews selects no pods');
  });

  test.each(Object.entries(helms))('%s with the message in one line', async (_name, program) => {
    const text = await changed('emissary-canary', { ...rest, [match]: sources }, program);
    expect(text.match(/cannot be a match of emissary: .* or route by Istio\n/g)).toHaveLength(1);
  });
});

describe('a chart takes', () => {
  const selector = { matchLabels: { x: 'y' }, matchExpressions: [{ key: 'x', operator: 'In', values: ['y', 'z'] }] };
  const labelled = { spec: { selector, template: { metadata: { labels: { x: 'y' } } } } };

  test.each<[string, Readonly<Record<string, Json>>, string]>([
    ['istio-blue-green', { [`${second}.deployment`]: labelled }, 'matchExpressions:'],
    ['istio-canary', { [match]: sources }, 'sourceLabels:'],
    ['istio-canary', { [match]: headers({ regex: String.raw`(?i)^a\d{2}|b\.$` }) }, 'x-user:'],
    ['istio-canary', { [match]: headers({}) }, 'x-user: {}'],
    ['emissary-canary', { [match]: headers({ prefix: 'a' }) }, 'x-user: a.*'],
    ['gateway-api-canary', { [matches]: null, [match]: headers({ prefix: 'a.b' }) }, String.raw`value: a\\.b.*`],
    ['gateway-api-canary', { [matches]: null, [match]: [{ uri: { exact: '/api' } }] }, 'value: /api'],
    ['emissary-canary', { 'application.prefix': '/s', [match]: [{ uri: { exact: '/s' } }] }, 'prefix: /s\n'],
    ['emissary-canary', { 'application.prefix': '/s', [match]: [{ uri: { prefix: '/s/a' } }] }, 'prefix: /s/a'],
    ['kubernetes-blue-green', { [`${first}.weight`]: 50, [`${second}.weight`]: 50 }, 'kind: Service'],
    ['istio-blue-green', { [`${first}.weight`]: '60', [`${second}.weight`]: '40' }, 'weight: 60'],
  ])('in %s %j', async (name, changes, expected) => {
    const text = await changed(name, { ...(name.endsWith('canary') && rest), ...changes });
    expect(text).not.toContain('refused: ');
    expect(text.replaceAll('"', '')).toContain(expected);
  });

  test.each<[string, (application: JsonObject) => JsonObject]>([
    [
      'a null in a container',
      (application) => ({
        deployment: { spec: { template: { spec: { containers: [{ resources: { limits: { cpu: 1 } } }] } } } },
        versions: (application.versions as JsonObject[]).map((each) => ({
          ...each,
          deployment: { spec: { template: { spec: { containers: [{ resources: null }] } } } },
        })),
      }),
    ],
    [
      'an empty label and an empty annotation',
      (application) => ({
        metadata: { labels: { team: 'a' }, annotations: { note: 'b' } },
        versions: (application.versions as JsonObject[]).map((each) => ({
          ...each,
          metadata: { ...(each.metadata as JsonObject), labels: { team: '' }, annotations: { note: '' } },
        })),
      }),
    ],
    ['empty annotations', () => ({ deployment: { metadata: { annotations: {}, labels: { a: 'b' } } } })],
  ])('%s, and renders it as synth does', async (_what, change) => {
    const values = parse(starter('istio-blue-green'));
    const text = stringify({ ...values, application: { ...values.application, ...change(values.application) } });
    const folder = await chartOf(text, 'given');
    const rendered = await helm(['template', 'reviews', folder, '-f', 'given.yaml', '-s', 'templates/deployment.yaml']);
    const expected = synth(text, { name: 'reviews', namespace: 'default' }).filter(({ kind }) => kind === 'Deployment');
    expect(
      parseAllDocuments(rendered)
        .map((each) => each.toJS())
        .filter(Boolean),
    ).toEqual(expected);
  });
});

test('no template of the universal chart takes the name of another', () => {
  const folder = 'charts/release/templates';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(tpl|yaml|txt)$/.test(file),
  );
  const names = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').match(/define "[^"]+"/g) ?? []);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
