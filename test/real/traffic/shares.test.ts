import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from './client.js';
import { tally, whose } from './load.js';
import { Mesh } from './mesh.js';
import { shareInterval } from './share-interval.js';
import { StagedRelease } from './staged-release.js';
import { furtherStages, stages } from './stages.js';
import type { Behaviour, VersionBackend } from './version-backend.js';

/** Requests to find a share by: half of them from outside, half from inside of the mesh. */
const draws = 5000;

/** Weights of the versions in order. */
const splits = [
  [100, 0],
  [99, 1],
  [90, 10],
  [50, 50],
  [1, 99],
  [0, 100],
  [60, 30, 10],
];

/** Requests while a version misbehaves: all at once, no more than a client has connections. */
const few = 60;

const three = splits.slice(-1);

const sessions = 300;

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

const cells = [
  ...stages.map((stage) => ({ stage, weights: splits })),
  ...furtherStages.map((stage) => ({ stage, weights: three })),
];

describe.each(cells)('$stage.title', ({ stage, weights: all }) => {
  let release: StagedRelease;

  beforeAll(async () => {
    release = new StagedRelease(mesh, stage, { title: 'shares', count: 3 });
    await release.start();
  });

  afterAll(() => release?.stop());

  test.each(all.map((shares) => ({ shares, said: shares.join(' : ') })))('divides $said', async ({ shares }) => {
    const versions = release.versions.map((_, index) => ({ weight: shares[index] ?? 0 }));
    await release.commit({ strategy: 'blue-green', versions, route: { shares } });
    const first = await outside(shares);
    // One of a thousand true shares lies outside, so that is asked once more; twice is one in a million.
    if (first.length > 0) expect(await outside(shares), `after ${first.join()}`).toEqual([]);
  });

  /** Returns what each client, or all of them together, got too little or too much of. */
  async function outside(shares: readonly number[]): Promise<readonly string[]> {
    const each = draws / release.clients.length;
    const replies = await Promise.all(release.clients.map((client) => release.askTimes(client, each)));
    return [...replies, replies.flat()].flatMap((those) => amiss(those, shares));
  }

  function amiss(replies: readonly Reply[], shares: readonly number[]): readonly string[] {
    const counts = tally(replies);
    const names = release.versions.map(({ name }) => name);
    expect(Object.keys(counts).filter((answer) => !names.includes(answer))).toEqual([]);
    return shares.flatMap((share, index) => {
      const { least, most } = shareInterval(share / 100, replies.length);
      const count = counts[names[index] ?? ''] ?? 0;
      return count < least || count > most ? [`${names[index]}: ${count}, not ${least} to ${most}`] : [];
    });
  }
});

interface Fault {
  readonly what: string;
  readonly behaviour: Behaviour;
  /** Of what it should have answered; where it did answer, its name is there. */
  lost(name: string): RegExp;
}

/** How the second version may misbehave, which speaks HTTP/2. */
const faults: readonly Fault[] = [
  { what: 'fails', behaviour: { status: 500 }, lost: (name) => new RegExp(`^status (500|13) of ${name}$`) },
  { what: 'breaks connections', behaviour: { breaks: true }, lost: () => /^status (502|503|14)$/ },
  { what: 'hangs', behaviour: { hangs: true }, lost: () => /^status 0$/ },
];

describe.each(stages)('$title', (stage) => {
  let release: StagedRelease;

  beforeAll(async () => {
    release = new StagedRelease(mesh, stage, { title: 'faults', count: 2 });
    await release.start();
    const versions = [{ weight: 50 }, { weight: 50 }];
    await release.commit({ strategy: 'blue-green', versions, route: { shares: [50, 50] } });
  });

  afterAll(() => release?.stop());

  test.each(faults)('loses only the share of a version that $what', async ({ behaviour, lost }) => {
    const [primary, candidate] = release.versions as [VersionBackend, VersionBackend];
    candidate.behaviour = behaviour;
    for (const client of release.clients) {
      const asking = Array.from({ length: few }, () => release.ask(client, { patience: 1000 }));
      const answers = (await Promise.all(asking)).map(whose);
      const own = answers.filter((answer) => answer === primary.name);
      // Far wider than what one of a million runs misses.
      expect(own.length).toBeGreaterThan(few * 0.15);
      expect(own.length).toBeLessThan(few * 0.85);
      for (const answer of answers) if (answer !== primary.name) expect(answer).toMatch(lost(candidate.name));
    }
  });
});

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
