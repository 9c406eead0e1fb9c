import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../src/errors.js';
import { loadProject } from '../../src/values/project.js';

/** Returns what is wrong with these settings, each as `path message | hint`. */
function faults(metrics: string): string[] {
  try {
    loadProject(`metrics: ${metrics}\n`, 'sluice.yaml');
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ path, message, hint }) => `${path} ${message} | ${hint}`);
  }
}

const prometheus = (more: string) => `{source: prometheus, url: 'https://prometheus:9090', ${more}}`;
const httpJson = (more: string) =>
  `{source: http-json, url: 'https://api.example/q?of={{service}}', traffic: {requests: a, errors: b, latencySum: c}, ${more}}`;

describe('metrics in sluice.yaml', () => {
  it.each([
    prometheus('auth: {bearer: {env: TOKEN}}'),
    prometheus('auth: {basic: {user: me, password: {file: secret}}}'),
    prometheus('tls: {ca: {file: ca.crt}, cert: {env: CERT}, key: {file: client.key}, serverName: metrics.example}'),
    prometheus('headers: {X-Scope-OrgID: shop, X-Api-Key: {env: KEY}}, timeout: 30s, delay: 1m'),
    prometheus('headers: {Authorization: {env: KEY}}'),
    prometheus(`custom: {cpu: {kind: gauge, query: 'cpu{s="{{service}}"}', unit: cores, preferredDirection: low}}`),
    prometheus(`custom: {r: {kind: ratio, query: 'a{s=~"{{service}}"}', of: 'b{s=~"{{service}}"}', by: {service: s}}}`),
    prometheus('custom: {latency: {kind: gauge, query: a}}'),
    prometheus('custom: {h: {kind: histogram, query: a}, h-p95: {kind: gauge, query: a}}'),
    prometheus('custom: {r: {kind: ratio, events: a, of: b}, m: {kind: mean, sum: a, count: b}}'),
    prometheus(`custom: {h: {kind: histogram, buckets: 'b{s=~"{{service}}"}', by: {service: s}, unit: s}}`),
    httpJson(`custom: {r: {kind: ratio, value: '{"count": a, "events": b}'}, g: {kind: gauge, value: c}}`),
    httpJson(`body: '{"s": "{{service}}", "to": {{end}}}', windows: all`),
    httpJson(`custom: {heap: {value: heap, url: 'https://api.example/heap'}}, auth: {bearer: {env: TOKEN}}`),
    '{source: file, path: windows.txt, format: json, delay: 1s}',
  ])('takes %s', (metrics) => {
    expect(faults(metrics)).toEqual([]);
  });

  it.each([
    [
      '{source: promethus}',
      'metrics.source is "promethus" | Did you mean prometheus? Allowed are: prometheus, http-json, file.',
    ],
    ['{url: "http://p"}', 'metrics.source is missing | Allowed are: prometheus, http-json, file.'],
    ['{source: file, url: "http://p"}', 'metrics.path is missing'],
    [
      '{source: file, path: a, timeout: 5s}',
      'metrics.timeout is no known key | Allowed are: source, path, format, delay, buckets.',
    ],
    [prometheus('path: a'), 'metrics.path is no known key | '],
    [prometheus('auth: {}'), 'metrics.auth is no one way to sign in | Write either bearer or basic.'],
    [prometheus('auth: {bearer: pl4nted}'), 'metrics.auth.bearer is no place of a secret | '],
    [
      prometheus('auth: {bearer: {env: A}}, headers: {authorization: {env: B}}'),
      'metrics.headers.authorization is a second way',
    ],
    [prometheus('headers: {X-Api-Key: pl4nted}'), 'metrics.headers.X-Api-Key is called like a secret'],
    [prometheus('tls: {key: {env: A}}'), 'metrics.tls.cert is missing beside key'],
    ["{source: prometheus, url: 'http://p', tls: {}}", 'metrics.tls is for https'],
    ["{source: prometheus, url: 'http://me:pl4nted@p', auth: {bearer: {env: A}}}", 'metrics.url has a user of its own'],
    [
      prometheus('custom: {error-rates: {kind: gauge, query: x}}'),
      'metrics.custom.error-rates is called like error-rate',
    ],
    [
      prometheus('custom: {latency-p42: {kind: gauge, query: x}}'),
      'metrics.custom.latency-p42 is called like latency-p42',
    ],
    [
      prometheus("custom: {'my cpu': {kind: gauge, query: x}}"),
      'metrics.custom.my cpu "my cpu" is no name of a metric',
    ],
    [prometheus('custom: {cpu: {kind: rate, query: x}}'), 'metrics.custom.cpu.kind is "rate" | '],
    [prometheus('custom: {cpu: {kind: ratio, query: x}}'), 'metrics.custom.cpu.of is missing'],
    [
      prometheus('custom: {cpu: {kind: gauge, query: x, of: z}}'),
      'metrics.custom.cpu.of is nothing that a gauge reads',
    ],
    [prometheus('custom: {cpu: {kind: gauge, query: x, percentile: 5}}'), 'metrics.custom.cpu.percentile is nothing'],
    [prometheus('custom: {r: {kind: ratio, events: x}}'), 'metrics.custom.r.of is missing beside events'],
    [prometheus('custom: {r: {kind: mean, count: x}}'), 'metrics.custom.r.sum is missing beside count'],
    [
      prometheus('custom: {r: {kind: mean}}'),
      'metrics.custom.r.query is missing | Give sum and count, or query and of for one value a window.',
    ],
    [prometheus('custom: {r: {kind: ratio, events: a, of: b, query: c}}'), 'metrics.custom.r.query is nothing that'],
    [prometheus('custom: {r: {kind: gauge, events: x}}'), 'metrics.custom.r.events is nothing that a gauge reads'],
    [
      prometheus('custom: {r: {kind: histogram, buckets: x, percentile: 5}}'),
      'metrics.custom.r.percentile is nothing that a histogram with buckets reads',
    ],
    [
      prometheus('custom: {latency: {kind: histogram, buckets: x}}'),
      'metrics.custom.latency is called like latency-p50',
    ],
    [
      prometheus('custom: {wait: {kind: histogram, buckets: x}, wait-p95: {kind: gauge, query: x}}'),
      'metrics.custom.wait-p95 is called like a percentile of wait',
    ],
    [httpJson('custom: {r: {kind: rate, value: x}}'), 'metrics.custom.r.kind is "rate"'],
    [
      prometheus('custom: {cpu: {kind: gauge, query: x, by: {namespace: ns}}}'),
      'metrics.custom.cpu.by tells no versions apart',
    ],
    [
      prometheus("custom: {cpu: {kind: gauge, query: '{{servce}}'}}"),
      'metrics.custom.cpu.query has no variable servce',
    ],
    [httpJson(`body: '{"s": {{service}}}'`), 'metrics.body has {{service}} outside of quotes'],
    [httpJson(`body: '{"s": "{{service}}"'`), 'metrics.body is no JSON once its variables are filled in'],
    [httpJson(`body: '{}', method: GET`), 'metrics.body is nothing that a GET sends'],
    [
      httpJson(`custom: {heap: {value: x, url: 'https://other.example/'}}, auth: {bearer: {env: A}}`),
      'metrics.custom.heap.url is on another server',
    ],
    [
      "{source: http-json, url: 'https://{{service}}.example/', traffic: {requests: a, errors: b, latencySum: c}}",
      'metrics.url ',
    ],
    [
      "{source: http-json, url: 'https://api.example/', traffic: {requests: a, errors: b}}",
      'metrics.traffic.latencySum ',
    ],
  ])('refuses %s', (metrics, fault) => {
    const found = faults(metrics);
    expect(
      found.find((each) => each.startsWith(fault)),
      found.join('\n'),
    ).toBeDefined();
    expect(found.join()).not.toContain('pl4nted');
  });
});
