import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/release/json.js';
import { type Client, clientOf, type Question } from './client.js';
import { untilRouted } from './envoy-routes.js';
import { askTimes, tally } from './load.js';
import { Mesh } from './mesh.js';
import { environments, hostOf, releaseValues } from './release-values.js';
import { shareInterval } from './share-interval.js';
import { VersionBackend } from './version-backend.js';

/** Requests where all must have one answer. */
const few = 200;

const draws = 5000;

/** The candidate's share of what is chosen. */
const percent = 20;

interface Kind {
  readonly by: string;
  readonly match: JsonObject;
  /** Requests that match, and others that almost do. */
  readonly chosen: readonly Asked[];
  readonly others: readonly Asked[];
}

type Asked = Omit<Question, 'host'>;

const kinds: readonly Kind[] = [
  {
    by: 'header',
    match: { headers: { 'x-tester': { exact: 'yes' } } },
    chosen: [{ headers: { 'x-tester': 'yes' } }],
    others: [{}, { headers: { 'x-tester': 'yes!' } }],
  },
  {
    by: 'cookie',
    match: { headers: { cookie: { regex: '(.*; )?group=beta(;.*)?' } } },
    chosen: [{ headers: { cookie: 'group=beta' } }, { headers: { cookie: 'a=1; group=beta; b=2' } }],
    others: [{}, { headers: { cookie: 'group=betas' } }, { headers: { cookie: 'mygroup=beta' } }],
  },
  {
    by: 'path',
    match: { uri: { exact: '/beta' } },
    chosen: [{ path: '/beta' }, { path: '/beta?a=b' }],
    others: [{}, { path: '/betas' }, { path: '/one/beta' }],
  },
  {
    by: 'query',
    match: { queryParams: { group: { exact: 'beta' } } },
    chosen: [{ path: '/?group=beta' }, { path: '/one?a=b&group=beta' }],
    others: [{}, { path: '/?group=betas' }, { path: '/group=beta' }],
  },
];

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

describe.each(environments)('%s', (environment) => {
  const name = `chosen-on-${environment}`;
  const host = hostOf(name);
  const [primary, candidate] = [`${name}-v1`, `${name}-v2`];
  let clients: readonly Client[] = [];

  beforeAll(async () => {
    for (const each of [primary, candidate]) await mesh.runs(new VersionBackend(each));
    clients = [clientOf(mesh.outside(environment)), clientOf(mesh.inside)];
  });

  afterAll(() => {
    for (const client of clients) client.stop();
  });

  test.each(kinds)('chooses the candidate by $by', async ({ match, chosen, others }) => {
    await commit({ strategy: 'canary', versions: [{ name: primary }, { name: candidate, match: [match] }] });
    for (const client of clients) {
      for (const asked of chosen) expect(await counts(client, asked)).toEqual({ [candidate]: few });
      for (const asked of others) expect(await counts(client, asked)).toEqual({ [primary]: few });
    }
  });

  test.each(kinds)('divides what is chosen by $by', async ({ match, chosen: [asked = {}], others }) => {
    const versions = [
      { name: primary, weight: 100 - percent },
      { name: candidate, weight: percent },
    ];
    await commit({ strategy: 'blue-green', versions, also: { match: [match] } });
    for (const client of clients) {
      for (const other of others) expect(await counts(client, other)).toEqual({ [primary]: few });
      // One of a thousand true shares lies outside; twice is one in a million.
      const first = await outside(client, asked);
      if (first !== undefined) expect(await outside(client, asked), `after ${first}`).toBeUndefined();
    }
  });

  /** What no match chooses goes to the primary in all of them, so only its time tells a new route from the one before. */
  async function commit(release: Parameters<typeof releaseValues>[1]): Promise<void> {
    const after = Date.now();
    await mesh.commit(name, releaseValues(environment, release));
    const route = { host, weights: { [primary]: 100 }, after };
    for (const envoy of [mesh.gateway, mesh.sidecar]) await untilRouted(envoy, route);
  }

  async function counts(client: Client, asked: Asked): Promise<Readonly<Record<string, number>>> {
    return tally(await askTimes(client, few, { host, ...asked }));
  }

  async function outside(client: Client, asked: Asked): Promise<string | undefined> {
    const { [candidate]: count = 0, [primary]: rest = 0 } = tally(await askTimes(client, draws, { host, ...asked }));
    expect(count + rest).toBe(draws);
    const { least, most } = shareInterval(percent / 100, draws);
    return count < least || count > most ? `${count}, not ${least} to ${most}` : undefined;
  }
});
