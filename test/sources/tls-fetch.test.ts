import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSource, type SourceSettings } from '../../src/sources/registry.js';
import { loadProject } from '../../src/values/project.js';
import { Authority, type Pair, textsOf } from './certificates.js';
import { subjectOf } from './subject-of.js';

const request = { subjects: [subjectOf('reviews-v1')], interval: 60, firstEnd: 600, lastEnd: 660 };
const empty = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } });

let authority: Authority;
let client: Pair;
let server: Server;
let seen: string[];
let answer: { readonly status: number; readonly headers: Record<string, string>; readonly body: string | Buffer };

beforeAll(async () => {
  authority = new Authority();
  client = authority.issue('sluice');
  const own = textsOf(authority.issue('metrics', 'DNS:metrics.example'));
  const ca = textsOf({ cert: authority.ca, key: client.key }).cert;
  server = createServer({ ...own, ca, requestCert: true, rejectUnauthorized: true }, (received, response) => {
    const { subject } = (received.socket as import('node:tls').TLSSocket).getPeerCertificate();
    seen.push(`${subject.CN} ${received.method} ${received.url}`);
    received.resume().on('end', () => response.writeHead(answer.status, answer.headers).end(answer.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  seen = [];
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  authority.remove();
});

function settings(tls: string): SourceSettings {
  seen = [];
  answer = { status: 200, headers: {}, body: empty };
  const { port } = server.address() as AddressInfo;
  const text = `metrics: {source: prometheus, url: 'https://127.0.0.1:${port}', tls: ${tls}}\n`;
  const { metrics } = loadProject(text, 'sluice.yaml');
  if (metrics === undefined) throw new Error('no metrics');
  return metrics;
}

const files = () => `ca: {file: '${authority.ca}'}, cert: {file: '${client.cert}'}, key: {file: '${client.key}'}`;

async function readWith(tls: string, env: Record<string, string> = {}) {
  return openSource(settings(tls), { root: '/', env }).read(request);
}

describe('tls', () => {
  it('shows the certificate of the client and believes the authority', async () => {
    const { queries } = await readWith(`{${files()}, serverName: metrics.example}`);
    expect(queries.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set(['sluice POST /api/v1/query_range']));
  });

  it('takes PEM from variables', async () => {
    const { cert, key } = textsOf(client);
    const tls = `{ca: {file: '${authority.ca}'}, cert: {env: CERT}, key: {env: KEY}, serverName: metrics.example}`;
    expect((await readWith(tls, { CERT: cert, KEY: key })).queries.length).toBeGreaterThan(0);
  });

  it('reads a zipped answer, and refuses one that unfolds to more than 64 MiB', async () => {
    const source = openSource(settings(`{${files()}, serverName: metrics.example}`), { root: '/' });
    answer = { status: 200, headers: { 'content-encoding': 'gzip' }, body: gzipSync(empty) };
    expect((await source.read(request)).queries.length).toBeGreaterThan(0);
    answer = { ...answer, body: gzipSync(Buffer.alloc(65 * 1024 * 1024, ' ')) };
    await expect(source.read(request)).rejects.toMatchObject({ code: 'source/too-large' });
    answer = { ...answer, body: 'no zip' };
    await expect(source.read(request)).rejects.toMatchObject({ code: 'source/unreachable' });
  });

  it('refuses a server whose certificate is for another name', async () => {
    await expect(readWith(`{${files()}}`)).rejects.toMatchObject({ code: 'source/tls' });
  });

  it('refuses a server that an unknown authority signed', async () => {
    const own = `cert: {file: '${client.cert}'}, key: {file: '${client.key}'}`;
    await expect(readWith(`{${own}, serverName: metrics.example}`)).rejects.toMatchObject({ code: 'source/tls' });
  });

  it('says that the server wants a certificate', async () => {
    const tls = `{ca: {file: '${authority.ca}'}, serverName: metrics.example}`;
    await expect(readWith(tls)).rejects.toMatchObject({ name: 'SourceError', code: 'source/tls' });
    expect(seen).toEqual([]);
  });

  it.each([
    ['a key of another pair', () => ({ cert: textsOf(client).cert, key: textsOf(authority.issue('other')).key })],
    ['no PEM', () => ({ cert: 'pl4nted', key: 'pl4nted-key' })],
  ])('refuses %s without showing it', async (_, pair) => {
    const { cert, key } = pair();
    const tls = '{cert: {env: CERT}, key: {env: KEY}}';
    const error = await readWith(tls, { CERT: cert, KEY: key }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'source/bad-certificate' });
    const lines = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    expect(lines.filter((line) => inspect(error, { depth: null }).includes(line))).toEqual([]);
  });

  it('refuses an authority that is none', async () => {
    const bad = readWith('{ca: {env: CA}}', { CA: 'no certificate' });
    await expect(bad).rejects.toMatchObject({ code: 'source/bad-certificate' });
  });
});
