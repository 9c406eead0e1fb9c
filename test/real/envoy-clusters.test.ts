import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isSample, type Sample, type SampleAnswer, type Subject } from '../../src/release/evaluation.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { ClusteredEnvoy } from './clustered-envoy.js';
import { RealPrometheus } from './real-prometheus.js';

/** Seconds. */
const interval = 6;
/** What is sent to each path in the one window. */
const sent = 120;

const rule = 'httproute/default/reviews/rule';
const envoy = new ClusteredEnvoy();
let server: RealPrometheus;
let answer: SampleAnswer;
let end: number;

/** As Envoy Gateway knows it, or, without backends, Emissary. */
function subjectOf(version: string, backends?: readonly string[]): Subject {
  const names = { release: 'reviews', version, namespace: 'default', service: version, workload: version };
  const environment = backends === undefined ? 'emissary' : 'gateway-api';
  return { ...names, environment, reporter: 'source', ...(backends && { backends }) };
}

const place = (ending: string) => [`default/reviews/rule/${ending}`];
const subjects = {
  v1: subjectOf('reviews-v1', place('0/backend/0')),
  v2: subjectOf('reviews-v2', place('0/backend/1')),
  mirrored: subjectOf('reviews-v3', place('0-mirror-0')),
  dead: subjectOf('reviews-v4', place('1')),
  mapped: subjectOf('shop-v1'),
};

beforeAll(async () => {
  await envoy.start(
    [
      { name: `${rule}/0/backend/0`, status: 200 },
      { name: `${rule}/0/backend/1`, status: 500 },
      { name: `${rule}/0-mirror-0`, status: 503 },
      { name: `${rule}/1` },
      { name: 'cluster_shop_v1_default_80_default', statName: 'shop_v1_default_80', status: 404 },
    ],
    [
      { prefix: '/split', clusters: [`${rule}/0/backend/0`, `${rule}/0/backend/1`], mirror: `${rule}/0-mirror-0` },
      { prefix: '/dead', clusters: [`${rule}/1`] },
      { prefix: '/mapped', clusters: ['cluster_shop_v1_default_80_default'] },
    ],
  );
  server = new RealPrometheus([envoy.address]);
  await server.start();
  // Counters appear with their first request, and increase from what they hold when they are scraped for the first time.
  for (const path of ['/split', '/dead', '/mapped']) await envoy.ask(path, 20);
  await server.untilTarget(envoy.address, 'up');
  end = Math.ceil((Date.now() / 1000 + 1) / interval) * interval + interval;
  await delay((end - interval + 1) * 1000 - Date.now());
  await Promise.all(['/split', '/dead', '/mapped'].map((path) => envoy.ask(path, sent)));
  await delay((end + 1) * 1000 - Date.now());
  const all = Object.values(subjects);
  const telemetry = { 'gateway-api': 'envoy-gateway' } as const;
  const source = prometheus({ url: server.url, timeout: 10, telemetry });
  answer = await source.read({ subjects: all, bucketsOf: all, interval, firstEnd: end, lastEnd: end });
});

afterAll(async () => {
  await Promise.all([envoy.stop(), server?.close()]);
});

function sampleOf(name: keyof typeof subjects): Sample {
  const sample = answer.sample(subjects[name], end);
  if (!isSample(sample)) throw new Error(`Cannot find ${name}: ${sample.missing}\n${server.log}`);
  return sample;
}

/** Prometheus extrapolates from the first and the last scrape of a window to its ends, which may lie some scrapes away. */
function expectAsSent(requests: number): void {
  expect(Math.abs(requests / sent - 1), `${requests} of ${sent}`).toBeLessThan(0.15);
}

it('tells the backends of one rule apart by their clusters, with their latencies', () => {
  const [good, bad] = [sampleOf('v1'), sampleOf('v2')];
  expectAsSent(good.requests + bad.requests);
  expect(good.errors).toBe(0);
  expect(bad.errors).toBe(bad.requests);
  for (const { requests, latencySum, latencyBuckets } of [good, bad]) {
    expect(latencySum).toBeGreaterThan(0);
    expect(latencyBuckets?.at(-1)?.requests).toBe(requests);
  }
});

it('counts what is copied to a version', () => {
  const { requests, errors } = sampleOf('mirrored');
  expectAsSent(requests);
  expect(errors).toBe(requests);
});

it('counts the requests for which there is no upstream as failed, and knows of no latencies', () => {
  const dead = sampleOf('dead');
  expectAsSent(dead.requests);
  expect(dead).toMatchObject({ errors: dead.requests, latencySum: 0 });
  expect(dead).not.toHaveProperty('latencyBuckets');
});

it('finds a cluster by the name that its statistics have', () => {
  const { requests, errors } = sampleOf('mapped');
  expectAsSent(requests);
  expect(errors).toBe(0);
});
