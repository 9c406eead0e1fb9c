import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { istioBuckets } from '../src/sources/istio-buckets.js';
import { type ParsedQuery, parseIstioQuery } from '../src/sources/parse-istio-query.js';
import { seededRandom } from '../src/sources/simulator-random.js';
import { istio, istioLabels } from '../src/sources/telemetry/istio.js';

/** A server that answers as Prometheus does. */
export interface RecordedAnswers {
  readonly url: string;
  /** How many questions it has answered: on whole versions, and on their pods. */
  questions(): Questions;
  /** Makes every answer anew. */
  forget(): void;
  close(): void;
}

/** How many questions there were. */
export interface Questions {
  readonly metrics: number;
  readonly pods: number;
}

/** What a version answers in a minute: its service is the name of the release and this suffix. */
const versions = [
  { suffix: '-v1', requests: 4_800 },
  { suffix: '-v2', requests: 1_200 },
];
const none = { suffix: '-v', requests: 0 };
const errorShare = 0.002;
const meanLatency = 60;

/**
 * Serves range queries for two healthy versions of every release with a few pods each. An answer is made once and sent
 * again as it is, so that what it costs is not taken for a cost of the pass; `forget` makes room for those of the next.
 */
export async function serveAnswers(releases: readonly string[]): Promise<RecordedAnswers> {
  const numbers = new Map(releases.map((release, i) => [release, i]));
  const recorded = new Map<string, Buffer>();
  const questions = { metrics: 0, pods: 0 };
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await text(request));
    questions[form.get('query')?.includes(byPod) ? 'pods' : 'metrics'] += 1;
    const key = [form.get('query'), form.get('start'), form.get('end')].join(' ');
    const body = recorded.get(key) ?? answerTo(form, numbers);
    recorded.set(key, body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.writeHead(500).end(`${error}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    questions: () => ({ ...questions }),
    forget: () => recorded.clear(),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const istioByPod = { ...istio, labels: [...istio.labels, istio.pods] };
const pods = ['a', 'b', 'c', 'd'];

/** How a question on pods begins. */
const byPod = `sum by (${[...istioByPod.labels].join(', ')}`;

/** Series of the versions that are asked for by a random draw for each window, the same whenever it is asked for. */
function answerTo(form: URLSearchParams, numbers: ReadonlyMap<string, number>): Buffer {
  const text = form.get('query') ?? '';
  const whole = parseIstioQuery(text);
  const query = whole ?? parseIstioQuery(text, istioByPod);
  if (query === undefined) throw new RangeError(`no query of Istio's: ${text}`);
  const { [istioLabels.service]: services = [], [istioLabels.reporter]: [reporter = ''] = [] } = query.selection.names;
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(form.get(name))) as [number, number, number];
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const counters = countersOf(query.column);
  const series = services.flatMap((service) => {
    const { suffix, requests } = versions.find((each) => service.endsWith(each.suffix)) ?? none;
    const seed = (numbers.get(service.slice(0, -suffix.length)) ?? 0) * 1e5 + requests;
    return (whole === undefined ? pods : ['']).flatMap((pod, nth) => {
      const mean = whole === undefined ? requests / pods.length : requests;
      const windows = times.map((time) => ({ time, ...drawn(seed + nth * 1e3 + time, mean) }));
      const of = { ...(pod !== '' && { [istio.pods]: `${service}-${pod}` }), ...named(service, reporter) };
      return counters.map(({ labels, count }) => {
        const values = windows.map((window) => `[${window.time},"${count(window)}"]`);
        return Buffer.from(`{"metric":${JSON.stringify({ ...labels, ...of })},"values":[${values.join()}]}`);
      });
    });
  });
  return matrix(series);
}

function matrix(series: readonly Buffer[]): Buffer {
  const comma = Buffer.from(',');
  const result = series.flatMap((each, i) => (i === 0 ? [each] : [comma, each]));
  const [head, tail] = ['{"status":"success","data":{"resultType":"matrix","result":[', ']}}'];
  return Buffer.concat([Buffer.from(head), ...result, Buffer.from(tail)]);
}

function named(service: string, reporter: string): Readonly<Record<string, string>> {
  return { [istioLabels.namespace]: 'default', [istioLabels.service]: service, [istioLabels.reporter]: reporter };
}

interface Drawn {
  readonly requests: number;
  readonly errors: number;
  readonly latency: number;
}

function drawn(seed: number, mean: number): Drawn {
  const random = seededRandom(seed);
  const requests = Math.round(mean * (0.95 + 0.1 * random()));
  const errors = Math.round(requests * errorShare * 2 * random());
  return { requests, errors, latency: requests * meanLatency * (0.95 + 0.1 * random()) };
}

interface Counter {
  readonly labels?: Readonly<Record<string, string>>;
  readonly count: (window: Drawn) => number;
}

function countersOf(column: ParsedQuery['column']): readonly Counter[] {
  if (column !== 'buckets') return [{ count: (window) => window[column === 'timed' ? 'requests' : column] }];
  const finite = istioBuckets.map((bound): Counter => {
    const share = 1 - Math.exp(-bound / meanLatency);
    return { labels: { le: String(bound) }, count: ({ requests }) => Math.round(requests * share) };
  });
  return [...finite, { labels: { le: '+Inf' }, count: ({ requests }) => requests }];
}
