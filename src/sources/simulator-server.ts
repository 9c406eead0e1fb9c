import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { istioBuckets } from './istio-buckets.js';
import { type ParsedQuery, parseIstioQuery } from './parse-istio-query.js';
import type { CountedService, Simulator, TrafficTotals } from './simulator.js';
import { byPod } from './telemetry/by-pod.js';
import { bucketLabel } from './telemetry/column-query.js';
import { istio, istioLabels } from './telemetry/istio.js';

/** A simulator that can be asked over HTTP. */
export interface SimulatorServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

const istioByPod = byPod(istio);

/** An error as Prometheus words it, answered with status 400. */
class BadData extends Error {}

/**
 * Serves the part of Prometheus' HTTP API that the source of Prometheus asks for, on a free port of 127.0.0.1:
 * `/api/v1/query_range` (GET and POST) and `/-/ready`. It knows the queries of Istio's telemetry and no other PromQL;
 * whatever else is asked is answered with `bad_data`.
 */
export async function serveSimulator(simulator: Simulator): Promise<SimulatorServer> {
  const server = createServer((request, response) => {
    answer(simulator, request, response).catch((error: unknown) => response.writeHead(500).end(`${error}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      });
    },
  };
}

async function answer(simulator: Simulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname === '/-/ready') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('Simulator is Ready.\n');
    return;
  }
  if (url.pathname !== '/api/v1/query_range') {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
    return;
  }
  const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : url.searchParams;
  const { status, body } = queryRange(simulator, form);
  // By the simulator's clock: a window that it has not reached yet is not over.
  const date = new Date(simulator.now * 1000).toUTCString();
  response.writeHead(status, { 'content-type': 'application/json', date }).end(JSON.stringify(body));
}

function queryRange(simulator: Simulator, form: URLSearchParams) {
  try {
    const text = form.get('query') ?? '';
    const query = parseIstioQuery(text);
    // Nobody scrapes its pods, so that no series has their label.
    const ofPods = query === undefined && parseIstioQuery(text, istioByPod) !== undefined;
    if (ofPods) return { status: 200, body: { status: 'success', data: { resultType: 'matrix', result: [] } } };
    if (query === undefined) throw new BadData('invalid parameter "query": the simulator does not know this query');
    const times = timesOf(form);
    const result = simulator.services().flatMap((service) => seriesOf(simulator, service, { query, times }));
    return { status: 200, body: { status: 'success', data: { resultType: 'matrix', result } } };
  } catch (error) {
    if (!(error instanceof BadData)) throw error;
    return { status: 400, body: { status: 'error', errorType: 'bad_data', error: error.message } };
  }
}

function timesOf(form: URLSearchParams): readonly number[] {
  const [start, end, step] = [seconds(form, 'start'), seconds(form, 'end'), seconds(form, 'step')];
  if (end < start) throw new BadData('invalid parameter "end": end timestamp must not be before start time');
  if (step === 0) throw new BadData('invalid parameter "step": zero or negative query resolution step widths');
  const count = Math.floor((end - start) / step) + 1;
  if (count > 11_000) throw new BadData('exceeded maximum resolution of 11,000 points per timeseries');
  return Array.from({ length: count }, (_, i) => start + i * step);
}

function seconds(form: URLSearchParams, name: string): number {
  const value = form.get(name) ?? '';
  if (!/^\d+(\.\d+)?$/.test(value)) throw new BadData(`invalid parameter ${JSON.stringify(name)}: no Unix seconds`);
  return Number(value);
}

interface Evaluation {
  readonly query: ParsedQuery;
  readonly times: readonly number[];
}

/** Returns the series that a service has in the answer, one for every bucket; none when it has no value at any time. */
function seriesOf(simulator: Simulator, service: CountedService, { query, times }: Evaluation) {
  const labels = {
    [istioLabels.namespace]: service.namespace,
    [istioLabels.service]: service.service,
    [istioLabels.reporter]: service.reporter,
  };
  const { names, interval } = query.selection;
  if (!istio.labels.every((label) => names[label]?.includes(labels[label]))) return [];
  return countersOf(query).flatMap(({ count, ...more }) => {
    const values = times.flatMap((time) => {
      const value = increase(simulator, service, { count, interval, time });
      return value === undefined ? [] : [[time, `${value}`]];
    });
    return values.length === 0 ? [] : [{ metric: { ...labels, ...more.labels }, values }];
  });
}

/** What one series counts. */
interface Counter {
  readonly labels?: Readonly<Record<string, string>>;
  readonly count: (totals: TrafficTotals) => number;
}

function countersOf({ column }: ParsedQuery): readonly Counter[] {
  if (column === 'requests') return [{ count: ({ requests }) => requests }];
  if (column === 'errors') return [{ count: ({ errors }) => errors }];
  if (column === 'latency') return [{ count: ({ latencySum }) => latencySum }];
  const finite = istioBuckets.map((bound, i): Counter => {
    return { labels: { [bucketLabel]: `${bound}` }, count: ({ buckets }) => buckets[i] ?? 0 };
  });
  return [...finite, { labels: { [bucketLabel]: '+Inf' }, count: ({ requests }) => requests }];
}

interface Moment extends Pick<Counter, 'count'> {
  readonly interval: number;
  readonly time: number;
}

/** A counter exists from the first request on; the query of errors is 0 where there are requests without any. */
function increase(
  simulator: Simulator,
  service: CountedService,
  { count, interval, time }: Moment,
): number | undefined {
  if (time > simulator.now) return undefined;
  const after = simulator.totals(service, time);
  if (after.requests === 0) return undefined;
  return count(after) - count(simulator.totals(service, time - interval));
}
