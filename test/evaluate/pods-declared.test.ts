import { expect, test } from 'vitest';
import { podsDeclared } from '../../src/evaluate/pods-declared.js';
import { releaseOf, twoVersions } from '../release-of.js';

function podsOf(second: readonly string[], environment = 'istio'): number | undefined {
  return podsDeclared(releaseOf(twoVersions(environment, 'blue-green', second)).model, 'v2');
}

test.each([
  { says: [], pods: undefined },
  { says: ['deployment: {spec: {replicas: 3}}'], pods: 3 },
  { says: ['deployment: {spec: {replicas: 0}}'], pods: undefined },
  { says: ['autoscaler: {minReplicas: 2, maxReplicas: 5}'], pods: 2 },
])('podsDeclared() of $says is $pods', ({ says, pods }) => {
  expect(podsOf(says)).toBe(pods);
});

test('podsDeclared() knows nothing of pods that shares divide, nor of a version that is not there', () => {
  expect(podsOf([], 'kubernetes')).toBeUndefined();
  expect(podsDeclared(releaseOf(twoVersions('istio', 'blue-green')).model, 'v9')).toBeUndefined();
});
