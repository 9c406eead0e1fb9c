import { type Counts, gaugeIds, metricIds, percentileOf, type Sample } from './evaluation.js';

/** The percentile that a name asks for. */
export interface OwnPercentile {
  /** The name of the histogram. */
  readonly histogram: string;
  /** Such as `p95`. */
  readonly percentile: string;
}

/** Returns which percentile of which histogram of one's own a name such as `checkout-p95` asks for; undefined for any other. */
export function ownPercentileOf(metric: string): OwnPercentile | undefined {
  const [, histogram, percentile] = /^(.+)-(p\d{2}(?:\.\d+)?)$/.exec(metric) ?? [];
  if (histogram === undefined || percentile === undefined) return undefined;
  return percentileOf(`latency-${percentile}`) === undefined ? undefined : { histogram, percentile };
}

/** Returns the metric that every window tells whose counts are like those of a metric of one's own. */
export function likenessOf(kind: 'ratio' | 'mean' | 'histogram', metric: string): string | undefined {
  if (kind === 'ratio') return 'error-rate';
  if (kind === 'mean') return 'latency-mean';
  const percentile = ownPercentileOf(metric)?.percentile;
  return percentile && `latency-${percentile}`;
}

/** A metric of one's own that is counted, and so is judged as a metric that every window tells. */
export interface OwnMetric {
  /** That metric, such as `error-rate` for a ratio. */
  readonly like: string;
  /** Returns a window with these counts in place of those of its requests; undefined where it has none. */
  windowOf(sample: Sample | undefined): Sample | undefined;
}

/** Returns how a metric is counted in the newest of these windows that tells of it; undefined where it is not counted. */
export function ownMetric(metric: string, samples: readonly (Sample | undefined)[]): OwnMetric | undefined {
  if (builtIn.has(metric)) return undefined;
  const percentile = ownPercentileOf(metric);
  const seen = (sample: Sample | undefined) => sample?.custom && seenIn(sample.custom, metric, percentile);
  const newest = samples.findLast((sample) => sample?.gauges?.[metric] !== undefined || seen(sample) !== undefined);
  const like = newest?.gauges?.[metric] === undefined ? seen(newest)?.like : undefined;
  if (like === undefined) return undefined;
  return {
    like,
    windowOf(sample) {
      const own = seen(sample);
      return own?.like === like ? own.window : undefined;
    },
  };
}

/** Those whose names are not looked for among metrics of one's own. */
const builtIn: ReadonlySet<string> = new Set([...metricIds, ...gaugeIds]);

interface Seen {
  readonly like: string;
  readonly window: Sample;
}

function seenIn(
  custom: Readonly<Record<string, Counts>>,
  metric: string,
  percentile: OwnPercentile | undefined,
): Seen | undefined {
  const own = custom[metric];
  if (own !== undefined && 'events' in own) {
    return { like: 'error-rate', window: { requests: own.count, errors: own.events, latencySum: 0 } };
  }
  if (own !== undefined && 'sum' in own) {
    return { like: 'latency-mean', window: { requests: own.count, errors: 0, latencySum: own.sum } };
  }
  const spread = percentile && custom[percentile.histogram];
  if (spread === undefined || !('buckets' in spread)) return undefined;
  const latencyBuckets = spread.buckets.map(({ upTo, count }) => ({ upTo, requests: count }));
  const window = { requests: spread.count, errors: 0, latencySum: 0, latencyBuckets };
  return { like: `latency-${percentile?.percentile}`, window };
}
