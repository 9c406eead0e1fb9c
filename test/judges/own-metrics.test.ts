import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JudgeId, judges } from '../../src/judges/registry.js';
import type { Counts, Objective, Sample } from '../../src/release/evaluation.js';
import type { JudgeInput, Verdict } from '../../src/release/judge.js';
import { poisson, type Random, seededRandom } from '../../src/sources/simulator-random.js';
import { input, none, sample } from './threshold-input.js';

/** One that is built in, one of one's own that counts the same, and how the counts of a window are written of it. */
const kinds = {
  ratio: {
    builtIn: 'error-rate',
    own: 'checkout-failures',
    limits: { upperLimit: 0.05 },
    counts: ({ requests, errors }: Sample): Record<string, Counts> => ({
      'checkout-failures': { count: requests, events: errors },
    }),
  },
  mean: {
    builtIn: 'latency-mean',
    own: 'basket',
    limits: { upperLimit: 60 },
    counts: ({ requests, latencySum }: Sample): Record<string, Counts> => ({
      basket: { count: requests, sum: latencySum },
    }),
  },
  histogram: {
    builtIn: 'latency-p90',
    own: 'wait-p90',
    limits: { upperLimit: 100 },
    counts: ({ requests, latencyBuckets = [] }: Sample): Record<string, Counts> => ({
      wait: { count: requests, buckets: latencyBuckets.map(({ upTo, requests: count }) => ({ upTo, count })) },
    }),
  },
};
type Kind = keyof typeof kinds;

/** A window in which requests fail and last as they should, or as no limit allows. */
function windowOf(random: Random, requests: number, bad: boolean): Sample {
  const errors = poisson(random, requests * (bad ? 0.15 : 0.01));
  const [slow, slower] = bad ? [0.5, 0.4] : [0.1, 0.03];
  const slowest = poisson(random, requests * slower);
  const latencyBuckets = [
    { upTo: 50, requests: Math.max(0, requests - slowest - poisson(random, requests * (slow - slower))) },
    { upTo: 100, requests: requests - slowest },
    { upTo: 250, requests },
  ];
  const latencySum = requests * ((bad ? 90 : 40) + poisson(random, 10));
  return { requests, errors, latencySum, latencyBuckets };
}

/** Half an hour of both versions; each window has its counts as those of its requests, or of a metric of one's own alone. */
function half(kind: Kind, bad: boolean, own: boolean): Sample[][] {
  const random = seededRandom(7);
  return Array.from({ length: 30 }, () =>
    [900, 300].map((requests, at) => {
      const whole = windowOf(random, requests, bad && at === 1);
      return own ? { ...sample(requests), custom: kinds[kind].counts(whole) } : whole;
    }),
  );
}

async function judged(id: JudgeId, given: JudgeInput): Promise<Verdict> {
  return (await judges[id].load())(given);
}

/** What a verdict says of a metric, whatever that is called. */
function told({ outcome, winner, standings }: Verdict) {
  const assessments = standings.flatMap((each) => each.assessments).map(({ metric: _, ...rest }) => rest);
  return { outcome, winner, assessments };
}

const taken = (Object.keys(judges) as JudgeId[]).flatMap((id) =>
  (Object.keys(kinds) as Kind[]).flatMap((kind) => {
    // Of percentiles bayesian knows no posterior, whosever they are; kayenta compares only.
    if (id === 'bayesian' && kind === 'histogram') return [];
    return [false, true].map((bad) => [id, kind, bad] as const);
  }),
);

describe('counts of a metric of one\u2019s own', () => {
  test.each(taken)('are judged by %s as what every window counts: %s, bad %s', async (id, kind, bad) => {
    const { builtIn, own, limits } = kinds[kind];
    const asked = id === 'kayenta' ? { maxRatio: 1.2 } : limits;
    const given = (isOwn: boolean, metric: string) =>
      judged(id, input(half(kind, bad, isOwn), { objectives: [{ metric, ...asked }] }));
    const verdict = await given(true, own);
    expect(told(verdict)).toEqual(told(await given(false, builtIn)));
    expect(verdict.outcome).toBe(bad ? 'fail' : 'pass');
    if (id !== 'kayenta') expect(verdict.sentence).toContain(own);
    expect(verdict.sentence).not.toContain(' ms');
  });

  test.each(['sequential', 'threshold', 'bayesian'] as const)('%s compares a ratio with the baseline', async (id) => {
    const objectives: Objective[] = [{ metric: 'checkout-failures', maxRatio: 1.5 }];
    for (const bad of [false, true]) {
      const { outcome } = await judged(id, input(half('ratio', bad, true), { objectives }));
      expect(outcome === 'fail').toBe(bad);
    }
  });

  test('a ratio is the share of all events, not the mean of the windows', async () => {
    const counted = (count: number, events: number) => ({ ...sample(100), custom: { failures: { count, events } } });
    const windows = [
      [counted(1000, 10), counted(1000, 0)],
      [counted(1000, 10), counted(10, 5)],
    ];
    const { standings } = await judged(
      'threshold',
      input(windows, { minRequests: 200, objectives: [{ metric: 'failures', upperLimit: 0.1 }] }),
    );
    expect(standings[0]?.assessments[0]).toMatchObject({ value: 5 / 1010, baseline: 0.01, classification: 'pass' });
  });

  test('a baseline without any event counts as one with a single event', async () => {
    const counted = (count: number, events: number) => ({ ...sample(100), custom: { failures: { count, events } } });
    const objectives = [{ metric: 'failures', maxRatio: 4 }];
    const { standings } = await judged('threshold', input([[counted(200, 0), counted(200, 3)]], { objectives }));
    expect(standings[0]?.assessments[0]).toMatchObject({ limit: 4 / 200, classification: 'pass' });
  });

  test('windows that do not tell of it are left out, and without any nobody passes', async () => {
    const objectives = [{ metric: 'failures', upperLimit: 0.1 }];
    const silent = [sample(1000), sample(1000)];
    for (const id of ['sequential', 'threshold', 'bayesian'] as const) {
      const { outcome } = await judged(id, input([silent, silent, [none, sample(5)]], { objectives }));
      expect([id, outcome]).toEqual([id, 'inconclusive']);
    }
  });

  test('what a judge cannot test it does not pass', async () => {
    const windows = half('histogram', false, true);
    const relative = await judged(
      'sequential',
      input(windows, { objectives: [{ metric: 'wait-p90', minRatio: 0.5 }] }),
    );
    expect(relative).toMatchObject({ outcome: 'inconclusive', sentence: expect.stringContaining('wait-p90') });
    const posterior = await judged(
      'bayesian',
      input(windows, { objectives: [{ metric: 'wait-p90', upperLimit: 100 }] }),
    );
    expect(posterior.outcome).toBe('inconclusive');
    expect(posterior.sentence).toContain('wait-p90 is a percentile, of which bayesian knows no posterior');
    const bare = await judged('threshold', input(windows, { objectives: [{ metric: 'wait', upperLimit: 100 }] }));
    expect(bare.outcome).toBe('inconclusive');
  });

  test('a limit of no events at all is broken by events, and never shown to hold', async () => {
    const none = { metric: 'checkout-failures', upperLimit: 0 };
    const clean = half('ratio', false, true).map((row) =>
      row.map((each) => ({ ...each, custom: { 'checkout-failures': { count: each.requests, events: 0 } } })),
    );
    expect((await judged('sequential', input(clean, { objectives: [none] }))).outcome).toBe('inconclusive');
    expect((await judged('sequential', input(half('ratio', true, true), { objectives: [none] }))).outcome).toBe('fail');
  });

  test.each<Counts>([
    { count: 0, events: 0 },
    { count: 10, events: 11 },
    { count: 10, sum: -1 },
    { count: 10, sum: Number.NaN },
    {
      count: 10,
      buckets: [
        { upTo: 2, count: 5 },
        { upTo: 1, count: 6 },
      ],
    },
    { count: 10, buckets: [{ upTo: 1, count: 11 }] },
  ])('what cannot be is a defect: %j', async (counts) => {
    const windows = [[sample(100), { ...sample(100), custom: { m: counts } }]];
    await expect(judged('threshold', input(windows))).rejects.toMatchObject({ code: 'internal/judge-input' });
  });

  /** Counts of any kind, of few or many; a window may also have a gauge of that name, or nothing. */
  const anyCounts = fc.integer({ min: 1, max: 5000 }).chain((count) =>
    fc.oneof(
      fc.record({ count: fc.constant(count), events: fc.integer({ min: 0, max: count }) }),
      fc.record({ count: fc.constant(count), sum: fc.double({ min: 0, max: 1e9, noNaN: true }) }),
      fc.integer({ min: 0, max: count }).map((below) => ({ count, buckets: [{ upTo: 5, count: below }] })),
    ),
  );
  const anyWindow = fc.record({
    counts: fc.option(anyCounts),
    gauge: fc.option(fc.double({ min: -9, max: 9, noNaN: true })),
  });

  test.each(Object.keys(judges) as JudgeId[])('%s has a verdict on whatever can be counted', async (id) => {
    const verdictOf = await judges[id].load();
    const limit = fc.constantFrom({ upperLimit: 2 }, { lowerLimit: 0.1 }, { maxRatio: 1.1 }, { minRatio: 0.9 }, {});
    const windows = fc.array(fc.tuple(anyWindow, anyWindow), { minLength: 1, maxLength: 12 });
    const metrics = fc.constantFrom('m', 'm-p90');
    fc.assert(
      fc.property(windows, limit, metrics, (drawn, limits, metric) => {
        const rows = drawn.map((row) =>
          row.map(({ counts, gauge }) => ({
            ...sample(1000),
            ...(gauge !== null && { gauges: { [metric]: gauge } }),
            ...(counts !== null && { custom: { m: counts } }),
          })),
        );
        const { outcome, standings } = verdictOf(input(rows, { objectives: [{ metric, ...limits }] }));
        expect(['pass', 'marginal', 'fail', 'inconclusive']).toContain(outcome);
        for (const { value, baseline } of standings.flatMap(({ assessments }) => assessments)) {
          expect([value, baseline].every((each) => each === undefined || Number.isFinite(each))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
