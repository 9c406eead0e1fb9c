import { describe, expect, it } from 'vitest';
import { subjectsOf } from '../../src/evaluate/ledger.js';
import { loadedOf } from '../release-of.js';

/** The subjects of two versions, the second with a tenth of what the strategy divides. */
function subjectsIn(head: string, { strategy = 'blue-green', versions = '' } = {}) {
  const { release } = loadedOf(`${head}application:
  metadata: {name: reviews, namespace: shop}
  strategy: ${strategy}
${versions || `  versions:\n  - {metadata: {name: v1}, image: r.example/r:v1, weight: 90}\n  - {metadata: {name: v2}, image: r.example/r:v2, weight: 10}\n`}`);
  return subjectsOf(
    release,
    release.model.versions.map(({ name }) => name),
  );
}

const models = `  modelFormat: sklearn
  versions:
  - {metadata: {name: v1}, storageUri: "gs://models/1", weight: 90}
  - {metadata: {name: v2}, storageUri: "gs://models/2", weight: 10}
`;
const common = { release: 'reviews', namespace: 'shop', reporter: 'source' };

describe('subjectsOf()', () => {
  it.each(['istio', 'emissary'])('knows a version of %s by its Service and its Deployment', (environment) => {
    expect(subjectsIn(`environment: ${environment}\n`)).toEqual({
      v1: { ...common, version: 'v1', environment, service: 'v1', workload: 'v1' },
      v2: { ...common, version: 'v2', environment, service: 'v2', workload: 'v2' },
    });
  });

  it('knows whose side counts a mirror', () => {
    expect(subjectsIn('environment: istio\n', { strategy: 'mirrored' }).v2?.reporter).toBe('destination');
  });

  it('knows a Deployment by the name that a specification gives it', () => {
    const versions = `  versions:
  - metadata: {name: v1}
    image: r.example/r:v1
    deploymentSpecification: {metadata: {name: reviews-one}}
  - {external: {service: reviews-old}}
`;
    const { v1, 'reviews-old': other } = subjectsIn('environment: istio\n', { strategy: 'none', versions });
    expect(v1).toMatchObject({ service: 'v1', workload: 'reviews-one' });
    expect(other).toMatchObject({ service: 'reviews-old', workload: 'reviews-old' });
  });

  it('knows where a version stands in a route of the Gateway API', () => {
    const { v1, v2 } = subjectsIn('environment: gateway-api\n');
    expect(v1?.backends).toEqual(['shop/reviews/rule/0/backend/0']);
    expect(v2?.backends).toEqual(['shop/reviews/rule/0/backend/1']);
    expect(v2?.environment).toBe('gateway-api');
  });

  it('knows the rules of a canary, each of which has one backend', () => {
    const { v1, v2 } = subjectsIn('environment: gateway-api\n', { strategy: 'canary' });
    expect(v2?.backends).toEqual(['shop/reviews/rule/0', 'shop/reviews/rule/0/backend/0']);
    expect(v1?.backends).toEqual(['shop/reviews/rule/1', 'shop/reviews/rule/1/backend/0']);
  });

  it('knows where copies go', () => {
    const { v1, v2 } = subjectsIn('environment: gateway-api\n', { strategy: 'mirrored' });
    expect(v1?.backends).toEqual(['shop/reviews/rule/0', 'shop/reviews/rule/0/backend/0']);
    expect(v2?.backends).toEqual(['shop/reviews/rule/0-mirror-0']);
  });

  it('knows that sessions have rules of their own before the split', () => {
    const { v1, v2 } = subjectsIn('environment: gateway-api\n', {
      versions: `  sessionAffinity: {type: Cookie}
  versionHeader: false
  versions:
  - {metadata: {name: v1}, image: r.example/r:v1, weight: 90}
  - {metadata: {name: v2}, image: r.example/r:v2, weight: 10}
`,
    });
    const alone = (rule: number) => [`shop/reviews/rule/${rule}`, `shop/reviews/rule/${rule}/backend/0`];
    expect(v1?.backends).toEqual([...alone(0), 'shop/reviews/rule/2/backend/0']);
    expect(v2?.backends).toEqual([...alone(1), 'shop/reviews/rule/2/backend/1']);
  });

  it('knows that backends without filters share a cluster', () => {
    const versions = `  versionHeader: false
  versions:
  - {metadata: {name: v1}, image: r.example/r:v1, weight: 90}
  - {metadata: {name: v2}, image: r.example/r:v2, weight: 10}
`;
    const { v1, v2 } = subjectsIn('environment: gateway-api\n', { versions });
    expect([v1?.backends, v2?.backends]).toEqual([['shop/reviews/rule/0'], ['shop/reviews/rule/0']]);
  });

  it.each([
    ['kserve', 'v1-predictor'],
    ['kserve-0.10', 'v1-predictor-default'],
  ])('knows the Knative Service of an InferenceService of %s', (environment, service) => {
    const { v1 } = subjectsIn(`environment: ${environment}\n`, { versions: models });
    expect(v1).toEqual({ ...common, version: 'v1', environment, service, workload: 'v1' });
  });

  it('knows that RawDeployment is routed by the Gateway API', () => {
    const { v2 } = subjectsIn('environment: kserve\n', { versions: `  deploymentMode: RawDeployment\n${models}` });
    const names = { environment: 'gateway-api', service: 'v2-predictor', workload: 'v2-predictor' };
    expect(v2).toEqual({ ...common, version: 'v2', ...names, backends: ['shop/reviews/rule/0/backend/1'] });
  });

  it('knows a model by the id that its requests name', () => {
    const { v1 } = subjectsIn('environment: modelmesh\n', { versions: models });
    expect(v1).toMatchObject({ environment: 'modelmesh', workload: 'v1', namespace: 'shop' });
  });
});
