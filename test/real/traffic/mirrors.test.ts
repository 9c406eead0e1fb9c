import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, clientOf } from './client.js';
import { untilRouted } from './envoy-routes.js';
import { askTimes } from './load.js';
import { Mesh } from './mesh.js';
import { environments, hostOf, releaseValues } from './release-values.js';
import { shareInterval } from './share-interval.js';
import { type Behaviour, VersionBackend } from './version-backend.js';

const draws = 2000;

/** Milliseconds in which the primary answers, whatever becomes of the copies. */
const soon = 2000;

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

describe.each(environments)('%s', (environment) => {
  const name = `copied-on-${environment}`;
  const host = hostOf(name);
  const primary = new VersionBackend(`${name}-v1`);
  const candidate = new VersionBackend(`${name}-v2`, { protocol: 'kubernetes.io/h2c' });
  const other = new VersionBackend(`${name}-v3`);
  let clients: readonly Client[] = [];

  beforeAll(async () => {
    for (const backend of [primary, candidate, other]) await mesh.runs(backend);
    clients = [clientOf(mesh.outside(environment)), clientOf(mesh.inside)];
  });

  afterAll(() => {
    for (const client of clients) client.stop();
  });

  const plans = [[0], [1], [30], [100], [20, 50]].map((percents) => ({ percents, said: percents.join(' % and ') }));

  test.each(plans)('copies $said % of the requests', async ({ percents }) => {
    await copies(percents);
    for (const client of clients) {
      const first = await outside(client, percents);
      // One of a thousand true shares lies outside; twice is one in a million.
      if (first.length > 0) expect(await outside(client, percents), `after ${first.join()}`).toEqual([]);
    }
  });

  test.each([
    { what: 'fails', behaviour: { status: 503 } },
    { what: 'is slow', behaviour: { delay: 2 * soon } },
    { what: 'hangs', behaviour: { hangs: true } },
  ] satisfies readonly { readonly what: string; readonly behaviour: Behaviour }[])(
    'keeps the answers of the primary while the candidate $what',
    async ({ behaviour }) => {
      await copies([100]);
      candidate.behaviour = behaviour;
      const before = candidate.received;
      for (const client of clients) await expectAnswers(client);
      expect(candidate.received - before).toBeGreaterThan(0);
    },
  );

  test('keeps the answers of the primary while the candidate is gone', async () => {
    await copies([100]);
    await candidate.stop();
    for (const client of clients) await expectAnswers(client);
  });

  test('sees a primary that is slow itself', async () => {
    primary.behaviour = { delay: soon };
    for (const client of clients) await expect(expectAnswers(client, 10)).rejects.toThrow('to deeply equal');
  });

  async function copies(percents: readonly number[]): Promise<void> {
    const candidates = [candidate, other].flatMap(({ name }, index) => {
      const weight = percents[index];
      const appProtocol = index === 0 ? 'kubernetes.io/h2c' : 'http';
      return weight === undefined ? [] : [{ name, weight, appProtocol }];
    });
    const versions = [{ name: primary.name, appProtocol: 'http' }, ...candidates];
    await mesh.commit(name, releaseValues(environment, { strategy: 'mirrored', versions }));
    const mirrors = Object.fromEntries(
      candidates.filter(({ weight }) => weight > 0).map((one) => [one.name, one.weight]),
    );
    for (const envoy of [mesh.gateway, mesh.sidecar]) {
      await untilRouted(envoy, { host, weights: { [primary.name]: 100 }, mirrors });
    }
  }

  /** Returns which candidates received more or less than their percents. */
  async function outside(client: Client, percents: readonly number[]): Promise<readonly string[]> {
    const candidates = [candidate, other];
    const before = candidates.map(({ received }) => received);
    await expectAnswers(client);
    await untilQuiet(candidates);
    return candidates.flatMap(({ name, received }, index) => {
      const { least, most } = shareInterval((percents[index] ?? 0) / 100, draws);
      const count = received - (before[index] ?? 0);
      return count < least || count > most ? [`${name}: ${count}, not ${least} to ${most}`] : [];
    });
  }

  async function expectAnswers(client: Client, count = draws): Promise<void> {
    const replies = await askTimes(client, count, { host });
    const said = replies.map(({ status, headers, asked, time }) => {
      const from = `${status} of ${headers['x-backend']} as ${headers['app-version']}`;
      return time - asked < soon ? from : `${from}, late`;
    });
    expect([...new Set(said)]).toEqual([`200 of ${primary.name} as ${primary.name}`]);
  }
});

/** Copies arrive whenever they do: waits until none has for a while. */
async function untilQuiet(backends: readonly VersionBackend[]): Promise<void> {
  const total = () => backends.reduce((sum, { received }) => sum + received, 0);
  for (let last = -1; last !== total(); await delay(150)) last = total();
}
