import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/release/json.js';
import { eventually } from '../eventually.js';
import { freePorts, loopback } from '../free-ports.js';
import { type Client, clientOf } from './client.js';
import { askTimes, tally } from './load.js';
import { gateway, Mesh, namespace } from './mesh.js';
import { ingressObjects, modelMeshObjects, predictorObjects } from './model-servers.js';
import { hostOf } from './release-values.js';
import { shareInterval } from './share-interval.js';
import { type Arrival, VersionBackend } from './version-backend.js';

const draws = 5000;
const versions = ['iris-v1', 'iris-v2'] as const;

/** A release of models is asked without a path: the route knows the model's. */
const path = '/';

const shares = [
  [100, 0],
  [90, 10],
  [50, 50],
  [0, 100],
] as const;

let mesh: Mesh;
let entrances: { readonly kserve: readonly Client[]; readonly modelmesh: readonly Client[] };
let predictors: readonly VersionBackend[];
/** Requests that ModelMesh received, by model. */
const received = new Map<string, number>();

beforeAll(async () => {
  mesh = await Mesh.start();
  const ports = await freePorts('ingress', 'local');
  predictors = versions.map((name) => new VersionBackend(name, { serves: (arrival) => predictorOf(name, arrival) }));
  for (const predictor of predictors) await mesh.runs(predictor);
  const address = await mesh.runsAt(new VersionBackend('modelmesh', { serves: modelOf }));
  const predicted = versions.flatMap((name) => predictorObjects(name, predictorHost(name)));
  await mesh.server.apply([...ingressObjects(ports), ...predicted, ...modelMeshObjects(address)]);
  const outside = { address: loopback, port: ports.ingress, protocol: 'HTTP/1.1' } as const;
  entrances = {
    kserve: [clientOf(outside), clientOf(mesh.inside)],
    modelmesh: [clientOf(mesh.outside('istio'))],
  };
});

afterAll(async () => {
  for (const client of Object.values(entrances ?? {}).flat()) client.stop();
  await mesh?.stop();
});

function predictorHost(version: string): string {
  return `${version}-predictor.${namespace}.svc.cluster.local`;
}

function predictorOf(name: string, { authority, path }: Arrival): string | undefined {
  return authority === predictorHost(name) && path === `/v2/models/${name}/infer` ? name : undefined;
}

function modelOf({ headers }: Arrival): string | undefined {
  const name = versions.find((version) => version === headers['mm-vmodel-id']);
  received.set(name ?? 'nobody', (received.get(name ?? 'nobody') ?? 0) + 1);
  return name;
}

describe.each(['kserve', 'modelmesh'] as const)('%s', (environment) => {
  test.each(shares.map((weights) => ({ weights, said: weights.join(' : ') })))('divides $said', async ({ weights }) => {
    const host = await committed(`${environment}-${weights[1]}`, { strategy: 'blue-green', weights });
    for (const client of entrances[environment]) {
      await untilAnswered(client, host);
      // One of a thousand true shares lies outside; twice is one in a million.
      const first = await outside(client, { host, share: weights[1] });
      if (first !== undefined)
        expect(await outside(client, { host, share: weights[1] }), `after ${first}`).toBeUndefined();
    }
  });

  test('copies 30 % of the requests to the candidate alone', async () => {
    const host = await committed(`${environment}-copied`, { strategy: 'mirrored', weights: [0, 30] });
    const { least, most } = shareInterval(0.3, draws);
    for (const client of entrances[environment]) {
      await untilAnswered(client, host);
      const copies = async () => {
        const before = receivedByCandidate();
        expect(await outside(client, { host, share: 0 })).toBeUndefined();
        await untilQuiet();
        return receivedByCandidate() - before;
      };
      const first = await copies();
      const count = first < least || first > most ? await copies() : first;
      expect(count, `after ${first}`).toBeGreaterThanOrEqual(least);
      expect(count, `after ${first}`).toBeLessThanOrEqual(most);
    }
  });

  function receivedByCandidate(): number {
    return environment === 'kserve' ? (predictors[1]?.received ?? 0) : (received.get('iris-v2') ?? 0);
  }

  async function untilQuiet(): Promise<void> {
    for (let last = -1; last !== receivedByCandidate(); await delay(150)) last = receivedByCandidate();
  }

  async function committed(name: string, release: Release): Promise<string> {
    await mesh.commit(name, modelValues(environment, release));
    return hostOf(name);
  }
});

test('kserve sees a wrong rewrite', async () => {
  const name = 'kserve-wrong';
  const rewrite = (text: string) => text.replaceAll('/v2/models/iris-v2/infer', '/v2/models/iris-v1/infer');
  await mesh.commit(name, modelValues('kserve', { strategy: 'blue-green', weights: [50, 50] }), rewrite);
  for (const client of entrances.kserve) {
    await untilAnswered(client, hostOf(name));
    const { 'iris-v1': right = 0, 'status 404': wrong = 0 } = tally(
      await askTimes(client, 200, { host: hostOf(name), path }),
    );
    expect(right).toBeGreaterThan(0);
    expect(wrong).toBe(200 - right);
    expect(wrong).toBeGreaterThan(0);
  }
});

interface Release {
  readonly strategy: string;
  readonly weights: readonly number[];
}

function modelValues(environment: 'kserve' | 'modelmesh', { strategy, weights }: Release): JsonObject {
  const bound: JsonObject = environment === 'modelmesh' ? { gateway } : {};
  const named = versions.map((name, index) => {
    return { metadata: { name }, storageUri: `s3://models/${name}`, weight: weights[index] ?? 0 };
  });
  return { environment, ...bound, application: { strategy, modelFormat: 'sklearn', versions: named } };
}

async function untilAnswered(client: Client, host: string): Promise<void> {
  const answered = async () => {
    const { status, headers } = await client.ask({ host, path });
    if (status === 200) return true;
    throw new Error(`${status} for ${headers['x-authority']}${headers['x-path']}`);
  };
  await eventually(answered, { what: `an answer of ${host}` });
}

async function outside(client: Client, { host, share }: { readonly host: string; readonly share: number }) {
  const replies = await askTimes(client, draws, { host, path });
  const wrong = replies.filter(({ headers }) => headers['app-version'] !== headers['x-backend']);
  expect(wrong).toEqual([]);
  const { 'iris-v1': rest = 0, 'iris-v2': count = 0 } = tally(replies);
  expect(count + rest).toBe(draws);
  const { least, most } = shareInterval(share / 100, draws);
  return count < least || count > most ? `${count}, not ${least} to ${most}` : undefined;
}
