import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JudgeId, judges } from '../../src/judges/registry.js';
import { answerOf, ask } from './ask.js';

const ids = Object.keys(judges) as JudgeId[];

/** The rows of STATISTICS: baseline and candidate, each requests and bad ones. */
const rows = [
  [5400, 27, 600, 3],
  [4800, 25, 1200, 14],
  [4200, 20, 1800, 30],
].map(([a, b, n, e]) => ({ baseline: { n: a, e: b }, candidate: { n, e } }));
const counts = {
  id: 'X',
  rows,
  harm: { ratio: 1.05, difference: 0.0005 },
  nonInferiority: { ratio: 1.1, difference: 0.002 },
  overdispersion: 0,
};

const limits = {
  id: 7,
  rows: [{ baseline: { n: 1900, e: 2 }, candidate: { n: 100, e: 5 } }],
  objectives: [{ metric: 'error-rate', upperLimit: 0.01 }],
};

const canary = {
  id: 'k',
  config: {
    metrics: [
      { name: 'errors', groups: ['a'], analysisConfigurations: { canary: { direction: 'increase', critical: true } } },
      { name: 'cpu', groups: ['b'] },
    ],
  },
  thresholds: { pass: 95, marginal: 75 },
  pairs: [
    { name: 'errors', control: [1, 2, 3, 4, 5, 6, 7, 8], experiment: [101, 102, null, 104, 105, 106, 107, 108] },
    { name: 'cpu', control: [0, 0, 1], experiment: [0, 0, 1] },
  ],
};

const versions = {
  id: 'b',
  versions: [
    { name: 'v1', counts: { requests: 2000, errors: 9 }, means: { queue: [{ requests: 9, mean: 3 }, null] } },
    { name: 'v2', counts: { requests: 2000, errors: 4 }, means: { queue: [{ requests: 9, mean: 2 }, null] } },
  ],
  criteria: [{ metric: 'error-rate', upperLimit: 0.01 }],
  rewards: [{ metric: 'queue', preferredDirection: 'low' }],
};

describe('answerSequentialCase()', () => {
  test('answers with the numbers of the reference, and intervals', async () => {
    const answer = (await answerOf('sequential', counts)) as { looks: { harmLogE: number }[]; ratio: number[] };
    expect(Object.keys(answer)).toEqual(['id', 'looks', 'ratio', 'difference']);
    const found = answer.looks.map(({ harmLogE }) => Number(harmLogE.toFixed(6)));
    expect(found).toEqual([-0.461887, 0.247251, 6.728781]);
    expect(answer.ratio[0]).toBeGreaterThan(1);
  });

  test('answers null for an infinite end, and no look to no row', async () => {
    expect(await answerOf('sequential', { ...counts, rows: [] })).toEqual({
      id: 'X',
      looks: [],
      ratio: [0, null],
      difference: [-1, 1],
    });
  });

  test('takes null for a missing value: such a row is no evidence', async () => {
    const missing = [
      { baseline: null, candidate: { n: 9, e: 9 } },
      { baseline: { n: 9, e: 0 }, candidate: { n: null, e: 9 } },
    ];
    const { json } = await ask('sequential', { ...counts, rows: missing });
    expect(json.looks).toEqual(Array.from({ length: 2 }, () => ({ harmLogE: 0, nonInferiorityLogE: 0 })));
  });

  test('takes requests for independent where no overdispersion is given', async () => {
    const { overdispersion: _, ...without } = counts;
    expect(await answerOf('sequential', without)).toEqual(await answerOf('sequential', counts));
    expect(await answerOf('sequential', { ...counts, overdispersion: 1 })).not.toEqual(
      await answerOf('sequential', counts),
    );
  });

  test('words what was found', async () => {
    const { sentence, outcome } = await ask('sequential', counts);
    expect(sentence).toBe(
      'ln E after 3 looks: harm 6.729, no harm -3.768; ratio 1.288 to 4.511, difference 0.001845 to 0.01498',
    );
    expect(outcome).toBeUndefined();
  });
});

describe('answerKayentaCase()', () => {
  test("answers in Kayenta's words", async () => {
    expect(await answerOf('kayenta', canary)).toEqual({
      id: 'k',
      metrics: [
        { name: 'errors', classification: 'High', critical: true, ratio: expect.closeTo(104.71 / 4.5, 2) },
        { name: 'cpu', classification: 'Pass', critical: false, ratio: 1 },
      ],
      groupScores: [
        { name: 'a', score: 0 },
        { name: 'b', score: 100 },
      ],
      score: 0,
      classification: 'Fail',
    });
    const { sentence, outcome } = await ask('kayenta', canary);
    expect({ sentence, outcome }).toEqual({
      sentence: 'score 0 (pass from 95, marginal from 75); errors is High, which is critical',
      outcome: 'fail',
    });
  });

  test('says why nothing counts where no metric is in a group', async () => {
    const pairs = [{ name: 'cpu', control: [1, 2], experiment: [1, 2] }];
    const config = { metrics: [{ name: 'cpu' }] };
    expect((await ask('kayenta', { ...canary, config, pairs })).sentence).toBe(
      'score 0 (pass from 95, marginal from 75); every metric passes; no metric is in a group, so none counts',
    );
  });

  test.each([
    [{ ghost: 100 }, 'score 0', 'no metric is in ghost, nothing of 100 is left for a and b'],
    [{ ghost: 40 }, 'score 60', 'no metric is in ghost'],
    [{ a: 100 }, 'score 100', 'nothing of 100 is left for b'],
    [{ a: 40, b: 50 }, 'score 90', 'their sum is 90 and not 100'],
    [{ a: 40, b: 60 }, 'score 100', undefined],
    [{ a: 33.3, b: 66.7, ghost: 0 }, 'score 100', undefined],
    [{ a: 40 }, 'score 100', undefined],
    [{}, 'score 100', undefined],
  ])('says whether the weights %j cover the groups', async (groupWeights, score, fault) => {
    const config = {
      metrics: [
        { name: 'errors', groups: ['a'] },
        { name: 'cpu', groups: ['b'] },
      ],
      classifier: { groupWeights },
    };
    const pairs = ['errors', 'cpu'].map((name) => ({ name, control: [1, 2], experiment: [1, 2] }));
    const { sentence } = await ask('kayenta', { ...canary, config, pairs });
    const said = fault === undefined ? '' : `; groupWeights do not cover the groups: ${fault}`;
    expect(sentence).toBe(`${score} (pass from 95, marginal from 75); every metric passes${said}`);
  });

  test('spells NaN as Kayenta does', async () => {
    const pairs = [{ name: 'cpu', control: [0, 0, 0, 0, 0, 0], experiment: [1, 2, 3, 4, 5, 6] }];
    expect(await answerOf('kayenta', { ...canary, pairs })).toMatchObject({ metrics: [{ ratio: 'NaN' }] });
  });

  test('answers with the interval alone, and null where nothing can be said', async () => {
    const mw = { control: [1, 2, 3, 4, 5], experiment: [11, 12, 13, 14, 15], confLevel: 0.95 };
    const answer = await answerOf('kayenta', { id: 'i', mw });
    expect(answer).toEqual({
      id: 'i',
      lower: expect.any(Number),
      upper: expect.any(Number),
      estimate: expect.closeTo(10, 3),
    });
    expect(await answerOf('kayenta', { id: 'i', mw: { ...mw, control: [null] } })).toEqual({
      id: 'i',
      lower: null,
      upper: null,
      estimate: null,
    });
  });

  test.each([
    [[11, 12, 13, 14, 15], 'the experiment lies 10 above the control; at 95 % between 7 and 13'],
    [[-3, -2, -1, 0, 1], 'the experiment lies 4 below the control; at 95 % between -7 and -1'],
    [[3, 3, 3], 'the experiment lies level with the control; at 95 % between 0 and 0'],
  ])('words on which side of the control %j lies', async (experiment, sentence) => {
    const control = experiment.length === 3 ? experiment : [1, 2, 3, 4, 5];
    expect((await ask('kayenta', { mw: { control, experiment, confLevel: 0.95 } })).sentence).toBe(sentence);
  });

  test('reports what of a config has no effect', async () => {
    const config = { ...canary.config, owner: 'us', judge: { name: 'dredd-v1.0' } };
    expect((await ask('kayenta', { ...canary, config })).remarks).toEqual([
      'config.judge.name: "dredd-v1.0" is kept, but judged is as NetflixACAJudge-v1.0 does',
      'config.owner: has no effect here',
    ]);
  });
});

describe('answerThresholdCase()', () => {
  test('answers with the verdict', async () => {
    expect(await answerOf('threshold', limits)).toEqual({
      id: 7,
      outcome: 'fail',
      winner: 'baseline',
      metrics: [{ metric: 'error-rate', classification: 'high', value: 0.05, baseline: 2 / 1900, limit: 0.01 }],
      sentence: 'candidate breaks error-rate 5 % (at most 1 %); 100 requests against 1,900 of baseline',
    });
  });

  test.each([
    ['errors', { n: 100, e: null }, { metric: 'error-rate', upperLimit: 1 }],
    ['the sum of latencies', { n: 100, e: 0 }, { metric: 'latency-mean', upperLimit: 1 }],
    ['buckets', { n: 100, e: 0 }, { metric: 'latency-p99', upperLimit: 1 }],
    ['a gauge', { n: 100, e: 0, gauges: { queue: null } }, { metric: 'queue', upperLimit: 1 }],
    ['requests', { n: null, e: 0 }, { metric: 'error-rate', upperLimit: 1 }],
    ['a window', null, { metric: 'error-rate', upperLimit: 1 }],
  ])('passes nothing without %s', async (_what, candidate, objective) => {
    const given = { ...limits, rows: [{ baseline: { n: 100, e: 0 }, candidate }], objectives: [objective] };
    expect(await answerOf('threshold', given)).toMatchObject({
      outcome: 'inconclusive',
      metrics: [{ classification: 'nodata' }],
    });
  });

  test('reads buckets, gauges, rewards and settings', async () => {
    const window = {
      n: 100,
      e: 0,
      latencySum: 900,
      buckets: [
        [10, 90],
        [20, 100],
      ],
      gauges: { revenue: 3 },
    };
    const given = {
      rows: [{ baseline: { ...window, gauges: { revenue: 4 } }, candidate: window }],
      objectives: [{ metric: 'latency-p95', upperLimit: 15 }],
      rewards: [{ metric: 'revenue', preferredDirection: 'low' }],
      settings: { windows: 'each', failures: 0 },
    };
    expect(await answerOf('threshold', given)).toMatchObject({
      outcome: 'pass',
      winner: 'candidate',
      metrics: [{ value: 15 }],
    });
  });
});

describe('answerThresholdCase() remarks', () => {
  const window = { n: 100, e: 0, gauges: { queue: 3 } };

  test.each([
    [
      'errorrate',
      [
        'objectives[0].metric: errorrate counts as a gauge, and no window has one of that name: did you mean error-rate?',
      ],
    ],
    [
      'Queue',
      ['objectives[0].metric: Queue counts as a gauge, and no window has one of that name: did you mean queue?'],
    ],
    ['revenue', ['objectives[0].metric: revenue counts as a gauge, and no window has one of that name']],
    ['error-rate', []],
    ['latency-p75', []],
    ['queue', []],
  ])('on %s', async (metric, remarks) => {
    const rows = [{ baseline: window, candidate: window }];
    const answer = await ask('threshold', { rows, objectives: [{ metric, upperLimit: 1 }] });
    expect(answer.remarks).toEqual(remarks);
  });

  test('on a reward', async () => {
    const rewards = [{ metric: 'revenu', preferredDirection: 'high' }];
    const rows = [{ baseline: window, candidate: { ...window, gauges: { revenue: 1 } } }];
    const { remarks } = await ask('threshold', { ...limits, rows, rewards });
    expect(remarks).toEqual([expect.stringMatching(/^rewards\[0\].* did you mean revenue\?$/)]);
  });
});

describe('a case that is none', () => {
  test.each<[string, JudgeId, unknown, string]>([
    [
      'a foreign key',
      'threshold',
      { ...limits, objectivs: [] },
      'objectivs: is no known key\n  hint: Did you mean objectives?',
    ],
    [
      'a foreign key inside',
      'sequential',
      { ...counts, harm: { ratio: 1, differnce: 0 } },
      'harm.differnce: is no known key\n  hint: Did you mean difference?',
    ],
    [
      'an absent key',
      'sequential',
      { ...counts, harm: { ratio: 1 } },
      'harm.difference: is missing\n  hint: Give a number.',
    ],
    [
      'a negative count',
      'sequential',
      { ...counts, rows: [{ baseline: null, candidate: { n: -1, e: 0 } }] },
      'rows[0].candidate.n: is -1, below the least allowed: 0',
    ],
    [
      'more bad events than requests',
      'sequential',
      { ...counts, rows: [{ baseline: { n: 1, e: 2 }, candidate: null }] },
      'rows[0].baseline: has more bad events e than requests n\n  hint: Give e of at most n.',
    ],
    [
      'a number beyond all',
      'threshold',
      '{"rows":[{"baseline":null,"candidate":{"n":1e999,"e":0}}],"objectives":[{"metric":"error-rate","upperLimit":1}]}',
      'rows[0].candidate.n: is Infinity',
    ],
    [
      'buckets that fall',
      'threshold',
      {
        ...limits,
        rows: [
          {
            baseline: null,
            candidate: {
              n: 9,
              e: 0,
              buckets: [
                [1, 5],
                [2, 4],
              ],
            },
          },
        ],
      },
      'rows[0].candidate: has no cumulative buckets\n  hint: Give [bound, requests up to it] by rising bounds, none above n.',
    ],
    [
      'an unknown direction',
      'threshold',
      { ...limits, rewards: [{ metric: 'a', preferredDirection: 'hihg' }] },
      'rewards[0].preferredDirection: is "hihg"\n  hint: Did you mean high? Allowed are: high, low.',
    ],
    [
      "an unknown direction of Kayenta's",
      'kayenta',
      { ...canary, config: { metrics: [{ name: 'm', analysisConfigurations: { canary: { direction: 'up' } } }] } },
      'config.metrics.0.analysisConfigurations.canary.direction: is "up"\n  hint: Allowed are: increase, decrease, either.',
    ],
    [
      'a score that passes below the marginal one',
      'kayenta',
      { ...canary, thresholds: { pass: 70, marginal: 75 } },
      'thresholds: has a pass below marginal\n  hint: Give a pass that is at least marginal.',
    ],
    [
      'an unknown metric',
      'kayenta',
      { ...canary, pairs: [{ name: 'ram', control: [], experiment: [] }] },
      'Cannot judge the metric ram',
    ],
    [
      'a confidence of 1',
      'kayenta',
      { mw: { control: [], experiment: [], confLevel: 1 } },
      'mw.confLevel: is 1, not below 1\n  hint: Give less than 1.',
    ],
    [
      'a confidence of 0',
      'kayenta',
      { mw: { control: [], experiment: [], confLevel: 0 } },
      'mw.confLevel: is 0, not above 0\n  hint: Give more than 0.',
    ],
    [
      'a number as a text in a config',
      'kayenta',
      { ...canary, config: { classifier: { groupWeights: { g: '1.1' } } } },
      'config.classifier.groupWeights.g: is "1.1", not a number\n  hint: Write it without quotes.',
    ],
    [
      'a foreign key of a criterion',
      'bayesian',
      { ...versions, criteria: [{ metric: 'error-rate', upperLimt: 1 }] },
      'criteria[0].upperLimt: is no known key\n  hint: Did you mean upperLimit? Allowed are: metric, upperLimit, lowerLimit, maxRatio, minRatio.',
    ],
    [
      'a metric without a posterior',
      'bayesian',
      { ...versions, criteria: [{ metric: 'latency-p95', upperLimit: 1 }] },
      'criteria[0].metric: has no posterior\n  hint: Use error-rate, latency-mean or the name of a gauge.',
    ],
    [
      'an id that is null',
      'threshold',
      { ...limits, id: null },
      'id: is neither a text nor a number\n  hint: Give one of them, or take it out.',
    ],
    ...[
      ['sequential', { ...counts, rows: [{ baseline: { n: 2 ** 53, e: 1 }, candidate: null }] }, 'rows[0].baseline.n'],
      ['threshold', { ...limits, rows: [{ baseline: { n: 2 ** 53, e: 1 }, candidate: null }] }, 'rows[0].baseline.n'],
      [
        'bayesian',
        { ...versions, versions: [{ name: 'v1', counts: { requests: 2 ** 53 } }, { name: 'v2' }] },
        'versions[0].counts.requests',
      ],
    ].map(([id, given, place]): [string, JudgeId, unknown, string] => [
      `a count of ${id} that no double holds`,
      id as JudgeId,
      given,
      `${place}: is 9007199254740992, above the most allowed: 9007199254740991\n  hint: Give at most 9007199254740991.`,
    ]),
    [
      'a mean beyond all',
      'bayesian',
      { ...versions, versions: [{ name: 'v1', means: { queue: [{ mean: 1e308 }] } }, { name: 'v2' }] },
      'versions[0].means.queue[0].mean: is 1e+308, above the most allowed: 1e+100',
    ],
    ['a text', 'threshold', '"hello"', 'is "hello", not a map'],
    ['no JSON', 'threshold', '{"rows":[', 'is no JSON'],
    ['NaN', 'threshold', '{"rows":NaN}', 'hint: JSON has no NaN and no Infinity: write null for a missing value.'],
  ])('is refused: %s', async (_what, id, given, says) => {
    await expect(ask(id, given)).rejects.toThrow(says);
    await expect(ask(id, given)).rejects.toThrow(/^cases\.jsonl:1:1 /);
  });

  test('may carry what somebody else expected', async () => {
    expect(await answerOf('threshold', { ...limits, expected: { outcome: 'pass' } })).toMatchObject({
      outcome: 'fail',
    });
  });
});

describe('cases of any kind', () => {
  const examples: { readonly [Id in JudgeId]: object } = {
    sequential: counts,
    threshold: limits,
    kayenta: canary,
    bayesian: versions,
  };

  test.each(ids)('%s answers JSON or throws what is wrong, and nothing else', async (id) => {
    const answerCase = await judges[id].loadCase();
    expect(answerCase).toBeTypeOf('function');
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (given) => {
        await expect(ask(id, JSON.stringify(given))).rejects.toThrow('cases.jsonl:1:1 ');
      }),
    );
  });

  test.each(ids)('%s stands any value in any place', async (id) => {
    const example = examples[id];
    const places = placesOf(example);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue(), async (place, value) => {
        const answer = await ask(id, JSON.stringify(replaced(example, place, value))).catch(
          (error: Error) => error.message,
        );
        if (typeof answer === 'string') expect(answer).toMatch(/^cases\.jsonl:1:1 /);
        else expect(answer.sentence).not.toBe('');
      }),
      { numRuns: 300 },
    );
  });
});

type Place = readonly string[];

function placesOf(value: unknown, path: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((inner, i) => (String(i) === key ? replaced(inner, rest, by) : inner));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}
