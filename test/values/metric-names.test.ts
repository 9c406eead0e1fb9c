import { describe, expect, it } from 'vitest';
import { loadedOf, refusalsOf, twoVersions } from '../release-of.js';

const values = (metric: string, more = '') => `${twoVersions('istio', 'blue-green')}analysis:
  interval: 60s
  judge: threshold
  objectives:
  - {metric: ${metric}, upperLimit: 0.5${more}}
  rewards:
  - {metric: ${metric}, preferredDirection: low}
`;

describe('the names of metrics', () => {
  it.each([
    ['iter8_request_count', 'request-count'],
    ['iter8_error_rate', 'error-rate'],
    ['mean-latency', 'latency-mean'],
    ['iter8_mean_latency', 'latency-mean'],
    ['iter8_latency', 'latency-mean'],
    ['95th-percentile-tail-latency', 'latency-p95'],
    ['50th-percentile-tail-latency', 'latency-p50'],
    ['90th-percentile-tail-latency', 'latency-p90'],
    ['99th-percentile-tail-latency', 'latency-p99'],
    ['latency-50th-percentile', 'latency-p50'],
    ['latency-95th-percentile', 'latency-p95'],
    ['latency-99th-percentile', 'latency-p99'],
    ['latency-p99', 'latency-p99'],
    ['available-replicas', 'available-replicas'],
  ])('%s is %s inside, and stays in the file', (written, metric) => {
    const loaded = loadedOf(values(written));
    expect(loaded.release.analysis).toMatchObject({ objectives: [{ metric }], rewards: [{ metric }] });
    expect(loaded.values.analysis?.objectives[0]?.metric).toBe(written);
    expect(loaded.text).toContain(`metric: ${written}`);
  });

  it('are resolved among the indicators, too, each once', () => {
    const loaded = loadedOf(`${values('error-rate')}  indicators: [latency-p99, latency-99th-percentile, heap]\n`);
    expect(loaded.release.analysis?.indicators).toEqual(['latency-p99', 'heap']);
  });

  it('are checked for what they mean, whatever they are called', () => {
    const ratio = 'analysis.objectives[0].maxRatio compares counts of requests, which follow from the weights';
    for (const metric of ['iter8_request_count', 'request-rate']) {
      expect(refusalsOf(values(metric, ', maxRatio: 2'))).toContainEqual(ratio);
    }
    const share = values('iter8_error_rate').replace('upperLimit: 0.5', 'upperLimit: 5');
    expect(refusalsOf(share)).toContainEqual(
      'analysis.objectives[0].upperLimit is 5, which no error rate can be above',
    );
  });

  it.each(['iter8_mean_latncy', 'mean-latncy', 'latncy-mean'])('%s is taken for a slip', (metric) => {
    expect(refusalsOf(values(metric))).not.toEqual([]);
  });

  it.each(['75th-percentile-tail-latency', 'latency-75th-percentile', 'latency-p75'])(
    '%s is told which percentiles are measured',
    (metric) => {
      expect(refusalsOf(values(metric))).toContainEqual(
        `analysis.objectives[0].metric ${JSON.stringify(metric)} is no percentile that is measured`,
      );
    },
  );

  it('is told to leave out a namespace, as Iter8 wrote one', () => {
    expect(refusalsOf(values('iter8-system/mean-latency'))).toContainEqual(
      'analysis.objectives[0].metric "iter8-system/mean-latency" has a namespace, which metrics have none of here',
    );
  });
});
