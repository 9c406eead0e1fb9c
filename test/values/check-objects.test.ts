import { describe, expect, test } from 'vitest';
import { refusalsOf } from '../release-of.js';

/** Returns what is refused of a version with these keys, as `<path> <message>`. */
function refusals(version: string, application = '', environment = 'istio'): string[] {
  const entry = `  - {metadata: {name: v1}, image: registry.example/shop:v1, ${version}}\n`;
  return refusalsOf(`environment: ${environment}\napplication:\n${application}  versions:\n${entry}`);
}

describe('checkObjects(), of disruption budgets', () => {
  const path = 'application.versions[0].disruptionBudget';

  test.each([
    ['{}', [`${path} has neither minAvailable nor maxUnavailable`]],
    [
      '{minAvailable: 1, maxUnavailable: 1}',
      [`${path}.maxUnavailable stands beside minAvailable, and a budget takes one of the two`],
    ],
    ['{minAvailable: 150%}', [`${path}.minAvailable is 150%, more than all pods`]],
    ['{minAvailable: 1.5}', [`${path}.minAvailable is no number of pods`]],
    ['{maxUnavailable: half}', [`${path}.maxUnavailable "half" is no percentage`]],
    ['{minAvailable: 100%}', []],
    ['{maxUnavailable: 0%}', []],
  ])('refuses what is no budget: %s', (budget, expected) => {
    expect(refusals(`disruptionBudget: ${budget}`)).toEqual(expected);
  });

  test('hides no error of an autoscaler', () => {
    const application = '  disruptionBudget: {minAvailable: 101%}\n  autoscaler: {minReplicas: 4, maxReplicas: 2}\n';
    expect(refusals('port: 80', application)).toEqual([
      'application.disruptionBudget.minAvailable is 101%, more than all pods',
      expect.stringContaining('autoscaler.minReplicas is 4, above the 2 of maxReplicas'),
    ]);
  });
});

describe('checkObjects(), of specifications', () => {
  const path = 'application.versions[0]';

  test('refuses a Deployment without what an overlay does not bring either', () => {
    const missing = 'and stands in place of all that would be generated';
    expect(refusals('deploymentSpecification: {spec: {}}')).toEqual([
      `${path}.deploymentSpecification.spec has no selector and no template, ${missing}`,
    ]);
    const overlay = 'deployment: {spec: {template: {metadata: {labels: {app: v1}}}}}';
    expect(refusals(`deploymentSpecification: {spec: {}}, ${overlay}`)).toEqual([
      `${path}.deploymentSpecification.spec has no selector, ${missing}`,
    ]);
    expect(refusals('deploymentSpecification: {metadata: {labels: {a: b}}}')).toEqual([]);
  });

  test('refuses a Service without ports, unless it needs none', () => {
    const service = (more: string) => `serviceSpecification: {spec: {ports: []${more}}}`;
    const refused = `${path}.serviceSpecification.spec.ports is empty, and a Service needs a port`;
    expect(refusals(service(''))).toEqual([refused]);
    expect(refusals(service(', clusterIP: None'))).toEqual([]);
    expect(refusals(service(', type: ExternalName, externalName: shop.example'))).toEqual([]);
  });
});
