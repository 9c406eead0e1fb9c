import { describe, expect, it } from 'vitest';
import { istioBuckets } from '../../src/sources/istio-buckets.js';
import { Mesh } from './mesh.js';
import { ScratchWorkspace } from './workspace.js';

const valuesFile = 'releases/reviews/values.yaml';

const values = (environment: string, judging: string) => `environment: ${environment}
application:
  strategy: blue-green
  versions:
  - {metadata: {name: reviews-v1}, image: "registry.example/reviews:v1", weight: 100}
  - {metadata: {name: reviews-v2}, image: "registry.example/reviews:v2", weight: 0}
analysis:
  interval: 60s
  ${judging}
rollout: {policy: steps, steps: [50]}
`;

const judgedBy = {
  sequential: 'objectives: [{metric: latency-p95, maxRatio: 1.2}]',
  threshold: `judge: threshold
  objectives: [{metric: latency-p95, upperLimit: 300}]`,
};

/** A primary of 20 ms beside a candidate that takes so long on average, and the passes from its entry to a verdict. */
async function passesOf(text: string, latency: number) {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
  mesh.simulator.service({ namespace: 'default', service: 'reviews-v2' }, { latency });
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [valuesFile]: text });
  const entry = await mesh.pass(workspace);
  const verdict = await mesh.pass(workspace);
  return { entry, verdict, workspace };
}

describe('evaluate() by percentiles', () => {
  it.each(['istio', 'gateway-api'])(
    'rolls back in %s what is slow, and names the ratio that the buckets tell',
    async (environment) => {
      const { entry, verdict, workspace } = await passesOf(values(environment, judgedBy.sequential), 200);
      expect(entry.stdout).toMatch(/^reviews: candidate reviews-v2 0 % → 50 %\n/);
      // The buckets of the hours before the entry tell which one to compare by, so that the first window is evidence.
      expect(verdict.stdout).toMatch(/^reviews: roll back reviews-v2 50 % → 0 %\n/);
      // The primary's p95 lies within 50 ms, the next bucket ends at 100 ms.
      expect(verdict.stdout).toContain("at most 60 ms; the buckets tell 100 ms, 2 times the baseline's bound");
      const lines = workspace.read('releases/reviews/ledger.jsonl').trimEnd().split('\n');
      const { windows } = JSON.parse(lines.at(-1) ?? '');
      for (const version of ['reviews-v1', 'reviews-v2']) {
        const { requests, latencyBuckets } = windows[0].versions[version];
        expect(latencyBuckets.map(({ upTo }: { upTo: number }) => upTo)).toEqual(istioBuckets);
        expect(latencyBuckets.at(-1).requests).toBe(requests);
      }
    },
  );

  it('tells a limit within a bucket from the end of it', async () => {
    const { verdict } = await passesOf(values('istio', judgedBy.threshold), 250);
    expect(verdict.stdout).toMatch(
      /reviews-v2 breaks latency-p95 4\d\d(\.\d)? ms \(at most 300 ms; the buckets tell 250 ms\)/,
    );
  });

  it('promotes what is as fast', async () => {
    const { verdict } = await passesOf(values('istio', judgedBy.threshold), 20);
    expect(verdict.stdout).toMatch(/^reviews: promote reviews-v2\n/);
  });

  it('asks for the buckets of those releases alone that limit a percentile', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0, 'ratings-v1': 0, 'ratings-v2': 0 });
    const tail = values('istio', judgedBy.threshold);
    const mean = tail.replaceAll('reviews', 'ratings').replace('latency-p95', 'latency-mean');
    const files = { 'sluice.yaml': mesh.project, [valuesFile]: tail, 'releases/ratings/values.yaml': mean };
    const workspace = await ScratchWorkspace.rendered(files);
    await mesh.pass(workspace);
    const { code, stdout } = await mesh.pass(workspace);
    expect(code).toBe(0);
    expect(stdout.match(/promote/g)).toHaveLength(2);
    expect(workspace.read('releases/reviews/ledger.jsonl')).toContain('latencyBuckets');
    expect(workspace.read('releases/ratings/ledger.jsonl')).not.toContain('latencyBuckets');
  });
});
