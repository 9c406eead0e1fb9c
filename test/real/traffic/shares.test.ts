import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, clientOf, type Reply } from './client.js';
import { untilRouted } from './envoy-routes.js';
import { askTimes, tally } from './load.js';
import { gateway, Mesh, namespace, versionPort } from './mesh.js';
import { shareInterval } from './share-interval.js';
import { VersionBackend } from './version-backend.js';

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
] as const;

let mesh: Mesh;

beforeAll(async () => {
  mesh = await Mesh.start();
});

afterAll(() => mesh?.stop());

describe.each(['istio', 'gateway-api'] as const)('%s', (environment) => {
  const name = `reviews-on-${environment}`;
  const host = `${name}.${namespace}.svc.cluster.local`;
  const names = [1, 2, 3].map((position) => `${name}-v${position}`);
  const protocols = ['http', 'kubernetes.io/h2c', 'http'] as const;
  let clients: readonly { readonly from: string; readonly client: Client }[] = [];

  beforeAll(async () => {
    for (const [index, protocol] of protocols.entries()) {
      await mesh.runs(new VersionBackend(names[index] ?? '', { protocol }));
    }
    clients = [
      { from: 'gateway', client: clientOf(mesh.outside(environment)) },
      { from: 'sidecar', client: clientOf(mesh.inside) },
    ];
  });

  afterAll(() => {
    for (const { client } of clients) client.stop();
  });

  test.each(splits.map((weights) => ({ weights, said: weights.join(' : ') })))('divides $said', async ({ weights }) => {
    const versions = weights.map((weight, index) => ({
      metadata: { name: names[index] ?? '' },
      image: 'registry.example/reviews:v1',
      appProtocol: protocols[index] ?? '',
      weight,
    }));
    const application = { port: versionPort, strategy: 'blue-green', versions };
    await mesh.commit(name, { environment, gateway, application });
    const routed = Object.fromEntries(
      weights.map((weight, index) => [names[index], weight]).filter(([, weight]) => weight),
    );
    for (const envoy of [mesh.gateway, mesh.sidecar]) await untilRouted(envoy, { host, weights: routed });
    await Promise.all(clients.map(({ client }) => expectShares(client, { host, shares: weights })));
  });

  /** One of a thousand true shares lies outside, so that is asked once more; twice is one in a million. */
  async function expectShares(client: Client, { host, shares }: Expected): Promise<void> {
    const first = await outside(client, { host, shares });
    if (first.length > 0) expect(await outside(client, { host, shares }), `after ${first.join()}`).toEqual([]);
  }

  async function outside(client: Client, { host, shares }: Expected): Promise<readonly string[]> {
    const replies = await askTimes(client, draws, { host });
    expectVersionHeaders(replies);
    const counts = tally(replies);
    expect(Object.keys(counts).filter((key) => !names.includes(key))).toEqual([]);
    return shares.flatMap((share, index) => {
      const { least, most } = shareInterval(share / 100, draws);
      const count = counts[names[index] ?? ''] ?? 0;
      return count < least || count > most ? [`${names[index]}: ${count}, not ${least} to ${most}`] : [];
    });
  }
});

interface Expected {
  readonly host: string;
  readonly shares: readonly number[];
}

function expectVersionHeaders(replies: readonly Reply[]): void {
  const wrong = replies.filter(({ headers }) => headers['app-version'] !== headers['x-backend']);
  const said = wrong.map(({ headers, status }) => `${status} of ${headers['x-backend']} as ${headers['app-version']}`);
  expect([...new Set(said)]).toEqual([]);
}
