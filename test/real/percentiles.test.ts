import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Bucket, isSample, type LedgerRow, type Sample } from '../../src/release/evaluation.js';
import { istioBuckets } from '../../src/sources/istio-buckets.js';
import { freePorts, loopback } from './free-ports.js';
import { IstioService } from './istio-service.js';
import { LeashedProcess } from './leashed-process.js';
import { LoadGenerator } from './load-generator.js';
import { RealPrometheus } from './real-prometheus.js';
import { type Evaluation, ReleaseRepository } from './release-repository.js';
import { requireTools, tools } from './tools.js';

/** Seconds. */
const interval = 2;
const namespace = 'tail';

const values = {
  'analysis.interval': `${interval}s`,
  'analysis.minRequests': 20,
  'analysis.judge': 'threshold',
  // Between the ends of two buckets.
  'analysis.objectives': [{ metric: 'latency-p95', upperLimit: 300 }],
  'rollout.steps': [50],
};

describe('evaluate by percentiles', () => {
  const primary = new IstioService(namespace, 'reviews-v1');
  const candidate = new IstioService(namespace, 'reviews-v2');
  const load = new LoadGenerator([primary, candidate], { rate: 100, maxDuration: 100 });
  const repository = new ReleaseRepository();
  let prometheus: RealPrometheus;

  beforeAll(async () => {
    await Promise.all([primary.start(), candidate.start()]);
    prometheus = new RealPrometheus([primary.address, candidate.address]);
    await prometheus.start();
    await repository.init({ namespace, metricsUrl: prometheus.url, values });
    const image = 'docker.io/istio/examples-bookinfo-reviews-v2:1.20.2';
    await repository.sluice('candidate', 'reviews', '--image', image, '--version', 'reviews-v2');
    await candidate.control({ latency: 310 });
    load.route(await repository.routedWeights());
    load.start();
  });

  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(prometheus.log);
  });

  afterAll(async () => {
    load.stop();
    await Promise.all([primary.close(), candidate.close(), prometheus?.close()]);
    repository.remove();
  });

  /** Passes, twice in a window, until one does more than hold; the mesh follows it. */
  async function decision(): Promise<Evaluation['decisions'][number]> {
    let held: Evaluation | undefined;
    for (let passes = 0; passes < 20; passes += 1) {
      held = await repository.evaluate();
      load.route(await repository.routedWeights());
      const [made] = held.decisions;
      if (made !== undefined && made.kind !== 'hold') return made;
      await delay((interval * 1000) / 2);
    }
    throw new Error(`Cannot get a decision: ${JSON.stringify(held, null, 2)}`);
  }

  /** What Prometheus itself makes of the buckets of a window. */
  async function quantileOf(service: string, end: number): Promise<number> {
    const series = `istio_request_duration_milliseconds_bucket{reporter="source", destination_service_name="${service}"}`;
    const query = `histogram_quantile(0.95, sum by (le) (increase(${series}[${interval}s])))`;
    const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query, time: `${end}` })}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result[0]?.value[1]);
  }

  it('rolls back what is slow in the tail, as Prometheus has it, and names the limit that the buckets tell', async () => {
    expect(await decision()).toMatchObject({ kind: 'advance', from: 0, to: 50 });
    const rollback = await decision();
    expect(rollback).toMatchObject({ kind: 'roll back', from: 50, to: 0 });
    expect(rollback.reason).toMatch(
      /^reviews-v2 breaks latency-p95 4\d\d(\.\d)? ms \(at most 300 ms; the buckets tell 250 ms\)/,
    );

    const line = JSON.parse((await repository.ledger()).at(-1) ?? '') as { readonly windows: readonly LedgerRow[] };
    const whole = line.windows.filter(({ versions }) => Object.values(versions).every(isSample));
    expect(whole).not.toEqual([]);
    for (const { end, versions } of whole) {
      for (const { name } of [primary, candidate]) {
        const { requests, latencyBuckets = [] } = versions[name] as Sample;
        expect(latencyBuckets.map(({ upTo }) => upTo)).toEqual(istioBuckets);
        expect(latencyBuckets.at(-1)?.requests).toBe(requests);
        const [below, above] = bucketOf(latencyBuckets, 0.95 * requests);
        const theirs = await quantileOf(name, end);
        // Counts are rounded, so at the very end of a bucket the two may differ by a request.
        expect(theirs).toBeGreaterThanOrEqual(below * 0.9);
        expect(theirs).toBeLessThanOrEqual(above * 1.1);
      }
      // All that the candidate answered took 310 ms or more.
      const slow = (versions['reviews-v2'] as Sample).latencyBuckets ?? [];
      expect(slow.find(({ upTo }) => upTo === 250)?.requests).toBe(0);
    }
  });
});

/** The bounds between which the request of a rank lies. */
function bucketOf(buckets: readonly Bucket[], rank: number): readonly [number, number] {
  const at = buckets.findIndex(({ requests }) => requests >= rank);
  return [buckets[at - 1]?.upTo ?? 0, buckets[at]?.upTo ?? Number.POSITIVE_INFINITY];
}

describe('Envoy', () => {
  it('counts by the buckets that are taken for its default', async () => {
    requireTools(['envoy']);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-buckets-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { admin } = await freePorts('admin');
    const file = join(folder, 'bootstrap.json');
    const address = { socket_address: { address: loopback, port_value: admin } };
    writeFileSync(file, JSON.stringify({ admin: { address } }));
    const envoy = new LeashedProcess(tools.envoy, [
      '--config-path',
      file,
      '--concurrency',
      '1',
      '--disable-hot-restart',
    ]);
    onTestFinished(() => envoy.stop(10));
    const stats = () => fetch(`http://${loopback}:${admin}/stats/prometheus`).then((answer) => answer.text());
    const bounds = async () => {
      const buckets = (await stats()).matchAll(/^envoy_server_initialization_time_ms_bucket\{.*le="([^"]+)"\}/gm);
      return [...buckets].map(([, bound]) => bound);
    };
    await envoy.untilReady(
      () =>
        bounds().then(
          (found) => found.length > 0,
          () => false,
        ),
      30,
    );
    expect(await bounds()).toEqual([...istioBuckets.map(String), '+Inf']);
  });
});
