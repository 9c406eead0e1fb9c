import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client, Reply } from './client.js';
import { whose } from './load.js';
import { Mesh } from './mesh.js';
import { shareInterval } from './share-interval.js';
import { StagedRelease } from './staged-release.js';
import { stages } from './stages.js';

const sessions = 300;

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

/** Those whose values may ask for it. */
const keeping = stages.filter(({ title }) => title === 'istio' || title === 'gateway-api');

test.each(keeping)('$title keeps a session with its version while the shares change', async (stage) => {
  const release = new StagedRelease(mesh, stage, { title: 'sessions', count: 2 });
  await release.start();
  for (const client of release.clients) await expectKept(client, release);
  release.stop();
});

async function expectKept(client: Client, release: StagedRelease): Promise<void> {
  const commit = (shares: readonly number[]) => {
    const also = { sessionAffinity: { type: 'Cookie' } };
    const versions = shares.map((weight) => ({ weight }));
    return release.commit({ strategy: 'blue-green', versions, also, route: { shares } });
  };
  await commit([50, 50]);
  const begun = await Promise.all(Array.from({ length: sessions }, () => release.ask(client)));
  const { least, most } = shareInterval(0.5, sessions);
  const candidates = begun.filter((reply) => whose(reply) === release.versions[1]?.name).length;
  // Far wider than what one of a million runs misses.
  expect(candidates).toBeGreaterThan(least / 2);
  expect(candidates).toBeLessThan(most * 1.25);
  await commit([10, 90]);
  const askWith = (cookieOf: (reply: Reply) => string) =>
    Promise.all(begun.map((reply) => release.ask(client, { headers: { cookie: cookieOf(reply) } })));
  for (let round = 0; round < 5; round += 1) {
    expect((await askWith(dealt)).map(whose)).toEqual(begun.map(whose));
  }
  // Without the cookie they would not have stayed.
  expect((await askWith(() => 'other=1')).map(whose)).not.toEqual(begun.map(whose));
}

/** As a browser sends it, among others. */
function dealt({ headers }: Reply): string {
  const [cookie = ''] = headers['set-cookie'] ?? [];
  return `theme=dark; ${cookie.split(';')[0]}; lang=en`;
}
