import { describe, expect, test } from 'vitest';
import { inferenceService } from '../../src/environments/inference-service.js';
import { releaseOf, twoVersions } from '../release-of.js';

function second(lines: readonly string[], deploymentMode: 'Serverless' | 'ModelMesh' = 'Serverless') {
  const { model } = releaseOf(twoVersions('kserve', 'none', lines));
  const version = model.versions[1];
  if (version === undefined) throw new Error('no second version');
  return inferenceService(model, version, { deploymentMode });
}

describe('inferenceService', () => {
  test('inferenceService() generates the predictor of a model, with the mode and the protocol of its ports', () => {
    const lines = ['runtime: kserve-mlserver', 'protocolVersion: v2', 'ports: [{containerPort: 9000, name: h2c}]'];
    expect(second(lines)).toMatchObject({
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: 'v2', annotations: { 'serving.kserve.io/deploymentMode': 'Serverless' } },
      spec: {
        predictor: {
          minReplicas: 1,
          model: {
            modelFormat: { name: 'sklearn' },
            runtime: 'kserve-mlserver',
            storageUri: 'gs://models.example/shop/v2',
            protocolVersion: 'v2',
            ports: [{ containerPort: 9000, name: 'h2c', protocol: 'TCP' }],
          },
        },
      },
    });
  });

  test('inferenceService() writes no empty list of ports', () => {
    expect(second(['ports: []'])).not.toHaveProperty('spec.predictor.model.ports');
  });

  test('inferenceService() leaves the replicas of ModelMesh to its runtimes', () => {
    const object = second([], 'ModelMesh');
    expect(object).toMatchObject({ metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' } } });
    expect(object).toHaveProperty('spec.predictor', {
      model: { modelFormat: { name: 'sklearn' }, storageUri: 'gs://models.example/shop/v2' },
    });
  });

  test('inferenceService() merges overlays over a specification', () => {
    const lines = [
      'inferenceServiceSpecification:',
      '  metadata: {annotations: {team: flowers}}',
      '  spec: {predictor: {minReplicas: 3, sklearn: {storageUri: s3://own}}}',
      'inferenceService: {spec: {predictor: {minReplicas: 4}}}',
    ];
    const object = second(lines);
    expect(object).toMatchObject({
      metadata: { annotations: { team: 'flowers', 'serving.kserve.io/deploymentMode': 'Serverless' } },
      spec: { predictor: { minReplicas: 4, sklearn: { storageUri: 's3://own' } } },
    });
    expect(JSON.stringify(object)).not.toContain('modelFormat');
  });
});
