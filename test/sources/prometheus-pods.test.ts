import { expect, test } from 'vitest';
import type { SampleRequest, Subject } from '../../src/release/evaluation.js';
import { prometheus } from '../../src/sources/prometheus.js';
import { byPod } from '../../src/sources/telemetry/by-pod.js';
import { telemetries } from '../../src/sources/telemetry/registry.js';
import { sendJson, startServer } from './answer-server.js';
import { subjectOf } from './subject-of.js';

const subject = subjectOf('reviews-v1');
const request: SampleRequest = { subjects: [subject], bucketsOf: [subject], interval: 60, firstEnd: 600, lastEnd: 720 };

type Values = readonly (readonly [number, string])[];

/** What Istio's sidecars of two pods count; the second one begins late. */
const pods: Readonly<Record<string, { readonly requests: Values; readonly errors: Values }>> = {
  'reviews-v1-aaaaa': {
    requests: [
      [600, '100'],
      [660, '110'],
      [720, '120'],
    ],
    errors: [
      [600, '1'],
      [660, '0'],
      [720, '2'],
    ],
  },
  'reviews-v1-bbbbb': { requests: [[720, '80']], errors: [[720, '8']] },
};

function labelsOf(pod: string) {
  return {
    reporter: 'destination',
    destination_service_namespace: 'default',
    destination_service_name: 'reviews-v1',
    pod,
  };
}

/** Answers as Prometheus does, and keeps what it was asked. */
async function serve(asked: string[]): Promise<string> {
  return startServer(({ form }, response) => {
    const query = form.get('query') ?? '';
    asked.push(query);
    const result = Object.entries(pods).flatMap(([pod, { requests, errors }]): unknown[] => {
      const metric = labelsOf(pod);
      if (query.includes('_bucket')) {
        return [
          { metric: { ...metric, le: '100' }, values: requests.map(([end]) => [end, '50']) },
          { metric: { ...metric, le: '+Inf' }, values: requests },
        ];
      }
      if (query.includes('_sum')) return [{ metric, values: requests.map(([end]) => [end, '4000']) }];
      return [{ metric, values: query.includes(' or 0 *') ? errors : requests }];
    });
    sendJson(response, { status: 'success', data: { resultType: 'matrix', result } });
  });
}

test('pods() reads every pod on its own side, window by window', async () => {
  const asked: string[] = [];
  const source = prometheus({ url: await serve(asked), timeout: 5 });
  const answer = await source.pods?.(request);
  const windows = answer?.windows(subject) ?? [];
  const sample = (requests: number, errors: number) => ({
    ...{ requests, errors, latencySum: 4000 },
    latencyBuckets: [{ upTo: 100, requests: 50 }],
  });
  expect(windows).toEqual([
    [sample(100, 1), undefined],
    [sample(110, 0), undefined],
    [sample(120, 2), sample(80, 8)],
  ]);
  expect(asked).toHaveLength(4);
  const [first = ''] = asked.toSorted();
  expect(first).toContain('sum by (reporter, destination_service_namespace, destination_service_name, pod');
  expect(first).toContain('reporter=~"destination"');
  expect(first).toContain('pod!=""');
});

test('pods() asks once for all, and tells their pods apart', async () => {
  const asked: string[] = [];
  const other = subjectOf('reviews-v2');
  const source = prometheus({ url: await serve(asked), timeout: 5 });
  const answer = await source.pods?.({ ...request, subjects: [subject, other], bucketsOf: [] });
  expect(asked).toHaveLength(3);
  expect(answer?.windows(subject)).toHaveLength(3);
  expect(answer?.windows(other)).toEqual([[], [], []]);
});

test('pods() asks nothing where whoever counts does not stand beside the pods', async () => {
  const asked: string[] = [];
  const away: Subject = subjectOf('reviews-v1', { environment: 'emissary' });
  const answer = await prometheus({ url: await serve(asked), timeout: 5 }).pods?.({ ...request, subjects: [away] });
  expect(answer?.windows(away)).toEqual([]);
  expect(asked).toEqual([]);
});

test('byPod() knows the pods of sidecars, of queue-proxies and of applications that count themselves', () => {
  const told = Object.values(telemetries).filter((telemetry) => byPod(telemetry) !== undefined);
  expect(told.map(({ id }) => id)).toEqual(['istio', 'knative', 'kubernetes']);
});

test('together() gives all reads the time of one', async () => {
  const url = await startServer((_, response) => {
    const none = { status: 'success', data: { resultType: 'matrix', result: [] } };
    setTimeout(() => sendJson(response, none), 300);
  });
  const source = prometheus({ url, timeout: 0.8 }).together?.();
  const plain = { ...request, bucketsOf: [] };
  await source?.pods?.(plain);
  await expect(
    (async () => {
      await source?.pods?.(plain);
      await source?.read(plain);
    })(),
  ).rejects.toThrow('Cannot read the metrics source within 0.8 s');
});
