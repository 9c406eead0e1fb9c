import { describe, expect, test } from 'vitest';
import { overPredictors, prepareServerless } from '../../src/environments/kserve-prepare.js';
import { releaseOf, twoVersions } from '../release-of.js';

const naming = { predictorSuffix: '-predictor' };
const matched = 'application:\n  matches: [{path: {type: PathPrefix, value: /api}}]\n';

function prepared(text: string) {
  const { model, strategy } = releaseOf(text);
  return prepareServerless(model, strategy.plan(model));
}

describe('prepareServerless()', () => {
  test('works out the paths of the predictions, of what is merged as well', () => {
    const overlay = 'inferenceService: {spec: {predictor: {model: {protocolVersion: v1}}}}';
    const { versions } = prepared(twoVersions('kserve', 'canary', [overlay])).release;
    const paths = versions.map(({ model }) => model.predictionPath);
    expect(paths).toEqual(['/v2/models/v1/infer', '/v1/models/v2:predict']);
  });

  test('rewrites what a split matched for its branches, and the rest for its version', () => {
    const { plan } = prepared(twoVersions('kserve', 'blue-green').replace('application:\n', matched));
    expect(plan.branches).toEqual(['v1', 'v2']);
    expect(plan.rules.map(({ rewrite }) => rewrite)).toEqual(['/', '/v2/models/v1/infer']);
    expect(plan.rules[0]?.matches.map(({ path }) => path)).toEqual([
      { kind: 'exact', value: '/api' },
      { kind: 'prefix', value: '/api/' },
    ]);
  });

  test('leaves the path of gRPC alone', () => {
    const lines = ['protocolVersion: grpc-v2'];
    const text = twoVersions('kserve', 'blue-green', lines).replace('application:\n', `${matched}  ${lines[0]}\n`);
    expect(prepared(text).plan.rules.map(({ rewrite }) => rewrite)).toEqual([undefined, undefined]);
  });
});

test('overPredictors() addresses the Services of the predictors', () => {
  const { model } = releaseOf(twoVersions('kserve', 'canary'));
  const [, second] = overPredictors(model, naming).versions;
  expect(second?.address).toMatchObject({ service: 'v2-predictor', port: 80 });
});
