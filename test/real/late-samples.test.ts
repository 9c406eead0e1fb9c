import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSample, type Sample } from '../../src/release/evaluation.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { subjectOf } from '../sources/subject-of.js';
import { RealPrometheus } from './real-prometheus.js';
import { remoteWrite } from './remote-write.js';

const interval = 60;
const subject = subjectOf('reviews-v1');
const server = new RealPrometheus([]);

/** The end of a window that is long over. */
const end = Math.floor(Date.now() / 1000 / interval) * interval - interval;

beforeAll(async () => {
  await server.start({ remoteWrite: true });
});

afterAll(async () => {
  await server.close();
});

/** Pushes what an agent scraped every five seconds: ten requests a second, of 20 ms, one of ten of which fails. */
async function push(from: number, to: number): Promise<void> {
  const names = {
    reporter: 'source',
    destination_service_namespace: subject.namespace,
    destination_service_name: subject.service,
  };
  const times = Array.from({ length: (to - from) / 5 + 1 }, (_, i) => from + 5 * i);
  const series = (name: string, perSecond: number, labels: Readonly<Record<string, string>>) => ({
    labels: { __name__: name, ...names, ...labels },
    values: times.map((time): [number, number] => [time, perSecond * (time - end + 10 * interval)]),
  });
  await remoteWrite(server.url, [
    series('istio_requests_total', 9, { response_code: '200' }),
    series('istio_requests_total', 1, { response_code: '503' }),
    series('istio_request_duration_milliseconds_sum', 200, {}),
  ]);
}

async function read(): Promise<Sample> {
  const answer = await prometheus({ url: server.url, timeout: 10 }).read({
    ...{ subjects: [subject], interval, firstEnd: end, lastEnd: end },
  });
  const sample = answer.sample(subject, end);
  if (!isSample(sample)) throw new Error(`Cannot find a sample: ${sample.missing}\n${server.log}`);
  return sample;
}

test('samples that arrive after a window was read are in it when it is read again', async () => {
  await push(end - interval, end - interval / 2);
  const early = await read();
  expect(early.requests).toBeGreaterThan(280);
  expect(early.requests).toBeLessThan(360);
  await push(end - interval / 2 + 5, end);
  expect(await read()).toEqual({ requests: 600, errors: 60, latencySum: 12_000 });
});
