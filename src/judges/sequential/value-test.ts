import type { JudgeInput } from '../../release/judge.js';
import { gaugeEProcess } from '../../stats/gauge-e-process.js';
import { type MeanCell, meanEProcess } from '../../stats/mean-e-process.js';
import { boundOf, type Limit, type MetricTest, type Pair, scaled } from './metric-test.js';

type Side = 'harm' | 'non-inferiority';

/** A limit, and what was seen before the release. */
interface ValueOptions {
  readonly limit: Limit;
  readonly history: JudgeInput['history'];
}

/** Tests a limit on the mean latency. */
export function meanTest(metric: string, pairs: readonly Pair[], { limit, history }: ValueOptions): MetricTest {
  const rows = pairs.map(({ baseline, candidate }) => ({ control: cellOf(baseline), treatment: cellOf(candidate) }));
  const evidence = ({ ratio, difference }: Limit['harm'], side: Side) =>
    meanEProcess(rows, { ratio, difference, side, ...spreadOf(history, metric) });
  const compared = limit.harm.ratio > 0 ? pairs.filter(({ baseline }) => baseline !== undefined) : pairs;
  return testOf(metric, limit, {
    evidence,
    value: meanOf(compared.map(({ candidate }) => cellOf(candidate))),
    baseline: meanOf(pairs.filter(({ candidate }) => candidate !== undefined).map(({ baseline }) => cellOf(baseline))),
  });
}

/** Tests a limit on a gauge: one difference per window. */
export function gaugeTest(metric: string, pairs: readonly Pair[], { limit, history }: ValueOptions): MetricTest {
  const autocorrelation = history?.autocorrelation?.[metric];
  const rows = pairs.map(({ baseline, candidate }) => ({
    control: baseline?.gauges?.[metric] ?? null,
    treatment: candidate?.gauges?.[metric] ?? null,
  }));
  const evidence = ({ ratio, difference }: Limit['harm'], side: Side) => {
    const compared = rows.map(({ control, treatment }) => ({
      control: control === null ? null : scaled(control, ratio),
      treatment,
    }));
    const margin = { ratio: ratio === 0 ? 0 : 1, difference, side };
    const known = { ...spreadOf(history, metric), ...(autocorrelation !== undefined && { autocorrelation }) };
    return gaugeEProcess(compared, { ...margin, ...known });
  };
  const paired = limit.harm.ratio > 0 ? rows.filter(({ control }) => control !== null) : rows;
  return testOf(metric, limit, {
    evidence,
    value: meanOf(paired.map(({ treatment }) => ({ n: treatment === null ? 0 : 1, sum: treatment ?? 0 }))),
    baseline: meanOf(rows.map(({ control }) => ({ n: control === null ? 0 : 1, sum: control ?? 0 }))),
  });
}

interface Values {
  readonly evidence: (margin: Limit['harm'], side: Side) => Float64Array;
  readonly value: number | undefined;
  readonly baseline: number | undefined;
}

/** What is harm below a lower limit is the good side of an upper one, and the other way round. */
function testOf(metric: string, { worse, harm, good }: Limit, { evidence, value, baseline }: Values): MetricTest {
  const [against, inFavour]: readonly [Side, Side] =
    worse === 'high' ? ['harm', 'non-inferiority'] : ['non-inferiority', 'harm'];
  const now = evidence(good, inFavour).at(-1) ?? 0;
  return {
    metric,
    worse,
    harm: evidence(harm, against),
    nonInferiority: now,
    // Evidence on a mean grows about as fast as the requests do.
    ahead: (needed) => (now > 0.5 ? Math.max(1, needed / now) : undefined),
    value,
    baseline,
    limit: boundOf(harm, baseline),
    goodLimit: boundOf(good, baseline),
  };
}

function spreadOf(history: ValueOptions['history'], metric: string) {
  const spread = history?.spread?.[metric];
  return spread === undefined ? {} : { history: spread };
}

function cellOf(sample: Pair['baseline']): MeanCell {
  return { n: sample?.requests ?? 0, sum: sample?.latencySum ?? 0 };
}

function meanOf(cells: readonly MeanCell[]): number | undefined {
  const n = cells.reduce((sum, cell) => sum + cell.n, 0);
  return n === 0 ? undefined : cells.reduce((sum, cell) => sum + cell.sum, 0) / n;
}
