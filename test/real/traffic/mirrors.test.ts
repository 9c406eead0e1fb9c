import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../eventually.js';
import type { Client } from './client.js';
import { whose } from './load.js';
import { Mesh } from './mesh.js';
import { shareInterval } from './share-interval.js';
import { StagedRelease } from './staged-release.js';
import { stages } from './stages.js';
import type { Behaviour } from './version-backend.js';

const draws = 2000;

/** Milliseconds in which the primary answers, whatever becomes of the copies. */
const soon = 2000;

/** Requests while a candidate misbehaves. */
const some = 500;

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

const plans = [[0], [1], [30], [100], [20, 50]].map((percents) => ({ percents, said: percents.join(' % and ') }));

const faults: readonly { readonly what: string; readonly behaviour: Behaviour }[] = [
  { what: 'fails', behaviour: { status: 503 } },
  { what: 'breaks connections', behaviour: { breaks: true } },
  { what: 'is slow', behaviour: { delay: 2 * soon } },
  { what: 'hangs', behaviour: { hangs: true } },
];

describe.each(stages)('$title', (stage) => {
  let release: StagedRelease;

  beforeAll(async () => {
    release = new StagedRelease(mesh, stage, { title: 'mirrors', count: 3 });
    await release.start();
  });

  afterAll(() => release?.stop());

  test.each(plans)('copies $said % of the requests', async ({ percents }) => {
    await copies(percents);
    for (const client of release.clients) {
      const first = await outside(client, percents);
      // One of a thousand true shares lies outside; twice is one in a million.
      if (first.length > 0) expect(await outside(client, percents), `after ${first.join()}`).toEqual([]);
    }
  });

  // The second version speaks HTTP/2, the third HTTP/1.1 where the environment has it.
  test.each(faults)('keeps the answers of the primary while candidates $what', async ({ behaviour }) => {
    await copies([50, 50]);
    for (const candidate of candidates()) candidate.behaviour = behaviour;
    const before = candidates().map(({ received }) => received);
    for (const client of release.clients) await expectAnswers(release, client, some);
    for (const [index, { received }] of candidates().entries()) expect(received).toBeGreaterThan(before[index] ?? 0);
  });

  test('keeps the answers of the primary while candidates are gone', async () => {
    await copies([50, 50]);
    for (const index of [1, 2]) await release.kill(index);
    for (const client of release.clients) await expectAnswers(release, client, some);
  });

  function candidates() {
    return release.versions.slice(1);
  }

  /** Until every candidate that is to have copies has one: some take a second hop, which no first one tells of. */
  async function copies(percents: readonly number[]): Promise<void> {
    const versions = [{}, ...candidates().map((_, index) => ({ weight: percents[index] ?? 0 }))];
    const copied = percents.reduce((sum, percent) => sum + percent, 0);
    await release.commit({ strategy: 'mirrored', versions, route: { shares: [100], copied } });
    const wanted = candidates().filter((_, index) => (percents[index] ?? 0) > 0);
    for (const client of release.clients) await eventually(() => reached(client, wanted), { what: 'copies' });
    await untilQuiet();
  }

  async function reached(client: Client, wanted: readonly { readonly received: number }[]): Promise<true | undefined> {
    const before = wanted.map(({ received }) => received);
    if (wanted.length > 0) await release.askTimes(client, 100);
    await untilQuiet();
    return wanted.every(({ received }, index) => received > (before[index] ?? 0)) || undefined;
  }

  /** Returns which candidates received more or less than their percents. */
  async function outside(client: Client, percents: readonly number[]): Promise<readonly string[]> {
    const before = candidates().map(({ received }) => received);
    await expectAnswers(release, client, draws);
    await untilQuiet();
    return candidates().flatMap(({ name, received }, index) => {
      const { least, most } = shareInterval((percents[index] ?? 0) / 100, draws);
      const count = received - (before[index] ?? 0);
      return count < least || count > most ? [`${name}: ${count}, not ${least} to ${most}`] : [];
    });
  }

  /** Copies arrive whenever they do: waits until none has for a while. */
  async function untilQuiet(): Promise<void> {
    const total = () => candidates().reduce((sum, { received }) => sum + received, 0);
    for (let last = -1; last !== total(); await delay(100)) last = total();
  }
});

test.each(stages.slice(0, 1))('$title shows a primary that is slow itself', async (stage) => {
  const release = new StagedRelease(mesh, stage, { title: 'slow', count: 1 });
  await release.start();
  for (const primary of release.versions) primary.behaviour = { delay: soon };
  const expected = release.clients.map((client) => expectAnswers(release, client, 10));
  for (const each of await Promise.allSettled(expected)) expect(each.status).toBe('rejected');
  release.stop();
});

async function expectAnswers(release: StagedRelease, client: Client, count: number): Promise<void> {
  const replies = await release.askTimes(client, count);
  const said = replies.map((reply) => (reply.time - reply.asked < soon ? whose(reply) : `${whose(reply)}, late`));
  expect([...new Set(said)]).toEqual([release.versions[0]?.name]);
}
