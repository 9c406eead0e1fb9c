import { describe, expect, test } from 'vitest';
import { SourceError } from '../../src/errors.js';
import { type Beginning, HISTORY_WINDOWS, readHistories } from '../../src/evaluate/history.js';
import { pass } from '../../src/evaluate/pass.js';
import { formatStatus, initialStatus, parseStatus } from '../../src/evaluate/status.js';
import type { PodWindow, Sample, SampleRequest, Source, Subject } from '../../src/release/evaluation.js';
import { seededRandom } from '../../src/stats/random-draws.js';
import { loadedOf, twoVersions } from '../release-of.js';
import { subjectOf } from '../sources/subject-of.js';

const baseline = subjectOf('v1');
const windows = { interval: 60, firstEnd: 60, lastEnd: 60 * HISTORY_WINDOWS };
const objectives = [{ metric: 'error-rate' }, { metric: 'latency-p95' }, { metric: 'latency-mean' }, { metric: 'cpu' }];

function beginning(more: Partial<Beginning> = {}): Beginning {
  return { release: 'shop', baseline, analysis: { objectives, rewards: [] }, pods: 2, windows, ...more };
}

/** 5 % of the requests take more than 250 ms. */
function sampleOf(requests: number, errors: number, more: Partial<Sample> = {}): Sample {
  const latencyBuckets = [
    { upTo: 100, requests: 0.8 * requests },
    { upTo: 250, requests: 0.95 * requests },
    { upTo: Number.POSITIVE_INFINITY, requests },
  ];
  return { requests, errors, latencySum: 40 * requests, latencyBuckets, ...more };
}

/** Four pods, of which the first fails far more often in every other quarter of an hour. */
function podsOf(lasting: boolean): PodWindow[] {
  const random = seededRandom(5);
  return Array.from({ length: HISTORY_WINDOWS }, (_, t) =>
    Array.from({ length: 4 }, (__, i) => {
      const isBad = lasting && i === 0 && t % 30 < 15;
      return sampleOf(1000, Math.round((isBad ? 30 : 10) + 3 * (random() - 0.5)));
    }),
  );
}

interface Asked {
  readonly read: SampleRequest[];
  readonly pods: SampleRequest[];
}

function sourceOf(pods: readonly PodWindow[], asked: Asked = { read: [], pods: [] }): Source {
  return {
    async read(request) {
      asked.read.push(request);
      const cpu = (end: number) => ({ gauges: { cpu: Math.sin(end / 3600) } });
      const sample = ({ version }: Subject, end: number) =>
        version === 'v2' ? sampleOf(210, 2, cpu(end)) : sampleOf(4000, 40, cpu(end));
      return { sample, warnings: ['whole'], queries: [] };
    },
    async pods(request) {
      asked.pods.push(request);
      return { windows: () => pods, warnings: ['by pod'] };
    },
  };
}

describe('readHistories()', () => {
  test('finds the bucket of a percentile, how much pods differ and how gauges follow each other', async () => {
    const { found, warnings } = await readHistories(sourceOf(podsOf(true)), [beginning()]);
    const history = found.get('shop');
    expect(history).toMatchObject({ windows: HISTORY_WINDOWS, pods: 4, bounds: { 'latency-p95': 250 } });
    expect(history?.overdispersion?.['error-rate']).toBeGreaterThan(1);
    expect(history?.autocorrelation?.['error-rate']).toBeGreaterThan(0.5);
    expect(history?.autocorrelation?.cpu).toBeGreaterThan(0.9);
    expect(history?.spread?.['latency-mean']).toMatchObject({ intervals: HISTORY_WINDOWS });
    expect(warnings).toEqual(['whole', 'by pod']);
  });

  test('finds pods alike that are', async () => {
    const { found } = await readHistories(sourceOf(podsOf(false)), [beginning()]);
    expect(found.get('shop')?.overdispersion?.['error-rate']).toBeLessThan(0.02);
  });

  test('asks once for several releases, and for whole versions only where it takes them', async () => {
    const asked: Asked = { read: [], pods: [] };
    const plain = { analysis: { objectives: [{ metric: 'error-rate' }], rewards: [] } };
    const some = Array.from({ length: 10 }, (_, i) => beginning({ ...plain, declared: 4, release: `r${i}` }));
    const { found } = await readHistories(sourceOf(podsOf(false), asked), some);
    expect([asked.read.length, asked.pods.length, found.size]).toEqual([0, 1, 10]);
  });

  test('is nothing of one pod, or of none, without a percentile', async () => {
    const plain = beginning({ analysis: { objectives: [{ metric: 'error-rate' }], rewards: [] } });
    expect((await readHistories(sourceOf([]), [plain])).found.size).toBe(0);
    const one = podsOf(true).map((window) => window.slice(0, 1));
    expect((await readHistories(sourceOf(one), [plain])).found.get('shop')).toEqual({ windows: 240, pods: 1 });
  });

  test('lets no release wait for what cannot be read', async () => {
    const down: Source = {
      ...sourceOf([]),
      pods: async () => {
        throw new SourceError('nobody answers', { code: 'source/unreachable', hint: 'It was so.' });
      },
    };
    const { found, warnings } = await readHistories(down, [beginning()]);
    expect(found.size).toBe(0);
    expect(warnings).toEqual(['how much pods differ is assumed for shop, since it cannot be read: nobody answers']);
  });
});

describe('readHistories() of many releases', () => {
  const plain = { analysis: { objectives: [{ metric: 'error-rate' }], rewards: [] } };
  const many = (count: number, more: Partial<Beginning> = {}) =>
    Array.from({ length: count }, (_, i) =>
      beginning({ ...plain, ...more, release: `r${i}`, baseline: { ...baseline, service: `r${i}` } }),
    );
  const failing = (code: string, isBad: (request: SampleRequest) => boolean) => {
    const asked: SampleRequest[] = [];
    const source: Source = {
      ...sourceOf([]),
      async pods(request) {
        asked.push(request);
        if (isBad(request)) throw new SourceError('it is bad', { code, hint: 'It was so.' });
        const windows = (request.lastEnd - request.firstEnd) / request.interval + 1;
        return { windows: () => podsOf(true).slice(-windows), warnings: [] };
      },
    };
    return { asked, source };
  };
  const has = (name: string) => (request: SampleRequest) => request.subjects.some(({ service }) => service === name);

  test('asks nobody any more once the source has failed, and names ten', async () => {
    const { asked, source } = failing('source/timeout', () => true);
    const { found, warnings } = await readHistories(source, many(1000, { declared: 4 }));
    expect([asked.length, found.size]).toEqual([1, 0]);
    expect(warnings).toEqual([
      'how much pods differ is assumed for r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 990 more, since it cannot be read: it is bad',
    ]);
  });

  test('costs only the release whose answer is of no use its history', async () => {
    const { source } = failing('source/query-failed', has('r3'));
    const { found, warnings } = await readHistories(source, many(10, { declared: 4 }));
    expect([...found.keys()].toSorted()).toEqual(['r0', 'r1', 'r2', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9']);
    expect(warnings).toEqual(['how much pods differ is assumed for r3, since it cannot be read: it is bad']);
  });

  test('looks at fewer windows of a release whose answer is too large', async () => {
    const isLarge = ({ firstEnd, lastEnd }: SampleRequest) => lastEnd - firstEnd > 130 * 60;
    const { asked, source } = failing('source/too-large', isLarge);
    const { found, warnings } = await readHistories(source, many(1));
    expect(asked.map(({ firstEnd, lastEnd }) => [firstEnd / 60, lastEnd / 60])).toEqual([
      [1, HISTORY_WINDOWS],
      [HISTORY_WINDOWS / 2 + 1, HISTORY_WINDOWS],
    ]);
    expect(found.get('r0')?.windows).toBe(HISTORY_WINDOWS / 2);
    expect(warnings).toEqual([]);
  });

  test('asks about a hundred pods at once, by the values or by what was seen', async () => {
    const sizes = async (more: Partial<Beginning>) => {
      const { asked, source } = failing('', () => false);
      await readHistories(source, many(12, more));
      return asked.map(({ subjects }) => subjects.length);
    };
    expect(await sizes({ declared: 40 })).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await sizes({})).toEqual([2, 10]);
  });

  test('lets what nobody expected cost nobody else anything', async () => {
    const source: Source = {
      ...sourceOf([]),
      async pods(request) {
        if (has('r1')(request)) throw new TypeError('wanted is not iterable');
        return { windows: () => podsOf(true), warnings: [] };
      },
    };
    const { found } = await readHistories(source, many(3, { declared: 4 }));
    expect([...found.keys()].toSorted()).toEqual(['r0', 'r2']);
  });
});

describe('pass()', () => {
  const valuesOf = (judge: string, share: number) =>
    loadedOf(`${twoVersions('istio', 'blue-green')
      .replace('weight: 10', `weight: ${share}`)
      .replace('weight: 90', `weight: ${100 - share}`)}
analysis:
  interval: 60s
  judge: ${judge}
  objectives: [{metric: error-rate, upperLimit: 0.01}]
rollout: {entryShare: 5}
`);
  const clock = { now: 60 * 1000 + 6, delay: 5 };
  const releaseOf = (judge: string) => ({
    ...{ id: 'shop', loaded: valuesOf(judge, 0), status: initialStatus },
  });

  test('keeps what was before in the status of the decision that lets a candidate in', async () => {
    const asked: Asked = { read: [], pods: [] };
    const source = sourceOf(podsOf(true), asked);
    const { decisions } = await pass([releaseOf('sequential')], { source, clock });
    const status = decisions[0]?.change?.status;
    expect(status).toMatchObject({ phase: 'Progressing', history: { windows: HISTORY_WINDOWS, pods: 4 } });
    expect(asked.pods[0]).toMatchObject({ firstEnd: 60 * (1000 - HISTORY_WINDOWS + 1), lastEnd: 60 * 1000 });
    const written = status && parseStatus(formatStatus(status), 'status.yaml');
    expect(written?.history).toEqual(status?.history);

    const later = { now: clock.now + 180, delay: 5 };
    const loaded = valuesOf('sequential', 5);
    const entered = status && { ...releaseOf('sequential'), loaded, status };
    const next = await pass(entered ? [entered] : [], { source, clock: later });
    expect(asked.pods).toHaveLength(1);
    expect(next.decisions[0]?.evidence?.verdict.sentence).toContain('pods');
  });

  test('looks at the pods of both versions after a quarter of an hour, where nothing was known before', async () => {
    const asked: Asked = { read: [], pods: [] };
    const source = sourceOf(podsOf(true), asked);
    const first = await pass([releaseOf('sequential')], { source: { read: source.read }, clock });
    const status = first.decisions[0]?.change?.status ?? initialStatus;
    expect(status.history).toBeUndefined();
    const later = async (minutes: number, share: number) => {
      const release = { id: 'shop', loaded: valuesOf('sequential', 5), status: { ...status, share, traffic: 4000 } };
      const { decisions } = await pass([release], { source, clock: { now: clock.now + 60 * minutes, delay: 5 } });
      return decisions[0];
    };
    expect((await later(10, 5))?.kind).toBe('advance');
    expect(asked.pods).toEqual([]);
    const decision = await later(20, 5);
    expect(decision?.kind).toBe('advance');
    expect(asked.pods[0]?.subjects.map(({ version }) => version)).toEqual(['v1', 'v2']);
    expect(decision?.change?.status.history?.overdispersion?.['error-rate']).toBeGreaterThan(0.1);
  });

  test('looks at the pods of a hundred releases in a pass, and at those of others in later ones', async () => {
    const source = sourceOf(podsOf(true));
    const first = await pass([releaseOf('sequential')], { source: { read: source.read }, clock });
    const status = { ...(first.decisions[0]?.change?.status ?? initialStatus), share: 5, traffic: 4000 };
    const loaded = valuesOf('sequential', 5);
    const releases = Array.from({ length: 150 }, (_, i) => ({ id: `r${i}`, loaded, status }));
    const lookedAt = async (minutes: number) => {
      const { decisions } = await pass(releases, { source, clock: { now: clock.now + 60 * minutes, delay: 5 } });
      expect(decisions.every(({ kind }) => kind === 'advance')).toBe(true);
      return decisions.filter(({ change }) => change?.status.history !== undefined).map(({ release }) => release);
    };
    const [now, then] = [await lookedAt(20), await lookedAt(21)];
    expect([now.length, then.length]).toEqual([100, 100]);
    expect(new Set([...now, ...then]).size).toBe(150);
  });

  test('reads nothing for a judge that does not look at it', async () => {
    const asked: Asked = { read: [], pods: [] };
    const { decisions } = await pass([releaseOf('threshold')], { source: sourceOf(podsOf(true), asked), clock });
    expect(decisions[0]?.change?.status.history).toBeUndefined();
    expect(asked.pods).toEqual([]);
  });

  test('decides on the others where nobody expected what happens with one', async () => {
    const first = await pass([releaseOf('threshold')], { source: sourceOf([]), clock });
    const status = first.decisions[0]?.change?.status ?? initialStatus;
    const loaded = valuesOf('threshold', 5);
    const other = loadedOf(
      `${twoVersions('istio', 'blue-green')
        .replaceAll('v1', 'one')
        .replace('weight: 10', 'weight: 0')
        .replace(
          'weight: 90',
          'weight: 100',
        )}analysis: {interval: 60s, judge: threshold, objectives: [{metric: error-rate, upperLimit: 0.01}]}\n`,
    );
    const read = sourceOf([]).read;
    const source: Source = {
      async read(request) {
        if (request.subjects.some(({ version }) => version === 'one')) throw new TypeError('oh');
        return read(request);
      },
    };
    const releases = ['a', 'b', 'c'].map((id) => ({ id, loaded, status }));
    const all = [...releases, { id: 'bad', loaded: other, status: initialStatus }];
    const later = { now: clock.now + 180, delay: 5 };
    const { decisions, failures } = await pass(all, { source, clock: later });
    expect(decisions.map(({ release, evidence }) => [release, evidence?.verdict.outcome])).toEqual(
      releases.map(({ id }) => [id, 'pass']),
    );
    expect(failures.map(({ release, error }) => [release, error.message])).toEqual([
      ['bad', 'Cannot evaluate bad as planned: oh'],
    ]);
  });

  test('keeps its decisions where nobody expected what happens with histories', async () => {
    const histories = async () => {
      throw new TypeError('oh');
    };
    const options = { source: sourceOf([]), clock, histories };
    const { decisions, warnings } = await pass([releaseOf('sequential')], options);
    expect(decisions[0]?.kind).toBe('advance');
    expect(warnings.at(-1)).toContain('oh');
  });

  test('judges by what is remembered, and as before without', async () => {
    const loaded = valuesOf('sequential', 5);
    const source = sourceOf(podsOf(true));
    const first = await pass([releaseOf('sequential')], { source, clock });
    const status = first.decisions[0]?.change?.status ?? initialStatus;
    const sentences = [status.history, undefined].map(async (history) => {
      const release = { id: 'shop', loaded, status: { ...status, history } };
      const { decisions } = await pass([release], { source, clock: { now: clock.now + 180, delay: 5 } });
      return decisions[0]?.evidence?.verdict.sentence;
    });
    const [measured, assumed] = await Promise.all(sentences);
    expect(measured).toContain('pods differ as measured');
    expect(assumed).toContain('pods are assumed to differ little');
  });
});
