import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/release/json.js';
import type { Client } from './client.js';
import { tally } from './load.js';
import { Mesh } from './mesh.js';
import { shareInterval } from './share-interval.js';
import { type Asked, StagedRelease } from './staged-release.js';
import { type Paths, stages } from './stages.js';

/** Requests where all must have one answer. */
const few = 100;

const draws = 5000;

/** The candidate's share of what is chosen. */
const percent = 20;

interface Kind {
  readonly by: string;
  match(paths: Paths): JsonObject;
  /** Requests that match, and others that almost do. */
  chosen(paths: Paths): readonly Asked[];
  others(paths: Paths): readonly Asked[];
}

const kinds: readonly Kind[] = [
  {
    by: 'header',
    match: () => ({ headers: { 'x-tester': { exact: 'yes' } } }),
    chosen: () => [{ headers: { 'x-tester': 'yes' } }],
    others: () => [{}, { headers: { 'x-tester': 'yes!' } }],
  },
  {
    by: 'cookie',
    match: () => ({ headers: { cookie: { regex: '(.*; )?group=beta(;.*)?' } } }),
    chosen: () => [{ headers: { cookie: 'group=beta' } }, { headers: { cookie: 'a=1; group=beta; b=2' } }],
    others: () => [{}, { headers: { cookie: 'group=betas' } }, { headers: { cookie: 'mygroup=beta' } }],
  },
  {
    by: 'path',
    match: ({ chosen }) => ({ uri: { exact: chosen } }),
    chosen: ({ chosen }) => [{ path: chosen }, { path: `${chosen}?a=b` }],
    others: ({ others }) => [{}, ...others.map((path) => ({ path }))],
  },
  {
    by: 'query',
    match: () => ({ queryParams: { group: { exact: 'beta' } } }),
    chosen: ({ usual }) => [{ path: `${usual}?group=beta` }, { path: `${usual}?a=b&group=beta` }],
    others: ({ usual }) => [{}, { path: `${usual}?group=betas` }, { path: `${usual}?a=group=beta` }],
  },
];

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

describe.each(stages)('$title', (stage) => {
  let release: StagedRelease;
  let primary = '';
  let candidate = '';

  beforeAll(async () => {
    release = new StagedRelease(mesh, stage, { title: 'matches', count: 2 });
    [primary = '', candidate = ''] = release.versions.map(({ name }) => name);
    await release.start();
  });

  afterAll(() => release?.stop());

  // What no match chooses goes to the primary in all of them, so only its time tells a new route from the one before.
  const route = { shares: [100] };
  const again = true;

  test.each(kinds)('chooses the candidate by $by', async ({ match, chosen, others }) => {
    const versions: readonly JsonObject[] = [{}, { match: [match(stage.paths)] }];
    await release.commit({ strategy: 'canary', versions, route }, { again });
    for (const client of release.clients) {
      for (const asked of chosen(stage.paths)) expect(await counts(client, asked)).toEqual({ [candidate]: few });
      for (const asked of others(stage.paths)) expect(await counts(client, asked)).toEqual({ [primary]: few });
    }
  });

  test.each(kinds)('divides what is chosen by $by', async ({ match, chosen, others }) => {
    const versions = [{ weight: 100 - percent }, { weight: percent }];
    const also = { match: [match(stage.paths)] };
    await release.commit({ strategy: 'blue-green', versions, also, route }, { again });
    const [asked = {}] = chosen(stage.paths);
    for (const client of release.clients) {
      for (const other of others(stage.paths)) expect(await counts(client, other)).toEqual({ [primary]: few });
      // One of a thousand true shares lies outside; twice is one in a million.
      const first = await outside(client, asked);
      if (first !== undefined) expect(await outside(client, asked), `after ${first}`).toBeUndefined();
    }
  });

  async function counts(client: Client, asked: Asked): Promise<Readonly<Record<string, number>>> {
    return tally(await release.askTimes(client, few, asked));
  }

  async function outside(client: Client, asked: Asked): Promise<string | undefined> {
    const {
      [candidate]: count = 0,
      [primary]: rest = 0,
      ...others
    } = tally(await release.askTimes(client, draws, asked));
    expect(others).toEqual({});
    expect(count + rest).toBe(draws);
    const { least, most } = shareInterval(percent / 100, draws);
    return count < least || count > most ? `${count}, not ${least} to ${most}` : undefined;
  }
});
