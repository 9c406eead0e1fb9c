import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { endpoint } from '../../src/sources/endpoint.js';

test('endpoint() adds its path to the prefix and keeps the query', () => {
  const { url, headers } = endpoint('https://metrics.example/prometheus/?dedup=true#top', '/api/v1/query_range');
  expect(url.href).toBe('https://metrics.example/prometheus/api/v1/query_range?dedup=true');
  expect(headers).toEqual({});
});

test('endpoint() turns credentials into a header', () => {
  const { url, headers } = endpoint('http://us%40er:p%C3%A4ss%@localhost:9090', '/q');
  expect(url.href).toBe('http://localhost:9090/q');
  expect(headers).toEqual({ authorization: `Basic ${Buffer.from('us@er:päss%').toString('base64')}` });
});

test('endpoint() masks credentials and query', () => {
  expect(endpoint('http://me:secret@localhost:9090/x?token=abc', '/q').masked).toBe(
    'http://***@localhost:9090/x/q?***',
  );
  expect(endpoint('http://localhost:9090', '/q').masked).toBe('http://localhost:9090/q');
});

test('endpoint() redacts every spelling of a secret in a foreign text', () => {
  const { redact, headers } = endpoint('http://me:p%40ss@localhost/?token=to%20ken&dedup=1', '/q');
  expect(redact(`${headers.authorization} p@ss p%40ss to ken to%20ken at 127.0.0.1`)).toBe(
    'Basic *** *** *** *** *** at 127.0.0.1',
  );
});

test.each([
  'prometheus:9090',
  '/metrics',
  '',
  'ftp://host',
  'http//me:secret@host?token=secret',
  'http://me:secret@ho st',
])('endpoint() refuses %j without showing secrets', (base) => {
  const refused = () => endpoint(base, '/q');
  expect(refused).toThrow(ConfigError);
  expect(refused).toThrow(/^Cannot read metrics\.url as an http or https URL: "(?!.*secret)/);
});
