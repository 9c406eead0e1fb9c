import { describe, expect, test } from 'vitest';
import { refusals } from './version-of.js';

const path = 'application.versions[0].autoscaler';

/** Returns what is refused of an autoscaler with these keys. */
function ofScaler(keys: string): string[] {
  return refusals(`autoscaler: {maxReplicas: 3, ${keys}}`);
}

const cpu = (target: string) => `metrics: [{type: Resource, resource: {name: cpu, target: {${target}}}}]`;
const pods = (target: string) => `metrics: [{type: Pods, pods: {metric: {name: calls}, target: {${target}}}}]`;

describe('Autoscaler', () => {
  test.each([
    ['maxReplicas: 2147483647', []],
    ['maxReplicas: 2147483648', ['.maxReplicas is 2147483648, above the most allowed: 2147483647']],
    ['maxReplicas: 3, minReplicas: 0', ['.minReplicas is 0, below the least allowed: 1']],
    ['maxReplicas: 3, minReplicas: 3', []],
    ['maxReplicas: 3, minReplicas: 4', ['.minReplicas is 4, above the 3 of maxReplicas']],
  ])('has numbers of pods that the API server keeps: %s', (keys, expected) => {
    expect(refusals(`autoscaler: {${keys}}`)).toEqual(expected.map((each) => `${path}${each}`));
  });

  test('is told where it was written for all versions', () => {
    expect(refusals('port: 80', '  autoscaler: {minReplicas: 4, maxReplicas: 2}\n')).toEqual([
      'application.autoscaler.minReplicas is 4, above the 2 of maxReplicas',
    ]);
  });

  test.each([
    [cpu('type: Utilization, averageUtilization: 80'), []],
    [cpu('type: AverageValue, averageValue: 500m'), []],
    [cpu('type: AverageValue, averageValue: 1.5'), []],
    [pods('type: AverageValue, averageValue: 100'), []],
    ['metrics: [{type: Cpu}]', ['[0].type is "Cpu"']],
    ['metrics: [{type: Resource}]', ['[0].resource is missing']],
    [
      `${cpu('type: Utilization, averageUtilization: 80').slice(0, -2)}, pods: {metric: {name: a}, target: {type: Value}}}]`,
      ['[0].pods stands beside type Resource, which reads resource alone'],
    ],
    [cpu('type: Utilization, value: 1'), ['[0].resource.target does not say how much']],
    [
      cpu('type: Utilization, averageUtilization: 1, averageValue: 1'),
      ['[0].resource.target says how much in two ways'],
    ],
    [pods('type: Value, value: 1'), ['[0].pods.target does not say how much']],
    [cpu('type: Percent, averageUtilization: 80'), ['[0].resource.target.type is "Percent"']],
    [
      cpu('type: Utilization, averageUtilization: 0'),
      ['[0].resource.target.averageUtilization is 0, below the least allowed: 1'],
    ],
    [
      cpu('type: AverageValue, averageValue: "0.0Gi"'),
      ['[0].resource.target.averageValue "0.0Gi" is no quantity above 0'],
    ],
    [cpu('type: AverageValue, averageValue: lots'), ['[0].resource.target.averageValue "lots" is no quantity above 0']],
    ['metrics: [{type: Resource, resources: {}}]', ['[0].resource is missing', '[0].resources is no known key']],
  ])('measures what the API server knows: %s', (metrics, expected) => {
    expect(ofScaler(metrics)).toEqual(expected.map((each) => `${path}.metrics${each}`));
  });

  test.each([
    ['scaleUp: {tolerance: "0.05", selectPolicy: Disabled}, scaleDown: {stabilizationWindowSeconds: 3600}', []],
    ['scaleUp: {policies: [{type: Pods, value: 2, periodSeconds: 60}]}', []],
    ['scaledown: {}', ['.scaledown is no known key']],
    ['scaleDown: {policies: []}', ['.scaleDown.policies is 0 long, below the least allowed: 1']],
    [
      'scaleDown: {stabilizationWindowSeconds: 3601}',
      ['.scaleDown.stabilizationWindowSeconds is 3601, above the most allowed: 3600'],
    ],
  ])('behaves as the API server knows: %s', (behavior, expected) => {
    expect(ofScaler(`behavior: {${behavior}}`)).toEqual(expected.map((each) => `${path}.behavior${each}`));
  });
});

test.each([
  ['minAvailable: 2147483648', ['.minAvailable is 2147483648, above the most allowed: 2147483647']],
  ['maxUnavailable: -1', ['.maxUnavailable is -1, below the least allowed: 0']],
  ['minAvailable: 2147483647', []],
])('DisruptionBudget has numbers of pods that the API server keeps: %s', (keys, expected) => {
  const place = 'application.versions[0].disruptionBudget';
  expect(refusals(`disruptionBudget: {${keys}}`)).toEqual(expected.map((each) => `${place}${each}`));
});
