import { describe, expect, it } from 'vitest';
import { loadProject } from '../../src/values/project.js';

const metrics = (more: string) => `metrics: {source: prometheus, url: "http://prometheus:9090"${more}}\n`;

describe('metrics in sluice.yaml', () => {
  it('leaves the buckets to what counts for an environment unless it names others', () => {
    expect(loadProject(metrics(''), 'sluice.yaml').metrics?.buckets).toBeUndefined();
    expect(loadProject(metrics(', buckets: [100, 250.5]'), 'sluice.yaml').metrics?.buckets).toEqual([100, 250.5]);
  });

  it('chooses what counts for an environment', () => {
    const text = metrics(', telemetry: {gateway-api: envoy-gateway}');
    expect(loadProject(text, 'sluice.yaml').metrics).toMatchObject({ telemetry: { 'gateway-api': 'envoy-gateway' } });
  });

  it.each([
    ['{nginx: istio}', 'metrics.telemetry.nginx', 'kubernetes, istio, gateway-api'],
    ['{istio: linkerd}', 'metrics.telemetry.istio', 'istio, istio-waypoint'],
    ['istio', 'metrics.telemetry', 'Give a map.'],
  ])('telemetry: %s is refused', (telemetry, path, says) => {
    expect(() => loadProject(metrics(`, telemetry: ${telemetry}`), 'sluice.yaml')).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path, hint: expect.stringContaining(says) })] }),
    );
  });

  it.each(['[]', '[100, 100]', '[250, 100]', '[0, 100]', '[100ms]', '100'])('buckets: %s is refused', (buckets) => {
    expect(() => loadProject(metrics(`, buckets: ${buckets}`), 'sluice.yaml')).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ path: expect.stringMatching(/^metrics\.buckets/), line: 1 })],
      }),
    );
  });
});
