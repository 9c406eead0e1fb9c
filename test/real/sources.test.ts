import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSample, type Source } from '../../src/release/evaluation.js';
import { openSource } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';
import { Authority, type Pair } from '../sources/certificates.js';
import { subjectOf } from '../sources/subject-of.js';
import { RealPrometheus } from './real-prometheus.js';

/** bcrypt of `open sesame`. */
const passwordHash = '$2b$04$3WYisbj23MEKqBa4sPVM2uCS0t/pvowdIlNygJrEmf0dDHKw0UxIu';
const interval = 2;
const v1 = subjectOf('reviews-v1');
const odd = subjectOf('odd', { workload: 'a"} or vector(1) #|.*\\', version: 'odd' });

let jobs = 0;

/** A program that counts jobs for two versions, one of them with a name that tries to be more than that. */
const target = createServer((_, response) => {
  jobs += 10;
  const lines = [v1, odd].flatMap(({ workload, service }, i) => {
    const app = JSON.stringify(workload);
    const count = jobs * (i + 1);
    const buckets = [
      [`0.1`, count / 2],
      [`0.5`, count],
      ['+Inf', count],
    ].map(([le, value]) => `jobs_seconds_bucket{app=${app}, le="${le}"} ${value}`);
    const mesh = `reporter="source", destination_service_namespace="default", destination_service_name="${service}"`;
    return [
      `jobs_total{app=${app}} ${count}`,
      `jobs_failed_total{app=${app}} ${count / 10}`,
      `depth{app=${app}} ${i + 5}`,
      ...buckets,
      `istio_requests_total{${mesh}} ${count}`,
      `istio_request_duration_milliseconds_sum{${mesh}} ${count}`,
    ];
  });
  response.end(`${lines.join('\n')}\n`);
});

const authority = new Authority();
let client: Pair;
let prometheus: RealPrometheus;

beforeAll(async () => {
  client = authority.issue('sluice');
  const server = authority.issue('prometheus', 'DNS:prometheus.example');
  const web = join(authority.folder, 'web.json');
  writeFileSync(
    web,
    JSON.stringify({
      tls_server_config: {
        cert_file: server.cert,
        key_file: server.key,
        client_auth_type: 'RequireAndVerifyClientCert',
        client_ca_file: authority.ca,
      },
      basic_auth_users: { sluice: passwordHash },
    }),
  );
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  prometheus = new RealPrometheus([`127.0.0.1:${(target.address() as AddressInfo).port}`]);
  await prometheus.start({ webConfig: web });
  await delay((interval * 4 + 1) * 1000);
});

afterAll(async () => {
  await prometheus?.close();
  target.closeAllConnections();
  target.close();
  authority.remove();
});

const custom = `
    depth: {kind: gauge, query: 'max(depth{app="{{workload}}"})'}
    jobs: {kind: counter, query: 'sum by (app) (increase(jobs_total{app=~"{{workload}}"}[{{interval}}s]))', by: {workload: app}}
    failures:
      kind: ratio
      query: 'sum by (app) (increase(jobs_failed_total{app=~"{{workload}}"}[{{interval}}s]))'
      of: 'sum by (app) (increase(jobs_total{app=~"{{workload}}"}[{{interval}}s]))'
      by: {workload: app}
    seconds:
      kind: histogram
      percentile: 75
      query: 'sum by (app, le) (increase(jobs_seconds_bucket{app=~"{{workload}}"}[{{interval}}s]))'
      by: {workload: app}
`;

const access = () => `
  auth: {basic: {user: sluice, password: {env: PASSWORD}}}
  tls: {ca: {file: '${authority.ca}'}, cert: {file: '${client.cert}'}, key: {file: '${client.key}'}, serverName: prometheus.example}`;

function sourceWith(more = access(), password = 'open sesame'): Source {
  const url = prometheus.url.replace('http:', 'https:');
  const text = `metrics:\n  source: prometheus\n  url: ${url}\n  timeout: 10s${more}\n  custom:${custom}`;
  const { metrics } = loadProject(text, 'sluice.yaml');
  if (metrics === undefined) throw new Error('no metrics');
  return openSource(metrics, { root: '/', env: { PASSWORD: password } });
}

function lastWindows(count: number) {
  const lastEnd = Math.floor(Date.now() / 1000 / interval) * interval;
  return { interval, firstEnd: lastEnd - (count - 1) * interval, lastEnd };
}

describe('a real Prometheus behind TLS and a password', () => {
  it('answers a client with a certificate and the password', async () => {
    const { queries } = await sourceWith().read({ subjects: [v1], ...lastWindows(2) });
    expect(queries.length).toBeGreaterThan(0);
  });

  it('refuses another password, which no error shows', async () => {
    const error = await sourceWith(access(), 'pl4nted-guess')
      .read({ subjects: [v1], ...lastWindows(2) })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'source/http-status', message: expect.stringContaining('401') });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('pl4nted-guess');
  });

  it('refuses a client without a certificate', async () => {
    const own = `\n  tls: {ca: {file: '${authority.ca}'}, serverName: prometheus.example}`;
    await expect(sourceWith(own).read({ subjects: [v1], ...lastWindows(2) })).rejects.toMatchObject({
      code: 'source/tls',
    });
  });

  it('is asked for more windows than it answers at once', async () => {
    const { queries } = await sourceWith().read({ subjects: [v1], ...lastWindows(25_000) });
    expect(queries.length).toBeGreaterThan(0);
  });

  it('has metrics of one\u2019s own, whatever a version is called', async () => {
    const of = [v1, odd];
    const gaugesOf = { depth: of, jobs: of, failures: of, seconds: of };
    const windows = lastWindows(2);
    const request = { subjects: of, gaugesOf, ...windows };
    const answer = await sourceWith().read(request);
    for (const [i, subject] of of.entries()) {
      const sample = answer.sample(subject, windows.lastEnd);
      const { depth = 0, jobs: count = 0, failures = 0, seconds = 0 } = (isSample(sample) && sample.gauges) || {};
      expect(depth).toBe(i + 5);
      expect(count).toBeGreaterThan(10 * (i + 1));
      expect(failures).toBeCloseTo(0.1, 6);
      expect(seconds).toBeCloseTo(0.3, 6);
    }
  });
});
