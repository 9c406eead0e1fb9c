import { describe, expect, it } from 'vitest';
import { istioBuckets } from '../../src/sources/istio-buckets.js';
import { loadProject } from '../../src/values/project.js';

const metrics = (more: string) => `metrics: {source: prometheus, url: "http://prometheus:9090"${more}}\n`;

describe('metrics in sluice.yaml', () => {
  it('counts by the buckets of Istio unless it names others', () => {
    expect(loadProject(metrics(''), 'sluice.yaml').metrics?.buckets).toEqual(istioBuckets);
    expect(loadProject(metrics(', buckets: [100, 250.5]'), 'sluice.yaml').metrics?.buckets).toEqual([100, 250.5]);
  });

  it.each(['[]', '[100, 100]', '[250, 100]', '[0, 100]', '[100ms]', '100'])('buckets: %s is refused', (buckets) => {
    expect(() => loadProject(metrics(`, buckets: ${buckets}`), 'sluice.yaml')).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ path: expect.stringMatching(/^metrics\.buckets/), line: 1 })],
      }),
    );
  });
});
