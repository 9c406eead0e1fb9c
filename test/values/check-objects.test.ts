import { describe, expect, test } from 'vitest';
import { refusals } from './version-of.js';

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
      'application.autoscaler.minReplicas is 4, above the 2 of maxReplicas',
    ]);
  });
});

describe('checkObjects(), of selectors', () => {
  const own = 'application.versions[0].deployment.spec.selector';
  const overlay = (selector: string, labels = '{}') =>
    `deployment: {spec: {selector: ${selector}, template: {metadata: {labels: ${labels}}}}}`;

  test.each([
    ['{matchLabels: {x: one}}', '{}', 'x: one'],
    ['{matchLabels: {x: one}}', '{x: z}', 'x: one'],
    ['{matchExpressions: [{key: x, operator: Exists}]}', '{}', '{"key":"x","operator":"Exists"}'],
    ['{matchExpressions: [{key: app, operator: DoesNotExist}]}', '{}', '{"key":"app","operator":"DoesNotExist"}'],
    ['{matchExpressions: [{key: x, operator: In, values: [a]}]}', '{x: b}', 'In'],
    ['{matchExpressions: [{key: x, operator: NotIn, values: [a]}]}', '{x: a}', 'NotIn'],
    ['{matchExpressions: [{key: app, operator: exists}]}', '{}', 'exists'],
  ])('refuses one that the pods do not fit: %s with %s', (selector, labels, words) => {
    const [refused = '', ...more] = refusals(overlay(selector, labels));
    expect(more).toEqual([]);
    expect(refused.startsWith(`${own} asks for `)).toBe(true);
    expect(refused.endsWith(', which the pods of v1 do not carry')).toBe(true);
    expect(refused).toContain(words);
  });

  test.each([
    ['{matchLabels: {x: one}}', '{x: one}'],
    ['{matchLabels: {app.kubernetes.io/managed-by: sluice}}', '{}'],
    ['{matchExpressions: [{key: x, operator: In, values: [a, b]}, {key: app, operator: Exists}]}', '{x: b}'],
    ['{matchExpressions: [{key: z, operator: NotIn, values: [a]}, {key: z, operator: DoesNotExist}]}', '{x: b}'],
  ])('takes one that they fit: %s with %s', (selector, labels) => {
    expect(refusals(overlay(selector, labels))).toEqual([]);
  });

  test('refuses one that is empty, which would select nothing', () => {
    const message = 'is empty, and the Deployment of v1 has to say which pods are its own';
    const spec = '{selector: {}, template: {metadata: {labels: {app: v1}}, spec: {containers: [{name: a, image: b}]}}}';
    expect(refusals(`deploymentSpecification: {spec: ${spec}}`)).toEqual([
      `application.versions[0].deploymentSpecification.spec.selector ${message}`,
    ]);
  });

  test('names the overlay of all versions once, and a specification where it stands', () => {
    const shared = '  deployment: {spec: {selector: {matchLabels: {x: one}}}}\n';
    expect(refusals('port: 80', shared)).toEqual([
      'application.deployment.spec.selector asks for x: one, which the pods of v1 do not carry',
    ]);
    const spec =
      '{selector: {matchLabels: {app: v2}}, template: {metadata: {labels: {app: v1}}, spec: {containers: [{name: a, image: b}]}}}';
    expect(refusals(`deploymentSpecification: {spec: ${spec}}`)).toEqual([
      'application.versions[0].deploymentSpecification.spec.selector asks for app: v2, which the pods of v1 do not carry',
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
    const containers = '[{name: a, image: registry.example/shop:v1}]';
    const overlay = `deployment: {spec: {template: {spec: {containers: ${containers}}}}}`;
    expect(refusals(`deploymentSpecification: {spec: {}}, ${overlay}`)).toEqual([
      `${path}.deploymentSpecification.spec has no selector, ${missing}`,
    ]);
    expect(refusals('deploymentSpecification: {metadata: {labels: {a: b}}}')).toEqual([]);
  });
});

describe('checkObjects(), of containers', () => {
  const path = 'application.versions[0].deployment.spec.template.spec.containers';
  const overlay = (containers: string) => `deployment: {spec: {template: {spec: {containers: ${containers}}}}}`;

  test.each([
    ['[{name: side}]', [`${path} leaves the container side of v1 without an image`]],
    ['[{name: v1, env: []}, {name: side, image: registry.example/side:v1}]', []],
    ['[{env: []}]', []],
  ])('wants an image of every one: %s', (containers, expected) => {
    expect(refusals(overlay(containers))).toEqual(expected);
  });

  test('wants one at least, and each name once', () => {
    expect(refusals(overlay('null'))).toEqual([`${path} leaves v1 without containers`]);
    const twins = '[{name: a, image: b}, {name: a, image: c}]';
    const template = `{metadata: {labels: {app: v1}}, spec: {containers: ${twins}}}`;
    const whole = `deploymentSpecification: {spec: {selector: {matchLabels: {app: v1}}, template: ${template}}}`;
    expect(refusals(`${whole}, ${overlay('[{name: a, env: []}]')}`)).toEqual([
      'application.versions[0].deploymentSpecification.spec.template.spec.containers holds two containers a',
    ]);
  });

  test('names the part of the application, and the container that may be meant', () => {
    const application = `  ${overlay('[{env: []}]')}\n`;
    const template = '{metadata: {labels: {app: v1}}, spec: {containers: [{name: main, image: a.example/b:1}]}}';
    const whole = `deploymentSpecification: {spec: {selector: {matchLabels: {app: v1}}, template: ${template}}}`;
    expect(refusals(whole, application)).toEqual([
      'application.deployment.spec.template.spec.containers leaves the container v1 of v1 without an image',
    ]);
  });
});
