import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { istioLabels } from '../../../src/sources/telemetry/istio.js';
import { istioQuery, subjectOf } from '../../sources/subject-of.js';
import { RealPrometheus, scrapeInterval } from '../real-prometheus.js';

/** Names that end a string, a matcher or an expression where they are not escaped. */
const names = [
  'reviews-v2',
  '"} or up{job=~".*',
  '\\"} or up #',
  '\\',
  '\\\\"',
  '.*',
  '.+|',
  'a|b',
  '(?i)x',
  ')',
  '[',
  '${x}',
  '`',
  "'",
  '"\n} or vector(1) # ',
  '\u0000\u001b\u2028\u202e',
  '\ud83d\ude00é',
  '{__name__=~".+"}',
  '[5m:1s]',
  '@ end()',
];

const counters = [
  'istio_requests_total',
  'istio_request_duration_milliseconds_sum',
  'istio_request_duration_milliseconds_bucket',
];
let count = 0;

/** A proxy that counts requests of every name, one more with every scrape. */
const target = createServer((_, response) => {
  count += 1;
  const lines = counters.flatMap((counter) => names.map((name) => `${counter}{${labelsOf(name)}} ${count}`));
  response.end(`${lines.join('\n')}\n`);
});
let prometheus: RealPrometheus;

beforeAll(async () => {
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(target.address() as AddressInfo).port}`;
  prometheus = new RealPrometheus([address]);
  await prometheus.start();
  await prometheus.untilTarget(address, 'up');
  await delay(8 * scrapeInterval * 1000);
});
afterAll(async () => {
  await prometheus.close();
  target.close();
});

function labelsOf(name: string): string {
  const text = name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const labels = { [istioLabels.reporter]: 'source', [istioLabels.namespace]: text, [istioLabels.service]: text };
  return Object.entries({ ...labels, response_code: '500', le: '5' })
    .map(([label, value]) => `${label}="${value}"`)
    .join(',');
}

/** Returns the services that the real Prometheus finds for a query. */
async function servicesOf(query: string): Promise<(string | undefined)[]> {
  const response = await fetch(`${prometheus.url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
  });
  const answer = (await response.json()) as {
    readonly error?: string;
    readonly data?: { readonly result: readonly { readonly metric: { readonly [label: string]: string } }[] };
  };
  if (answer.data === undefined) throw new Error(`${query}: ${answer.error}`);
  return answer.data.result.map(({ metric }) => metric[istioLabels.service]);
}

test.each(['requests', 'errors', 'latency', 'buckets'] as const)(
  'the real Prometheus finds for every name in the query of %s that name alone',
  async (metric) => {
    for (const name of names) {
      const query = istioQuery(metric, [subjectOf(name, { namespace: name })]);
      expect.soft(await servicesOf(query), name).toEqual([name]);
    }
    const all = names.map((name) => subjectOf(name, { namespace: name }));
    expect((await servicesOf(istioQuery(metric, all))).sort()).toEqual([...names].sort());
  },
);

test('a query that is put together without escapes finds others', async () => {
  expect(await servicesOf(`istio_requests_total{${istioLabels.service}=~"${names[1]}"}`)).toContain(undefined);
});
