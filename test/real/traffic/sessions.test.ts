import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, clientOf, type Reply } from './client.js';
import { untilRouted } from './envoy-routes.js';
import { Mesh } from './mesh.js';
import { environments, hostOf, type RoutedEnvironment, releaseValues } from './release-values.js';
import { shareInterval } from './share-interval.js';
import { VersionBackend } from './version-backend.js';

const sessions = 300;

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

test.each(environments)('%s keeps a session with its version while the shares change', async (environment) => {
  const name = `kept-on-${environment}`;
  const names = [`${name}-v1`, `${name}-v2`] as const;
  for (const each of names) await mesh.runs(new VersionBackend(each));
  for (const client of [clientOf(mesh.outside(environment)), clientOf(mesh.inside)]) {
    await expectKept(client, { environment, name, names });
    client.stop();
  }
});

interface Kept {
  readonly environment: RoutedEnvironment;
  readonly name: string;
  readonly names: readonly [string, string];
}

async function expectKept(client: Client, { environment, name, names: [first, second] }: Kept): Promise<void> {
  const host = hostOf(name);
  const commit = async (weights: readonly [number, number]) => {
    const versions = [first, second].map((each, index) => ({ name: each, weight: weights[index] ?? 0 }));
    const also = { sessionAffinity: { type: 'Cookie' } };
    await mesh.commit(name, releaseValues(environment, { strategy: 'blue-green', versions, also }));
    const route = { host, weights: { [first]: weights[0], [second]: weights[1] } };
    for (const envoy of [mesh.gateway, mesh.sidecar]) await untilRouted(envoy, route);
  };
  await commit([50, 50]);
  const begun = await Promise.all(Array.from({ length: sessions }, () => client.ask({ host })));
  const { least, most } = shareInterval(0.5, sessions);
  const candidates = begun.filter((reply) => backendOf(reply) === second).length;
  // Far wider than what one of a million runs misses.
  expect(candidates).toBeGreaterThan(least / 2);
  expect(candidates).toBeLessThan(most * 1.25);
  await commit([10, 90]);
  for (let round = 0; round < 5; round += 1) {
    const again = await Promise.all(begun.map((reply) => client.ask({ host, headers: { cookie: cookieOf(reply) } })));
    expect(again.map(backendOf)).toEqual(begun.map(backendOf));
  }
  const strangers = await Promise.all(begun.map(() => client.ask({ host, headers: { cookie: 'other=1' } })));
  // Without the cookie they would not have stayed.
  expect(strangers.map(backendOf)).not.toEqual(begun.map(backendOf));
}

function backendOf({ headers, status }: Reply): string {
  return status === 200 ? String(headers['x-backend']) : `status ${status}`;
}

/** As a browser sends it, among others. */
function cookieOf({ headers }: Reply): string {
  const [dealt = ''] = headers['set-cookie'] ?? [];
  return `theme=dark; ${dealt.split(';')[0]}; lang=en`;
}
