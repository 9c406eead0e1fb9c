import { describe, expect, it } from 'vitest';
import { applyHead } from '../../../src/cli/demo/cluster.js';
import { Simulator } from '../../../src/sources/simulator.js';
import { ScratchRepository } from '../../gitops/scratch-repository.js';

const manifests = 'rendered/reviews/manifests.yaml';

function workload(name: string, image: string): string {
  return `kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec: {template: {spec: {containers: [{image: ${image}}]}}}
---
`;
}

function rendered(weights: { readonly [version: string]: number }): string {
  const backends = Object.entries(weights).map(
    ([name, weight]) => `{destination: {host: ${name}.shop.svc.cluster.local}, weight: ${weight}}`,
  );
  return `${Object.keys(weights)
    .map((name) => workload(name, `image-of-${name}`))
    .join('')}kind: VirtualService
metadata: {namespace: shop}
spec: {http: [{route: [${backends.join(', ')}]}]}
`;
}

function errorsOf(simulator: Simulator, service: string): number {
  return simulator.totals({ namespace: 'shop', service, reporter: 'source' }, simulator.now).errors;
}

describe('applyHead()', () => {
  it('applyHead() follows what is committed, whatever lies in the working tree', async () => {
    const repository = new ScratchRepository({ [manifests]: rendered({ v1: 80, v2: 20 }) });
    repository.write(manifests, rendered({ v1: 0, v2: 100 }));
    const simulator = new Simulator({ seed: 1, start: 0 });
    const behaviourOf = () => ({ errorRate: 0, latency: 10 });
    expect(await applyHead(simulator, { folder: repository.root, manifests, behaviourOf })).toEqual({ v1: 80, v2: 20 });

    simulator.advance(60);
    const [v1, v2] = ['v1', 'v2'].map(
      (service) => simulator.totals({ namespace: 'shop', service, reporter: 'source' }, 60).requests,
    );
    expect((v1 ?? 0) / (v2 ?? 0)).toBeCloseTo(4, 0);
  });

  it('applyHead() lets every version behave as its image does', async () => {
    const repository = new ScratchRepository({ [manifests]: rendered({ v1: 50, v2: 50 }) });
    const simulator = new Simulator({ seed: 1, start: 0 });
    const behaviourOf = (image: string) => ({ errorRate: image === 'image-of-v2' ? 1 : 0, latency: 10 });
    await applyHead(simulator, { folder: repository.root, manifests, behaviourOf });
    simulator.advance(10);
    expect(errorsOf(simulator, 'v1')).toBe(0);
    expect(errorsOf(simulator, 'v2')).toBeGreaterThan(100);
  });
});
