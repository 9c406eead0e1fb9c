import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judges } from '../../src/judges/registry.js';
import type { Missing, Objective, Sample } from '../../src/release/evaluation.js';
import type { Judge, JudgeInput } from '../../src/release/judge.js';
import { input as inputOf, none, sample } from './threshold-input.js';

/** Objectives of every kind; a judge gets those that it does not refuse. */
const everything: readonly Objective[] = [
  { metric: 'error-rate' },
  { metric: 'error-rate', maxRatio: 1.2 },
  { metric: 'error-rate', upperLimit: 0.05 },
  { metric: 'latency-mean', maxRatio: 1.2 },
  { metric: 'latency-mean', upperLimit: 200 },
  { metric: 'latency-p95', maxRatio: 1.2 },
  { metric: 'latency-p95', upperLimit: 250 },
  { metric: 'cpu', maxRatio: 1.5, minRatio: 0.5 },
  { metric: 'cpu', upperLimit: 2 },
  { metric: 'request-count', lowerLimit: 10 },
];

function takenBy(judge: Judge, objectives = everything, comparable = true): readonly Objective[] {
  return objectives.filter((objective) => judge.refuses(objective, { comparable }) === undefined);
}

type Windows = Parameters<typeof inputOf>[0];

function inputFor(judge: Judge, windows: Windows, more: Partial<JudgeInput> = {}): JudgeInput {
  return inputOf(windows, { objectives: takenBy(judge, everything, more.comparable), ...more });
}

function whole(requests = 1000): Sample {
  const latencyBuckets = [100, 250, 500].map((upTo, i) => ({ upTo, requests: (requests * (8 + i)) / 10 }));
  return { ...sample(requests, requests / 100), latencyBuckets, gauges: { cpu: 1 } };
}

const sound = Array.from({ length: 40 }, () => [whole(), whole()]);

const amount = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 1e9 }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const anySample: fc.Arbitrary<Sample> = fc
  .record({
    requests: amount,
    bad: share,
    latency: fc.oneof(fc.constantFrom(0, 20), fc.double({ min: 0.001, max: 1e5, noNaN: true })),
    fast: fc.option(fc.tuple(share, share)),
    cpu: fc.option(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: -1e6, max: 1e6, noNaN: true }))),
  })
  .map(({ requests, bad, latency, fast, cpu }) => ({
    ...{ requests, errors: Math.floor(requests * bad * bad * bad), latencySum: requests * latency },
    ...(fast && {
      latencyBuckets: fast
        .toSorted((a, b) => a - b)
        .map((part, i) => ({ upTo: [100, 250][i] as number, requests: Math.floor(requests * part) })),
    }),
    ...(cpu !== null && { gauges: { cpu } }),
  }));
const missing: fc.Arbitrary<Missing> = fc.constantFrom(none, { missing: 'no answer' });
const entry = fc.oneof({ weight: 8, arbitrary: anySample }, { weight: 1, arbitrary: missing });
const ledger = fc
  .integer({ min: 2, max: 4 })
  .chain((versions) => fc.array(fc.array(entry, { minLength: versions, maxLength: versions }), { maxLength: 65 }));
const surroundings: fc.Arbitrary<Partial<JudgeInput>> = fc.record({
  comparable: fc.boolean(),
  minRequests: fc.constantFrom(1, 100, 10_000),
  history: fc.constantFrom(undefined, {
    overdispersion: { 'error-rate': 0.02 },
    bounds: { 'latency-p95': 100 },
    autocorrelation: { cpu: 0.5 },
  }),
  declared: fc.constantFrom(undefined, { since: 0, shares: { v1: 60, v2: 20, v3: 10, v4: 10 } }),
  rewards: fc.constantFrom([], [{ metric: 'latency-mean', preferredDirection: 'low' as const }]),
});

const registered = await Promise.all(
  Object.entries<Judge>(judges).map(async ([id, judge]) => [id, judge, await judge.load()] as const),
);

describe.each(registered)('%s', (id, judge, verdictOf) => {
  test('is registered by its id, and takes some objective', () => {
    expect(judge.id).toBe(id);
    expect(takenBy(judge).length).toBeGreaterThan(0);
  });

  test('says of what it refuses why, and what to do', () => {
    for (const objective of everything) {
      for (const comparable of [true, false]) {
        const refusal = judge.refuses(objective, { comparable });
        if (refusal === undefined) continue;
        expect(refusal.message).toMatch(/^[a-z].*[^.]$/);
        expect(refusal.hint).toMatch(/^[A-Z].*\.$/);
      }
    }
  });

  test('judges sound data whatever they are, the same every time, and passes nothing that is not there', () => {
    fc.assert(
      fc.property(ledger, surroundings, (windows, more) => {
        const input = inputFor(judge, windows, more);
        fc.pre(input.objectives.length > 0);
        const verdict = verdictOf(input);
        expect(verdictOf(input)).toEqual(verdict);
        expect(verdict.sentence).not.toMatch(/undefined|NaN|\bnull\b|\[object/);
        expect(verdict.sentence).not.toBe('');
        expect(verdict.standings.map(({ version }) => version)).toEqual(input.candidates);
        if (verdict.outcome === 'pass') expect(input.candidates).toContain(verdict.winner);
        for (const { version, outcome, assessments } of verdict.standings) {
          const newest = input.ledger.rows.at(-1)?.versions[version];
          if (outcome === 'pass') {
            expect(newest).toHaveProperty('requests');
            expect(assessments.map(({ classification }) => classification)).not.toContain('nodata');
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('decides the same in brief', () => {
    const decided = (input: JudgeInput) => {
      const { outcome, winner, ranks, standings } = verdictOf(input);
      const parts = standings.map(({ version, outcome, exposure, assessments }) => {
        const found = assessments.map(({ metric, classification, value, baseline, limit }) => {
          return { metric, classification, value, baseline, limit };
        });
        return { version, outcome, exposure, found };
      });
      return { outcome, winner, ranks, parts };
    };
    fc.assert(
      fc.property(ledger, surroundings, (windows, more) => {
        const input = inputFor(judge, windows, more);
        fc.pre(input.objectives.length > 0);
        expect(decided({ ...input, brief: true })).toEqual(decided(input));
      }),
      { numRuns: 20 },
    );
  });

  test('passes nothing on no data', () => {
    const nobody = Array.from({ length: 40 }, () => [none, none]);
    const noCandidate = Array.from({ length: 40 }, () => [whole(), none]);
    const nowhere = Array.from({ length: 40 }, () => [whole()]);
    for (const windows of [[], nobody, noCandidate, nowhere]) {
      const verdict = verdictOf(inputFor(judge, windows, { candidates: ['v2'] }));
      expect(verdict.outcome).toBe('inconclusive');
      expect(verdict.winner).toBeUndefined();
    }
  });

  test('passes nothing by a gauge that nobody measured', () => {
    const objectives = takenBy(judge, [
      { metric: 'nobody', maxRatio: 2 },
      { metric: 'nobody', upperLimit: 2 },
    ]);
    for (const objective of objectives) {
      const verdict = verdictOf(inputOf(sound, { objectives: [objective] }));
      expect(verdict.outcome).toBe('inconclusive');
      expect(verdict.standings[0]?.assessments.map(({ classification }) => classification)).toEqual(['nodata']);
    }
  });

  test('judges one window', () => {
    expect(verdictOf(inputFor(judge, [[whole(), whole()]])).sentence).not.toBe('');
  });

  test('fails no candidate that is exactly like its baseline', () => {
    const relative = takenBy(judge, [
      { metric: 'error-rate' },
      { metric: 'error-rate', maxRatio: 1 },
      { metric: 'latency-mean', maxRatio: 1.05 },
      { metric: 'latency-p95', maxRatio: 1 },
      { metric: 'cpu', maxRatio: 1, minRatio: 1 },
    ]);
    const same = fc.array(entry, { maxLength: 65 }).map((all) => all.map((each) => [each, each]));
    fc.assert(
      fc.property(same, (windows) => {
        for (const objectives of [relative, ...relative.map((objective) => [objective])]) {
          expect(verdictOf(inputOf(windows, { objectives })).outcome).not.toBe('fail');
        }
      }),
      { numRuns: 60 },
    );
  });

  test('decides the same in milliseconds and in seconds', () => {
    const inUnit = (factor: number) => {
      const objectives = takenBy(judge, [
        { metric: 'latency-mean', maxRatio: 1.2 },
        { metric: 'latency-mean', upperLimit: 200 * factor },
        { metric: 'latency-p95', maxRatio: 1.2 },
        { metric: 'latency-p95', upperLimit: 250 * factor },
      ]);
      return (windows: readonly (readonly Sample[])[]) => {
        const scaled = windows.map((entries) => entries.map((each) => inSeconds(each, factor)));
        return verdictOf(inputOf(scaled, { objectives })).standings.map(({ outcome, assessments }) => {
          return [outcome, ...assessments.map(({ classification }) => classification)];
        });
      };
    };
    const measured = fc.array(fc.array(anySample, { minLength: 2, maxLength: 2 }), { maxLength: 65 });
    fc.assert(
      fc.property(measured, (windows) => {
        expect(inUnit(1 / 1024)(windows)).toEqual(inUnit(1)(windows));
      }),
      { numRuns: 60 },
    );
  });

  test('looks at no key and no version that it does not know', () => {
    const foreign = { colour: 'blue', errorRate: Number.NaN, missing: 'nothing' };
    const known = inputFor(judge, sound);
    const strange = {
      ...known,
      ledger: {
        ...known.ledger,
        rows: known.ledger.rows.map(({ end, versions }) => ({
          end,
          versions: {
            ...Object.fromEntries(Object.entries(versions).map(([name, each]) => [name, { ...each, ...foreign }])),
            v9: sample(-5, Number.NaN),
          },
        })),
      },
    };
    expect(verdictOf(strange)).toEqual(verdictOf(known));
  });

  const broken: readonly (readonly [string, Sample, string])[] = [
    ['no requests', { ...whole(), requests: 0 }, 'requests above 0 and up to 9007199254740991: 0'],
    ['negative requests', { ...whole(), requests: -1 }, 'requests above 0 and up to 9007199254740991: -1'],
    ['NaN requests', { ...whole(), requests: Number.NaN }, 'requests above 0 and up to 9007199254740991: NaN'],
    ['infinite requests', { ...whole(), requests: Number.POSITIVE_INFINITY }, '9007199254740991: Infinity'],
    ['negative errors', { ...whole(), errors: -1 }, 'errors from 0 to its 1000 requests: -1'],
    ['NaN errors', { ...whole(), errors: Number.NaN }, 'errors from 0 to its 1000 requests: NaN'],
    ['more errors than requests', { ...whole(), errors: 1001 }, 'errors from 0 to its 1000 requests: 1001'],
    ['negative latencies', { ...whole(), latencySum: -1 }, 'a latencySum from 0 to 1e+100: -1'],
    ['NaN latencies', { ...whole(), latencySum: Number.NaN }, 'a latencySum from 0 to 1e+100: NaN'],
    ['infinite latencies', { ...whole(), latencySum: Number.POSITIVE_INFINITY }, '1e+100: Infinity'],
    ['a NaN gauge', { ...whole(), gauges: { cpu: Number.NaN } }, 'a number for cpu, from -1e+100 to 1e+100: NaN'],
    ['an infinite gauge', { ...whole(), gauges: { cpu: Number.NEGATIVE_INFINITY } }, 'to 1e+100: -Infinity'],
    ['falling buckets', withBuckets([100, 9], [200, 8]), 'up to its 1000 requests: 9 up to 100, 8 up to 200'],
    ['buckets above the requests', withBuckets([100, 1001]), 'up to its 1000 requests: 1001 up to 100'],
    ['bounds that fall', withBuckets([200, 8], [100, 9]), 'up to its 1000 requests: 8 up to 200, 9 up to 100'],
    ['a NaN bound', withBuckets([Number.NaN, 8]), 'up to its 1000 requests: 8 up to NaN'],
    ['a NaN bucket', withBuckets([100, Number.NaN]), 'up to its 1000 requests: NaN up to 100'],
  ];
  const places = [
    ['v1', 0],
    ['v2', 1],
  ] as const;
  test.each(broken)('takes no sample with %s, and says whose and when', (_, wrong, words) => {
    for (const [name, place] of places) {
      const windows = sound.map((entries, t) => entries.map((each, i) => (t === 7 && i === place ? wrong : each)));
      const where = `Cannot judge ${name} in the window until 1970-01-01T00:08:00Z as `;
      expect(messageOf(() => verdictOf(inputFor(judge, windows)))).toContain(where);
      expect(messageOf(() => verdictOf(inputFor(judge, windows)))).toContain(words);
    }
  });

  const impossible: readonly (readonly [string, Partial<JudgeInput>, string])[] = [
    ['no candidate', { candidates: [] }, 'nobody beside v1 as at least one candidate: none'],
    ['a candidate twice', { candidates: ['v2', 'v2'] }, 'v2, v2 beside v1 as different versions: v2'],
    ['the baseline as a candidate', { candidates: ['v2', 'v1'] }, 'v2, v1 beside v1 as different versions: v1'],
    ['nothing to judge by', { objectives: [] }, 'v2 beside v1 as something to judge by: no objective'],
    ['NaN as the least requests', { minRequests: Number.NaN }, 'v2 beside v1 as minRequests from 0: NaN'],
    ['a window without a length', { ledger: { interval: 0, rows: [] } }, 'as windows of some length: 0'],
    ['a window without an end', { ledger: { interval: 60, rows: [{ end: Number.NaN, versions: {} }] } }, 'time: NaN'],
    [
      'a negative overdispersion',
      { history: { overdispersion: { 'error-rate': -1 } } },
      'an overdispersion of error-rate from 0 in its history: -1',
    ],
    [
      'an autocorrelation of 1',
      { history: { autocorrelation: { cpu: 1 } } },
      'of cpu from 0 and below 1 in its history: 1',
    ],
    ['a bound of 0', { history: { bounds: { 'latency-p95': 0 } } }, 'a bound of latency-p95 above 0 in its history: 0'],
  ];
  test.each(impossible)('takes no input with %s', (_, more, words) => {
    expect(messageOf(() => verdictOf(inputFor(judge, sound, more)))).toContain(words);
  });
});

function withBuckets(...counts: readonly (readonly [number, number])[]): Sample {
  return { ...whole(), latencyBuckets: counts.map(([upTo, requests]) => ({ upTo, requests })) };
}

/** The factor is a power of 2, so that no last bit decides. */
function inSeconds(given: Sample, factor: number): Sample {
  const latencyBuckets = given.latencyBuckets?.map(({ upTo, requests }) => ({ upTo: upTo * factor, requests }));
  return { ...given, latencySum: given.latencySum * factor, ...(latencyBuckets && { latencyBuckets }) };
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'internal/judge-input'
      ? error.message
      : `${error}`;
  }
  return 'no error';
}
