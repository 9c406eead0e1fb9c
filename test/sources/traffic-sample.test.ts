import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSample } from '../../src/release/evaluation.js';
import { trafficSample } from '../../src/sources/traffic-sample.js';

const absence = { requests: 'no series a', errors: 'no series b', latency: 'no series c' };
const good = { requests: '60.4', errors: '2.5', latency: '1204.5' };

test('trafficSample() rounds counts and keeps the sum of latencies', () => {
  expect(trafficSample(good, absence)).toEqual({ requests: 60, errors: 3, latencySum: 1204.5 });
});

test.each([
  ['no requests', { requests: '0' }],
  ['no requests', { requests: '0.4', errors: undefined }],
  ['no series a', { requests: undefined }],
  ['no series b', { errors: undefined }],
  ['no series c', { latency: undefined }],
  ['NaN for requests', { requests: 'NaN' }],
  ['NaN for errors', { errors: 'NaN' }],
  ['+Inf for latency', { latency: '+Inf' }],
  ['-Inf for latency', { latency: '-Inf' }],
  ['1e999 for latency', { latency: '1e999' }],
  ['-3 for requests', { requests: '-3' }],
  ['"" for requests', { requests: '' }],
  ['0x10 for requests', { requests: '0x10' }],
  ['"many\\u001b[31m" for requests', { requests: 'many\u001b[31m' }],
  ['more errors than requests: 60.5 of 60.4', { errors: '60.5' }],
])('trafficSample() says %j', (missing, values) => {
  const isIdle = missing === 'no requests' || ('requests' in values && values.requests === undefined);
  expect(trafficSample({ ...good, ...values }, absence)).toEqual({ missing, ...(isIdle && { idle: true }) });
});

test('trafficSample() takes errors that exceed requests by the last bits as all of them', () => {
  const values = { requests: '10.499999999999998', errors: '10.5', latency: '1' };
  expect(trafficSample(values, absence)).toEqual({ requests: 10, errors: 10, latencySum: 1 });
});

test('trafficSample() gives only samples that can be', () => {
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.double({ min: -1, max: 1e6 }).map(String) },
    { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
  fc.assert(
    fc.property(fc.record({ requests: value, errors: value, latency: value }), (values) => {
      const sample = trafficSample(values, absence);
      if (!isSample(sample)) {
        expect(sample.missing).not.toBe('');
        return;
      }
      expect(sample.requests).toBeGreaterThan(0);
      expect(sample.errors).toBeGreaterThanOrEqual(0);
      expect(sample.errors).toBeLessThanOrEqual(sample.requests);
      expect(sample.latencySum).toBeGreaterThanOrEqual(0);
      expect([sample.requests, sample.errors].every(Number.isSafeInteger)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
