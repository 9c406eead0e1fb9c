import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/judges/sequential/verdict.js';
import type { Objective, Sample } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { seededRandom } from '../../src/sources/simulator-random.js';
import { gauge, input, sample } from './threshold-input.js';

type Windows = Parameters<typeof input>[0];

function judge(windows: Windows, objective: Objective, more: Partial<JudgeInput> = {}) {
  const verdict = verdictOf(input(windows, { objectives: [objective], ...more }));
  return { ...verdict, found: verdict.standings[0]?.assessments[0] };
}

function times(length: number, window: (t: number) => readonly Sample[]): Windows {
  return Array.from({ length }, (_, t) => window(t));
}

/** A thousand requests, so many of them up to each bound. */
function buckets(counts: readonly (readonly [number, number])[]): Sample {
  return { ...sample(1000), latencyBuckets: counts.map(([upTo, requests]) => ({ upTo, requests })) };
}

describe('sequential on percentiles', () => {
  const fast = buckets([
    [100, 900],
    [250, 970],
    [500, 990],
    [Number.POSITIVE_INFINITY, 1000],
  ]);
  const slow = buckets([
    [100, 700],
    [250, 900],
    [500, 930],
    [Number.POSITIVE_INFINITY, 1000],
  ]);

  test('verdictOf() passes a percentile below its limit and fails one above it', () => {
    const objective = { metric: 'latency-p95', upperLimit: 250 };
    const pass = judge(
      times(60, () => [fast, fast]),
      objective,
    );
    expect(pass.outcome).toBe('pass');
    expect(pass.found?.value).toBeCloseTo(100 + (150 * 50) / 70, 6);
    const fail = judge(
      times(10, () => [fast, slow]),
      objective,
    );
    expect(fail).toMatchObject({ outcome: 'fail', found: { classification: 'high', limit: 250, ratio: undefined } });
    expect(fail.sentence).toContain('latency-p95 500 ms against 207.1 ms (at most 250 ms)');
  });

  test('verdictOf() takes the bucket above a limit between buckets for harm, and the one below for proof', () => {
    // 97 % are within 250 ms and 99 % within 500 ms: p98 lies between.
    const given = times(120, () => [fast, fast]);
    const evidence = (upperLimit: number, metric = 'latency-p98') => judge(given, { metric, upperLimit }).found;
    const [at250, between, at500] = [250, 400, 500].map((limit) => evidence(limit));
    expect(between?.harm).toBe(at500?.harm);
    expect(between?.nonInferiority).toBe(at250?.nonInferiority);
    expect(at250?.classification).toBe('high');
    expect(between?.classification).toBe('nodata');
    expect(at500?.classification).toBe('pass');
  });

  test('verdictOf() names the limit that the buckets tell in place of one between them', () => {
    const between = { metric: 'latency-p95', upperLimit: 300 };
    const bad = times(60, () => [fast, slow]);
    const fail = judge(bad, between);
    expect(fail).toMatchObject({ outcome: 'fail', found: { limit: 300, resolved: { limit: 500, ratio: undefined } } });
    expect(fail.sentence).toContain('(at most 300 ms; the buckets tell 500 ms)');
    const good = times(60, () => [fast, fast]);
    const pass = judge(good, between);
    expect(pass).toMatchObject({ outcome: 'pass', found: { limit: 300, resolved: { limit: 250, ratio: undefined } } });
    expect(pass.sentence).toContain('(at most 300 ms; the buckets tell 250 ms)');
    expect(judge(good, { metric: 'latency-p50', upperLimit: 50 }).sentence).toContain(
      '(at most 50 ms; no bucket tells)',
    );
    expect(judge(good, { metric: 'latency-p95', upperLimit: 250 }).found?.resolved).toBeUndefined();
  });

  test('verdictOf() names the ratio that the buckets tell', () => {
    const slower = { metric: 'latency-p95', maxRatio: 1.2 };
    const fail = judge(
      times(60, () => [fast, slow]),
      slower,
    );
    expect(fail).toMatchObject({ outcome: 'fail', found: { limit: 300, resolved: { limit: 500, ratio: 2 } } });
    expect(fail.sentence).toContain("at most 300 ms; the buckets tell 500 ms, 2 times the baseline's bound)");
    const twice = judge(
      times(60, () => [fast, slow]),
      { metric: 'latency-p95', maxRatio: 2 },
    );
    expect(twice.found?.resolved).toBeUndefined();
  });

  test('verdictOf() knows nothing good beyond the buckets, and nothing bad', () => {
    const given = times(120, () => [fast, fast]);
    expect(judge(given, { metric: 'latency-p95', upperLimit: 50 }).found?.nonInferiority).toBeLessThan(0);
    const open = buckets([
      [100, 900],
      [250, 910],
    ]);
    const beyond = judge(
      times(120, () => [open, open]),
      { metric: 'latency-p95', upperLimit: 1000 },
    );
    expect(beyond.outcome).toBe('inconclusive');
    expect(beyond.found?.harm).toBeLessThan(Math.log(100));
  });

  test('verdictOf() compares with the bucket that the history names', () => {
    const history = { bounds: { 'latency-p95': 250 }, overdispersion: { 'latency-p95': 0.02 } };
    const objective = { metric: 'latency-p95', maxRatio: 2 };
    const fail = judge(
      times(10, () => [fast, slow]),
      objective,
      { history },
    );
    expect(fail).toMatchObject({ outcome: 'fail', found: { limit: 500 } });
    expect(
      judge(
        times(200, () => [fast, fast]),
        objective,
        { history },
      ).outcome,
    ).toBe('pass');
  });

  test('verdictOf() sees what becomes slower inside the bucket of the baseline', () => {
    const history = { bounds: { 'latency-p95': 250 }, overdispersion: { 'latency-p95': 0.02 } };
    const at = (upTo100: number) =>
      buckets([
        [100, upTo100],
        [250, 980],
        [500, 1000],
      ]);
    const windows = times(20, () => [at(900), at(800)] as const);
    const found = judge(windows, { metric: 'latency-p95' }, { history });
    expect(found.outcome).toBe('fail');
    // A ratio asks for another bound, and for nothing below it.
    const asked = judge(windows, { metric: 'latency-p95', maxRatio: 1.2 }, { history });
    expect(asked.outcome).toBe('inconclusive');
    const same = judge(
      times(20, () => [at(900), at(900)] as const),
      { metric: 'latency-p95' },
      { history },
    );
    expect(same.outcome).not.toBe('fail');
  });

  test('verdictOf() without a history compares with the first window, which then is no evidence', () => {
    const objective = { metric: 'latency-p95', maxRatio: 2 };
    const history = { bounds: { 'latency-p95': 250 } };
    const given = times(10, () => [fast, slow]);
    const found = judge(given, objective);
    expect(found).toMatchObject({ outcome: 'fail', found: { limit: 500 } });
    expect(found.found?.harm).toBe(judge(given.slice(1), objective, { history }).found?.harm);
    expect(judge(given.slice(0, 1), objective).found).toMatchObject({ classification: 'nodata', harm: 0 });
  });

  test('verdictOf() calls nobody slow because the bound of the history is no bucket', () => {
    // All that the candidate does takes a tenth longer, which is less than a fifth.
    const baseline = buckets([
      [100, 800],
      [119.5, 980],
      [125, 990],
      [500, 1000],
    ]);
    const candidate = buckets([
      [100, 600],
      [119.5, 800],
      [125, 880],
      [500, 1000],
    ]);
    const history = { bounds: { 'latency-p95': 101 } };
    const given = times(300, () => [baseline, candidate]);
    const { outcome, found } = judge(given, { metric: 'latency-p95', maxRatio: 1.2 }, { history });
    expect(outcome).toBe('inconclusive');
    expect(found?.harm).toBeLessThan(0);
    expect(found?.nonInferiority).toBeLessThan(0);
  });

  test('verdictOf() shows the percentile of the newest layout of buckets', () => {
    const other = buckets([
      [10, 100],
      [20, 1000],
    ]);
    const given = [...times(5, () => [other, other]), ...times(5, () => [fast, fast])];
    expect(judge(given, { metric: 'latency-p95', upperLimit: 250 }).found?.value).toBeCloseTo(207.142857, 5);
  });

  test('verdictOf() tells nothing of a percentile without buckets', () => {
    const { outcome, found } = judge(
      times(60, () => [sample(1000), sample(1000)]),
      { metric: 'latency-p95', maxRatio: 2 },
    );
    expect(outcome).toBe('inconclusive');
    expect(found?.classification).toBe('nodata');
  });
});

/** Latencies around `mean`, deterministic. */
function noisy(seed: number, windows: number, means: readonly number[]): Windows {
  const random = seededRandom(seed);
  return times(windows, () => means.map((mean) => sample(1000, 0, mean * (0.95 + 0.1 * random()))));
}

describe('sequential on means', () => {
  test('verdictOf() fails a slower candidate, and passes one that is not', () => {
    const objective = { metric: 'latency-mean', maxRatio: 1.2 };
    expect(judge(noisy(1, 30, [20, 30]), objective)).toMatchObject({
      outcome: 'fail',
      found: { classification: 'high' },
    });
    expect(judge(noisy(2, 30, [20, 20]), objective).outcome).toBe('pass');
    expect(judge(noisy(3, 4, [20, 23]), objective).outcome).toBe('inconclusive');
  });

  test('verdictOf() holds to a limit without a baseline', () => {
    const alone = { comparable: false };
    expect(judge(noisy(4, 30, [20, 30]), { metric: 'latency-mean', upperLimit: 25 }, alone).outcome).toBe('fail');
    expect(judge(noisy(5, 30, [90, 20]), { metric: 'latency-mean', upperLimit: 25 }, alone).outcome).toBe('pass');
  });

  test('verdictOf() calls what is below a lower limit low', () => {
    const objective = { metric: 'latency-mean', lowerLimit: 15 };
    expect(judge(noisy(6, 30, [20, 10]), objective)).toMatchObject({
      outcome: 'fail',
      found: { classification: 'low' },
    });
    expect(judge(noisy(7, 30, [20, 20]), objective).outcome).toBe('pass');
  });

  test('verdictOf() finds harm sooner with a history of how much means differ', () => {
    const objective = { metric: 'latency-mean', maxRatio: 1.2 };
    const given = noisy(10, 2, [20, 40]);
    const spread = { 'latency-mean': { squares: 60 * 400, intervals: 60 } };
    expect(judge(given, objective).outcome).toBe('inconclusive');
    expect(judge(given, objective, { history: { spread } }).outcome).toBe('fail');
    expect(judge(given, objective, { history: { spread: { queue: spread['latency-mean'] } } }).outcome).toBe(
      'inconclusive',
    );
  });

  test('verdictOf() takes margins in the unit of the metric', () => {
    const margins = { harm: { ratio: 1, difference: 5 }, nonInferiority: { ratio: 1, difference: 8 } };
    expect(judge(noisy(8, 30, [20, 24]), { metric: 'latency-mean', ...margins }).outcome).toBe('pass');
    expect(judge(noisy(9, 30, [20, 30]), { metric: 'latency-mean', ...margins }).outcome).toBe('fail');
  });
});

function queues(seed: number, [baseline, candidate]: readonly [number, number]): Windows {
  const random = seededRandom(seed);
  return times(60, () => [gauge(baseline + random()), gauge(candidate + random())]);
}

describe('sequential on gauges', () => {
  test('verdictOf() fails a gauge that is too high, or too low, and passes one that is neither', () => {
    const both = { metric: 'queue', maxRatio: 1.5, minRatio: 0.5 };
    expect(judge(queues(1, [5, 10]), both)).toMatchObject({ outcome: 'fail', found: { classification: 'high' } });
    expect(judge(queues(2, [5, 1]), both)).toMatchObject({ outcome: 'fail', found: { classification: 'low' } });
    expect(judge(queues(3, [5, 5]), both).outcome).toBe('pass');
  });

  test('verdictOf() passes by a lower limit only what is above it', () => {
    expect(judge(queues(4, [5, 5]), { metric: 'queue', lowerLimit: 4 }).outcome).toBe('pass');
    expect(judge(queues(5, [5, 3]), { metric: 'queue', lowerLimit: 4.5 }).outcome).toBe('fail');
  });

  test('verdictOf() takes a share more of a gauge below 0 as a share nearer to 0', () => {
    expect(judge(queues(6, [-9, -9]), { metric: 'queue', maxRatio: 1.2 }).outcome).toBe('pass');
    const worse = judge(queues(7, [-9, -5]), { metric: 'queue', maxRatio: 1.2 });
    expect(worse.outcome).toBe('fail');
    expect(worse.found?.limit).toBeCloseTo(0.8 * (worse.found?.baseline ?? 0), 10);
  });

  test('verdictOf() needs more where the past says that neighbours are alike', () => {
    const given = queues(8, [5, 5.2]);
    const objective = { metric: 'queue', maxRatio: 1.2 };
    const plain = judge(given, objective).found?.nonInferiority ?? 0;
    const history = { autocorrelation: { queue: 0.8 } };
    expect(judge(given, objective, { history }).found?.nonInferiority).toBeLessThan(plain / 2);
  });
});

test('verdictOf() decides the same in milliseconds and in a thousandth of them', () => {
  const scaled = (entry: Sample, factor: number): Sample => ({
    ...entry,
    latencySum: entry.latencySum * factor,
    latencyBuckets: [30, 60, 90].map((upTo, i) => ({ upTo: upTo * factor, requests: 900 + 40 * i })),
  });
  for (const seed of [1, 2, 3, 4]) {
    for (const mean of [20, 22, 24, 30]) {
      const given = noisy(seed, 40, [20, mean]);
      const [ms, s] = [1, 0.001].map((factor) => {
        const objectives = [
          { metric: 'latency-mean', maxRatio: 1.2, upperLimit: 25 * factor },
          { metric: 'latency-mean', harm: { ratio: 1.1, difference: 2 * factor } },
          { metric: 'latency-p95', maxRatio: 1.5, upperLimit: 60 * factor },
        ];
        const rows = given.map((entries) => entries.map((entry) => scaled(entry as Sample, factor)));
        return verdictOf(input(rows, { objectives })).standings[0];
      });
      expect(s?.outcome).toBe(ms?.outcome);
      s?.assessments.forEach(({ classification, harm, nonInferiority }, i) => {
        expect(classification).toBe(ms?.assessments[i]?.classification);
        expect(harm).toBeCloseTo(ms?.assessments[i]?.harm as number, 6);
        expect(nonInferiority).toBeCloseTo(ms?.assessments[i]?.nonInferiority as number, 6);
      });
    }
  }
});
