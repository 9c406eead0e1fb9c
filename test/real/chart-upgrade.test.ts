import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/release/json.js';
import { synth } from '../../src/synth/synth.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { ApiServer } from './api-server.js';
import { ClusterObjects, type Kept } from './cluster-objects.js';
import { HelmRelease } from './helm-release.js';
import { chartOf, helms } from './made-chart.js';
import { type Starter, starterNamed, starters } from './starters.js';
import { requireTools } from './tools.js';
import { type UpgradeStep, upgradeSteps } from './upgrade-steps.js';

/** The charts by the names of their starters. */
const charts = new Map<string, Promise<string>>();

/** Every kind of object and every strategy, each once. */
const rollouts = [
  'istio-blue-green',
  'gateway-api-canary',
  'kserve-blue-green',
  'modelmesh-canary',
  'emissary-mirrored',
  'kubernetes-blue-green',
];

let server: ApiServer;
let objects: ClusterObjects;

beforeAll(async () => {
  requireTools(['helm', 'helm4', 'etcd', 'apiServer', 'kubectl', 'crds']);
  server = await ApiServer.start();
  objects = await ClusterObjects.of(server);
});

afterAll(() => server?.stop());

describe.concurrent.each(Object.entries(helms))('%s upgrades from step to step', (title, program) => {
  const helm = title.toLowerCase().replace(' ', '-');

  test.each(rollouts)('the chart of %s', async (file) => {
    const starter = starterNamed(file);
    const namespace = `${file}-${helm}`;
    const chart = await chartOfStarter(starter);
    await expectRollout(starter, new HelmRelease(server, { program: () => program, chart, namespace }));
  });

  test('charts/release', async () => {
    const namespace = `every-environment-${helm}`;
    const release = new HelmRelease(server, { program: () => program, chart: resolve('charts/release'), namespace });
    await expectRollout(starterNamed('istio-mirrored'), release);
  });
});

test('Helm 4 goes on with the chart of istio-canary where Helm 3 began', async () => {
  const starter = starterNamed('istio-canary');
  const namespace = 'istio-canary-helm-3-and-4';
  const chart = await chartOf(starter.loaded.text, namespace);
  const program = (revision: number) => helms[revision < 4 ? 'Helm 3' : 'Helm 4'];
  await expectRollout(starter, new HelmRelease(server, { program, chart, namespace }));
});

test.each(starters)('the API server takes every object of $file, and knows every field', async ({ loaded }) => {
  const rendered = synth(loaded.text, { name: 'reviews', namespace: 'shop' }) as readonly JsonObject[];
  await Promise.all(rendered.map((object) => objects.sketch(object)));
});

/** Each is made once, for Helm 3 and for Helm 4. */
function chartOfStarter({ file, loaded }: Starter): Promise<string> {
  const made = charts.get(file) ?? chartOf(loaded.text, file.replace('.yaml', ''));
  charts.set(file, made);
  return made;
}

async function expectRollout(starter: Starter, release: HelmRelease): Promise<void> {
  const steps = upgradeSteps(starter);
  await objects.addNamespace(release.namespace);
  let before: Standing = new Map();
  for (const step of steps) {
    await release.upgrade(step.values);
    const after = await expectStanding(step, release, before);
    expect(after, `${step.title} changes nothing`).not.toEqual(before);
    before = after;
  }
  const last = steps.at(-1) as UpgradeStep;
  await release.upgrade(last.values);
  const same = await expectStanding(last, release, before);
  expect(same, 'an identical upgrade changes something').toEqual(before);
  await expectRollback(steps, release, before);
  await release.uninstall();
  expect(await objects.names(release.namespace)).toEqual([]);
}

/** Back over the last upgrade, which was the identical one, then to where the candidate was just promoted. */
async function expectRollback(steps: readonly UpgradeStep[], release: HelmRelease, last: Standing): Promise<void> {
  const promotion = steps.findIndex(({ title }) => title === 'the candidate is promoted');
  await release.rollback();
  const same = await expectStanding(steps.at(-1) as UpgradeStep, release, last);
  expect(same, 'a rollback to the same changes something').toEqual(last);
  await release.rollback(promotion + 1);
  await expectStanding(steps[promotion] as UpgradeStep, release, last);
}

/** What stands in a namespace, by name. */
type Standing = ReadonlyMap<string, Kept>;

/**
 * Expects that the very objects which synth renders stand in the namespace, and that those which stood there before are
 * the same ones.
 */
async function expectStanding(
  { title, values }: UpgradeStep,
  { name, namespace }: HelmRelease,
  before: Standing,
): Promise<Standing> {
  const rendered = synth(toYaml(values as Json), { name, namespace }) as readonly JsonObject[];
  expect(await objects.names(namespace), title).toEqual(rendered.map((object) => objects.nameOf(object)).sort());
  const standing = new Map<string, Kept>();
  for (const object of rendered) {
    const kept = await objects.read(object);
    const key = objects.nameOf(object);
    expect(kept.meaning, `${title}: ${key}`).toEqual(await objects.sketch(object));
    const uid = before.get(key)?.uid ?? kept.uid;
    expect(kept.uid, `${title}: ${key} is made anew`).toBe(uid);
    standing.set(key, kept);
  }
  return standing;
}
