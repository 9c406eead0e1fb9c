import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { scratchFolder } from '../gitops/scratch-repository.js';
import { routeKinds } from './drift.js';
import { DryRuns } from './dry-runs.js';
import { stepsOf, tableRollouts } from './table-rollouts.js';

let dryRuns: DryRuns;

beforeAll(async () => {
  dryRuns = await DryRuns.start({ generatedServices: true });
});

afterAll(() => dryRuns?.stop());

describe('the API server takes every step of a rollout, and keeps every route as it is', () => {
  test.each(tableRollouts)('$title', async (rollout) => {
    for (const { title, objects } of stepsOf(rollout)) {
      expect(await dryRuns.findings(objects), title).toEqual([]);
    }
  });

  test('and says so of every object to kubectl itself', async () => {
    const all = tableRollouts.flatMap(stepsOf).flatMap(({ objects }) => objects);
    const objects = [...new Map(all.map((object) => [JSON.stringify(object), object])).values()];
    // Makes the namespaces as well, where this test is run by itself.
    await dryRuns.findings(objects);
    const file = join(scratchFolder(), 'objects.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    const options = ['--server-side', '--dry-run=server', '--validate=strict'];
    const said = await dryRuns.server.kubectl('apply', ...options, '-f', file);
    expect(said.match(/ serverside-applied \(server dry run\)$/gm)).toHaveLength(objects.length);
  });

  test('with every kind of route that there is', () => {
    const kinds = tableRollouts.flatMap(stepsOf).flatMap(({ objects }) => objects.map(({ kind }) => kind as string));
    expect([...routeKinds].filter((kind) => !kinds.includes(kind))).toEqual([]);
  });
});

const route = (rule: JsonObject): JsonObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'shop', namespace: 'default' },
  spec: { rules: [{ backendRefs: [{ group: '', kind: 'Service', name: 'shop', port: 80, weight: 1 }], ...rule }] },
});

const deployment = (limits: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: { containers: [{ name: 'shop', image: 'registry.example/shop:v1', resources: { limits } }] },
    },
  },
});

describe('findings()', () => {
  test('tells of a field that the API server would add to a route', async () => {
    const [finding] = await dryRuns.findings([route({})]);
    expect(finding).toBe('HTTPRoute shop would drift in spec.rules[0].matches');
  });

  test('tells of a field that the API server would write in another way', async () => {
    const [finding] = await dryRuns.findings([deployment({ cpu: '1000m' })]);
    expect(finding).toBe('Deployment shop would drift in spec.template.spec.containers[0].resources.limits.cpu');
    expect(await dryRuns.findings([deployment({ cpu: '1' })])).toEqual([]);
  });

  test('tells of a field that the API server does not know', async () => {
    const [finding] = await dryRuns.findings([route({ backends: [] })]);
    expect(finding).toMatch(/^HTTPRoute shop is refused: .* field not declared in schema/);
  });

  test('keeps nothing', async () => {
    const names = await dryRuns.objects.names('default');
    await dryRuns.findings([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop', namespace: 'default' } }]);
    expect(await dryRuns.objects.names('default')).toEqual(names);
  });
});
