import { expect, test } from 'vitest';
import { SourceError } from '../../src/errors.js';
import { identityOf } from '../../src/evaluate/identity.js';
import { pass } from '../../src/evaluate/pass.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import type { SampleRequest, Source } from '../../src/release/evaluation.js';
import { openSource } from '../../src/sources/registry.js';
import { loadValues } from '../../src/values/load.js';
import { loadProject } from '../../src/values/project.js';
import { twoVersions } from '../release-of.js';
import { sendJson, startServer } from '../sources/answer-server.js';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const entered = 120;

/** Two versions under analysis by five metrics. */
function releaseOf(i: number, since = entered) {
  const text = `${twoVersions('istio', 'blue-green')}analysis:
  interval: 60s
  objectives:
  - {metric: error-rate}
  - {metric: latency-mean}
  - {metric: latency-p95}
  - {metric: latency-p99}
  - {metric: request-count, lowerLimit: 100000}
`;
  const name = `app-${i}`;
  const loaded = loadValues(text, { file: 'values.yaml', name, namespace: 'default' });
  const status: Status = {
    ...{
      ...initialStatus,
      phase: 'Progressing',
      iteration: 1,
      primary: 'v1',
      primaryIdentity: identityOf(loaded, 'v1'),
    },
    ...{ candidate: 'v2', identity: identityOf(loaded, 'v2'), share: 10, startedAt: iso(since), since: iso(since) },
  };
  return { id: name, loaded, status };
}

test.each([
  [31, 5],
  [180, 10],
])(
  'a pass over 1,000 releases of five metrics, %i minutes after their entry, asks %i times',
  async (minutes, times) => {
    const queries: string[] = [];
    const url = await startServer(({ form }, response) => {
      queries.push(form.get('query') ?? '');
      sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } });
    });
    const { metrics } = loadProject(`metrics: {source: prometheus, url: '${url}'}\n`, 'sluice.yaml');
    if (metrics === undefined) throw new Error('no metrics');
    const source = openSource(metrics, { root: '/' });
    const releases = Array.from({ length: 1000 }, (_, i) => releaseOf(i));
    const clock = { now: entered + 60 * minutes + 6, delay: 5 };
    const { decisions, failures } = await pass(releases, { source, clock, evidence: 'written' });
    expect([decisions.length, failures]).toEqual([1000, []]);
    expect(queries).toHaveLength(times);
  },
);

/** A source that knows nothing and keeps what it is asked. */
function listening(asked: SampleRequest[], most = Number.POSITIVE_INFINITY): Source {
  return {
    read: async (request) => {
      asked.push(request);
      if (request.subjects.length > most)
        throw new SourceError('Cannot take the answer: it is too large', {
          code: 'source/too-large',
          hint: 'Ask for less.',
        });
      return { sample: () => ({ missing: 'no requests' }), warnings: [], queries: [] };
    },
  };
}

const windowsOf = ({ interval, firstEnd, lastEnd }: SampleRequest) => (lastEnd - firstEnd) / interval + 1;

test('an analysis that has lasted for a day has no other one read a day', async () => {
  const day = 86_400;
  const releases = [releaseOf(0), ...[1, 2, 3].map((i) => releaseOf(i, entered + day - 1800))];
  const asked: SampleRequest[] = [];
  const clock = { now: entered + day + 6, delay: 5 };
  const { failures } = await pass(releases, { source: listening(asked), clock, evidence: 'written' });
  expect(failures).toEqual([]);
  expect(asked.map((request) => [request.subjects.length, windowsOf(request)])).toEqual([
    [2, 1440],
    [6, 30],
  ]);
});

test('an answer that is too large is asked for in halves, so that nobody goes unwatched', async () => {
  const releases = Array.from({ length: 5 }, (_, i) => releaseOf(i));
  const asked: SampleRequest[] = [];
  const clock = { now: entered + 1806, delay: 5 };
  const { decisions, failures } = await pass(releases, { source: listening(asked, 4), clock, evidence: 'written' });
  expect([decisions.length, failures]).toEqual([5, []]);
  expect(asked.map(({ subjects }) => subjects.length)).toEqual([10, 6, 4, 2, 4]);
});
