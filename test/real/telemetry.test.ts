import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample, SampleAnswer, Subject } from '../../src/release/evaluation.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { openSource } from '../../src/sources/registry.js';
import { telemetries } from '../../src/sources/telemetry/registry.js';
import { loadProject } from '../../src/values/project.js';
import { ExposedPod } from './exposed-pod.js';
import { deadExposures, exposuresOf, subjectsBy, took } from './exposures.js';
import { RealPrometheus } from './real-prometheus.js';

/** Seconds: sixteen scrapes. */
const interval = 4;

const steady = { rate: 40, errorRate: 0.1 };
const pods = {
  a: new ExposedPod(steady, (counts) => exposuresOf({ version: 'reviews-v1', pod: 'a' }, counts)),
  b: new ExposedPod(steady, (counts) => exposuresOf({ version: 'reviews-v1', pod: 'b' }, counts)),
  candidate: new ExposedPod({ rate: 20, errorRate: 0.5 }, (counts) =>
    exposuresOf({ version: 'reviews-v2', pod: 'a' }, counts),
  ),
  dead: new ExposedPod({ rate: 10, errorRate: 1 }, deadExposures),
};
const [primary, candidate, dead] = [subjectsBy('reviews-v1'), subjectsBy('reviews-v2'), subjectsBy('reviews-v3')];
const ids = Object.keys(telemetries);

/** The first window is quiet; in the others a pod begins again, another is not scraped for a while, and scrapes are late. */
const windows = ['quiet', 'restart', 'gap', 'late'] as const;
let server: RealPrometheus;
let answer: SampleAnswer;
let begin: number;

beforeAll(async () => {
  await Promise.all(Object.values(pods).map((pod) => pod.start()));
  server = new RealPrometheus(Object.values(pods).map(({ address }) => address));
  await server.start();
  await server.untilTarget(pods.candidate.address, 'up');
  begin = Math.ceil((Date.now() / 1000 + 1) / interval) * interval;
  await until(begin + interval + 2);
  pods.a.restart();
  await until(begin + 2 * interval + 1);
  pods.b.silence(true);
  await until(begin + 2 * interval + 2.5);
  pods.b.silence(false);
  await until(begin + 3 * interval + 0.5);
  pods.a.delay(120);
  await until(begin + 4 * interval + 1);
  answer = await read(4 * interval);
});

afterAll(async () => {
  await server?.close();
  await Promise.all(Object.values(pods).map((pod) => pod.close()));
});

async function until(seconds: number): Promise<void> {
  await delay(Math.max(0, seconds * 1000 - Date.now()));
}

/** Reads all telemetries at once, up to so many seconds from the beginning. */
function read(length: number): Promise<SampleAnswer> {
  const telemetry = { 'gateway-api': 'istio-waypoint', 'kserve-0.10': 'envoy-gateway' } as const;
  const subjects = [primary, candidate].flatMap((each) => Object.values(each));
  const lost = ['envoy-gateway', 'emissary'].flatMap((id) => dead[id] ?? []);
  const all = [...subjects, ...lost];
  return prometheus({ url: server.url, timeout: 10, telemetry }).read({
    subjects: all,
    bucketsOf: all,
    gaugesOf: { 'available-replicas': all, 'request-rate': all },
    interval,
    firstEnd: begin + interval,
    lastEnd: begin + length,
  });
}

function sampleOf(subjects: typeof primary, id: string, window: number): Sample {
  const subject = subjects[id];
  if (subject === undefined) throw new Error(`Cannot find a subject of ${id}`);
  const sample = answer.sample(subject, begin + (window + 1) * interval);
  if ('missing' in sample) throw new Error(`Cannot find a sample of ${id}: ${sample.missing}\n${server.log}`);
  return sample;
}

describe.each(ids)('the real Prometheus, asked by the telemetry %s', (id) => {
  it.each([...windows.entries()])('counts two pods as one version in window %i: %s', (at, event) => {
    const { requests, errors, latencySum, latencyBuckets = [] } = sampleOf(primary, id, at);
    // What a pod counted between its last scrape and its end is lost, and nothing else.
    const least = event === 'restart' ? 0.85 : 0.96;
    expect(requests).toBeGreaterThan(320 * least);
    expect(requests).toBeLessThan(320 * 1.04);
    expect(errors / requests).toBeCloseTo(0.1, 1);
    expect(latencySum / requests).toBeCloseTo(took, 0);
    const upTo = (bound: number) => latencyBuckets.find((bucket) => bucket.upTo === bound)?.requests ?? Number.NaN;
    expect(upTo(10)).toBe(0);
    expect(upTo(100)).toBe(requests);
  });

  it('tells the candidate apart', () => {
    const { requests, errors, gauges } = sampleOf(candidate, id, 0);
    expect(requests).toBeGreaterThan(80 * 0.95);
    expect(requests).toBeLessThan(80 * 1.05);
    expect(errors / requests).toBeCloseTo(0.5, 1);
    expect(gauges?.['request-rate']).toBe(requests / interval);
  });
});

it.each([
  ['kubernetes', 2],
  ['istio', 2],
  ['emissary', 2],
  ['envoy-gateway', 2],
  ['knative', 4],
  ['modelmesh', undefined],
])('the real Prometheus knows the available replicas of %s', (id, replicas) => {
  expect(sampleOf(primary, id, 0).gauges?.['available-replicas']).toBe(replicas);
});

it.each(['envoy-gateway', 'emissary'])('%s shows a version that nobody answers for as failing', (id) => {
  const sample = sampleOf(dead, id, 0);
  expect(sample.requests).toBeGreaterThan(36);
  expect(sample).toMatchObject({ errors: sample.requests, latencySum: 0 });
  expect(sample).not.toHaveProperty('latencyBuckets');
});

/** What Istio counts, as metrics of one's own. */
const own = `
metrics:
  source: prometheus
  url: URL
  custom:
    failures:
      kind: ratio
      events: 'sum by (s) (label_replace(increase(istio_requests_total{REPORTER, response_code=~"5.."}[{{interval}}s]), "s", "$1", "destination_service_name", "(.+)"))'
      of: 'sum by (s) (label_replace(increase(istio_requests_total{REPORTER}[{{interval}}s]), "s", "$1", "destination_service_name", "(.+)"))'
      by: {service: s}
    duration:
      kind: mean
      sum: 'sum by (destination_service_name) (increase(istio_request_duration_milliseconds_sum{REPORTER}[{{interval}}s]))'
      count: 'sum by (destination_service_name) (increase(istio_request_duration_milliseconds_count{REPORTER}[{{interval}}s]))'
      by: {service: destination_service_name}
    spread:
      kind: histogram
      buckets: 'sum by (destination_service_name, le) (increase(istio_request_duration_milliseconds_bucket{REPORTER}[{{interval}}s]))'
      by: {service: destination_service_name}
`;

describe('counts of one\u2019s own, by the queries that read what Istio counts', () => {
  let counted: SampleAnswer;
  const both = [primary.istio, candidate.istio].filter((each) => each !== undefined);

  beforeAll(async () => {
    const reporter = 'reporter="source", destination_service_name=~"{{service}}"';
    const { metrics } = loadProject(own.replace('URL', server.url).replaceAll('REPORTER', reporter), 'sluice.yaml');
    if (metrics === undefined) throw new Error('no metrics');
    counted = await openSource(metrics, { root: '/' }).read({
      subjects: both,
      gaugesOf: { failures: both, duration: both, 'spread-p95': both },
      ...{ interval, firstEnd: begin + interval, lastEnd: begin + 4 * interval },
    });
  });

  it.each([...windows.entries()])('are those that are built in, in window %i: %s', (at) => {
    for (const [i, subjects] of [primary, candidate].entries()) {
      const { requests, errors, latencySum, latencyBuckets = [] } = sampleOf(subjects, 'istio', at);
      const sample = counted.sample(both[i] as Subject, begin + (at + 1) * interval);
      const { failures, duration, spread } = ('custom' in sample && sample.custom) || {};
      expect(failures).toEqual({ count: requests, events: errors });
      expect(duration).toMatchObject({ count: requests });
      const mean = duration && 'sum' in duration ? duration.sum / duration.count : Number.NaN;
      expect(mean).toBeCloseTo(latencySum / requests, 0);
      const buckets = latencyBuckets.map(({ upTo, requests: count }) => ({ upTo, count }));
      expect(spread).toEqual({ count: requests, buckets });
    }
  });
});

it('a window that is not over by the clock of Prometheus is none, whatever it holds', async () => {
  const early = await read(10 * interval);
  const subject = primary.istio;
  if (subject === undefined) throw new Error('Cannot find a subject');
  expect(early.sample(subject, begin + 10 * interval)).toEqual({ missing: 'not over yet by the clock of Prometheus' });
  expect(early.sample(subject, begin + interval)).toHaveProperty('requests');
  expect(early.warnings).toContainEqual(expect.stringContaining('the clock here is ahead'));
});
