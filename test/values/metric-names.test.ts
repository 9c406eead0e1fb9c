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
    ['latency-p99', 'latency-p99'],
    ['available-replicas', 'available-replicas'],
  ])('%s is %s inside, and stays in the file', (written, metric) => {
    const loaded = loadedOf(values(written));
    expect(loaded.release.analysis).toMatchObject({ objectives: [{ metric }], rewards: [{ metric }] });
    expect(loaded.values.analysis?.objectives[0]?.metric).toBe(written);
    expect(loaded.text).toContain(`metric: ${written}`);
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
});
