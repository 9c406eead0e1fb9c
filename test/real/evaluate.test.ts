import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hash } from '../../src/evaluate/identity.js';
import { expectCountsAsSent } from './counts-as-sent.js';
import { type Behaviour, type IstioService, wellBehaved } from './istio-service.js';
import { RealPrometheus } from './real-prometheus.js';
import type { Evaluation } from './release-repository.js';
import { Shop, wholeWindow } from './shop.js';

const shops = {
  quiet: new Shop('quiet'),
  good: new Shop('good'),
  failing: new Shop('failing'),
  slow: new Shop('slow'),
  held: new Shop('held'),
};
let prometheus: RealPrometheus;

beforeAll(async () => {
  const all = Object.values(shops);
  await Promise.all(all.map((shop) => shop.start()));
  prometheus = new RealPrometheus(all.flatMap(({ primary, candidate }) => [primary.address, candidate.address]));
  await prometheus.start();
  await Promise.all(all.map((shop) => shop.open(prometheus.url)));
  await Promise.all(all.map(({ candidate }) => prometheus.untilTarget(candidate.address, 'up')));
});

afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(prometheus.log);
});

afterAll(async () => {
  await Promise.all(Object.values(shops).map((shop) => shop.close()));
  await prometheus?.close();
});

/** What `git diff` shows when weights change, each from one value to another. */
function weightLines(...changes: readonly (readonly [from: number, to: number])[]): string[] {
  return changes.flatMap(([from, to]) => [`-    weight: ${from}`, `+    weight: ${to}`]);
}

function weights(primary: number, candidate: number): Map<string, number> {
  const shares: [string, number][] = [
    ['reviews-v1', primary],
    ['reviews-v2', candidate],
  ];
  // A version without a share is not in the route.
  return new Map(shares.filter(([, share]) => share > 0));
}

describe('evaluate', () => {
  it('does not let a candidate in while the primary has no data', async () => {
    const { repository } = shops.quiet;
    const before = await repository.state();
    const reason = 'reviews-v1 has no series for quiet/reviews-v1 in istio_requests_total, so reviews-v2 is not let in';
    const evaluation = await repository.evaluate();
    expect(evaluation).toMatchObject({ code: 0, failures: [], decisions: [{ kind: 'hold', reason }] });
    expect(await repository.state()).toEqual(before);
  });

  it('promotes a good candidate through every step, one changed line per scalar and one commit each', async () => {
    const shop = shops.good;
    const { repository } = shop;
    onTestFinished(() => shop.load.stop());
    shop.load.start();

    expect(await shop.decision()).toMatchObject({ code: 0, decisions: [{ kind: 'advance', from: 0, to: 20 }] });
    expect(await repository.changedLines()).toEqual(weightLines([100, 80], [0, 20]));
    expect(await repository.routedWeights()).toEqual(weights(80, 20));

    expect(await shop.decision()).toMatchObject({ code: 0, decisions: [{ kind: 'advance', from: 20, to: 50 }] });
    expect(await repository.changedLines()).toEqual(weightLines([80, 50], [20, 50]));
    expect(await repository.routedWeights()).toEqual(weights(50, 50));

    const promotion = await shop.decision();
    expect(promotion).toMatchObject({ code: 0, decisions: [{ kind: 'promote', from: 50, to: 100 }] });
    expect(await repository.changedLines()).toEqual([
      '-  primary: reviews-v1 # the evaluator writes it when it promotes',
      '+  primary: reviews-v2 # the evaluator writes it when it promotes',
      ...weightLines([50, 0], [50, 100]),
    ]);
    expect(await repository.routedWeights()).toEqual(weights(0, 100));
    expect(promotion.decisions[0]?.commit).toBe((await repository.state()).head);
    expect(await repository.git('log', '--format=%s', '-4')).toBe(
      [
        'chore(reviews): promote reviews-v2',
        'chore(reviews): candidate reviews-v2 20 % → 50 %',
        'chore(reviews): candidate reviews-v2 0 % → 20 %',
        'chore(reviews): add candidate reviews-v2',
      ].join('\n'),
    );

    expect((await repository.git('log', '-1', '--format=%(trailers:only,unfold)')).trimEnd().split('\n')).toEqual([
      'Sluice-Release: reviews',
      'Sluice-Decision: promote',
      'Sluice-Iteration: 3',
      'Sluice-Verdict: pass',
      `Sluice-Evidence: ${hash((await repository.ledger()).at(-1) ?? '')}`,
    ]);
    await expectCountsAsSent(shop);

    const after = await repository.state();
    const idle = { kind: 'hold', reason: 'no candidate waits for an analysis' };
    expect(await shop.pass()).toMatchObject({ code: 0, decisions: [idle] });
    expect(await repository.state()).toEqual({ ...after, status: '' });
  });

  it.each([
    { shop: shops.failing, behaviour: { errorRate: 0.6 }, metric: 'error-rate' },
    { shop: shops.slow, behaviour: { latency: 300 }, metric: 'latency-mean' },
  ])('rolls a candidate back that turns bad: $metric', async ({ shop, behaviour, metric }) => {
    const { repository } = shop;
    onTestFinished(() => shop.load.stop());
    shop.load.start();
    await shop.enter();
    await shop.candidate.control(behaviour);

    const { code, decisions } = await shop.decision();
    expect(code).toBe(0);
    expect(decisions).toMatchObject([
      { kind: 'roll back', from: 20, to: 0, evidence: { verdict: { outcome: 'fail' } } },
    ]);
    expect(decisions[0]?.reason).toMatch(new RegExp(`^reviews-v2 breaks ${metric} `));
    expect(await repository.changedLines()).toEqual(weightLines([80, 100], [20, 0]));
    expect(await repository.routedWeights()).toEqual(weights(100, 0));
    expect(await repository.git('log', '-1', '--format=%(trailers:key=Sluice-Decision)')).toContain('roll back');
    await expectCountsAsSent(shop);
  });
});

/** What goes wrong with the metrics of either version. */
interface Fault {
  readonly fault: string;
  readonly primary?: Partial<Behaviour>;
  readonly candidate?: Partial<Behaviour>;
  /** What the decision then says. */
  readonly missing: string;
}

describe('evaluate, on a candidate at 20 %', () => {
  const shop = shops.held;
  const { repository, primary, candidate } = shop;

  beforeAll(async () => {
    shop.load.start();
    await shop.enter();
    await wholeWindow();
  });

  /** The pass leaves HEAD, the working tree and the index as they were. */
  async function passWithoutCommit(): Promise<Evaluation> {
    const before = await repository.state();
    const evaluation = await shop.pass();
    expect(await repository.state()).toEqual(before);
    expect(before.status).toBe('');
    return evaluation;
  }

  async function restart(): Promise<void> {
    await prometheus.stop();
    await prometheus.start();
    await Promise.all([primary, candidate].map(({ address }) => prometheus.untilTarget(address, 'up')));
  }

  const absent = ({ name }: IstioService) => `${name} has no series for held/${name} in istio_requests_total`;

  it.each<Fault>([
    {
      fault: 'the counters of the candidate are NaN',
      candidate: { metrics: 'NaN' },
      missing: 'reviews-v2 has NaN for requests',
    },
    {
      fault: 'Prometheus answers an empty vector',
      primary: { metrics: 'none' },
      candidate: { metrics: 'none' },
      missing: `${absent(primary)}, ${absent(candidate)}`,
    },
    {
      fault: 'only the primary has data',
      candidate: { metrics: 'none' },
      missing: absent(candidate),
    },
    {
      fault: 'only the candidate has data',
      primary: { metrics: 'none' },
      missing: absent(primary),
    },
    {
      fault: 'the candidate cannot be scraped',
      candidate: { metrics: 'unreachable' },
      missing: absent(candidate),
    },
  ])('holds when $fault, and says what is missing', async ({ missing, ...faulty }) => {
    onTestFinished(async () => {
      await Promise.all([primary.control(wellBehaved), candidate.control(wellBehaved)]);
    });
    await primary.control({ ...faulty.primary });
    await candidate.control({ ...faulty.candidate });
    await prometheus.untilTarget(candidate.address, faulty.candidate?.metrics === 'unreachable' ? 'down' : 'up');
    await wholeWindow();

    const { code, decisions, failures } = await passWithoutCommit();
    expect({ code, failures }).toEqual({ code: 0, failures: [] });
    expect(decisions).toMatchObject([
      { kind: 'hold', from: 20, to: 20, evidence: { verdict: { outcome: 'inconclusive' } } },
    ]);
    expect(decisions[0]?.reason.replace(/\d{4}-\S+Z/, 'TIME')).toBe(
      `no data to judge in the window until TIME: ${missing}`,
    );
  });

  it('ends with 2 and changes nothing when Prometheus answers an error', async () => {
    onTestFinished(() => restart());
    await prometheus.stop();
    await prometheus.start({ maxSamples: 1 });
    expect(await passWithoutCommit()).toMatchObject({
      code: 2,
      decisions: [],
      failures: [
        {
          code: 'source/query-failed',
          message: expect.stringMatching(/^Cannot query Prometheus: execution: .*too many samples/),
        },
      ],
    });
  });

  it('ends with 2 and changes nothing when Prometheus does not answer in time', async () => {
    onTestFinished(() => prometheus.freeze(false));
    prometheus.freeze(true);
    expect(await passWithoutCommit()).toMatchObject({
      code: 2,
      decisions: [],
      failures: [{ code: 'source/timeout', message: 'Cannot read the metrics source within 2 s: no complete answer' }],
    });
  });

  it('ends with 2 and changes nothing when Prometheus is stopped', async () => {
    onTestFinished(() => restart());
    await prometheus.stop();
    expect(await passWithoutCommit()).toMatchObject({
      code: 2,
      decisions: [],
      failures: [
        {
          code: 'source/unreachable',
          message: expect.stringMatching(/^Cannot reach the metrics source: connect ECONNREFUSED/),
        },
      ],
    });
  });

  it('goes on once there is data again', async () => {
    expect(await shop.decision()).toMatchObject({ code: 0, decisions: [{ kind: 'advance', from: 20, to: 50 }] });
  });
});
