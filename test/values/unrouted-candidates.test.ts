import { describe, expect, test } from 'vitest';
import { loadedOf, refusalsOf } from '../release-of.js';

/** The first candidate is not routed, and the second one would outrank it. */
const outranked = (environment: string) => `environment: ${environment}
application:
  strategy: canary
  hosts: [{name: shop.example}]
  versions:
  - {image: registry.example/shop:v1}
  - image: registry.example/shop:v2
    routed: false
    matches: [{headers: [{name: x-a, value: "1"}]}]
  - image: registry.example/shop:v3
    matches: [{headers: [{name: x-b, value: "1"}, {name: x-c, value: "1"}]}]
`;

const evaluated = `analysis:
  interval: 60s
  judge: threshold
  objectives: [{metric: error-rate, upperLimit: 0.01}]
`;

const noticesOf = (text: string) => loadedOf(text).notices.map(({ path, message, hint }) => ({ path, message, hint }));

describe.each(['gateway-api', 'emissary'])('an unrouted candidate on %s', (environment) => {
  test('is told about, and stops nothing that is sound without it', () => {
    expect(noticesOf(outranked(environment))).toContainEqual({
      path: 'application.versions[1].matches[0]',
      message: expect.stringContaining('(once every version is routed)'),
      hint: expect.any(String),
    });
  });

  test('is refused where sluice evaluate would route it', () => {
    expect(refusalsOf(outranked(environment) + evaluated)).toContainEqual(
      expect.stringMatching(/^application\.versions\[1\]\.matches\[0\] .*\(once every version is routed\)$/),
    );
  });

  test('is refused as it stands once it is routed', () => {
    const [refusal, ...others] = refusalsOf(outranked(environment).replace('    routed: false\n', ''));
    expect(refusal).toMatch(/^application\.versions\[1\]\.matches\[0\] /);
    expect(refusal).not.toContain('once every version');
    expect(others).toEqual([]);
  });
});

test('an unrouted candidate may speak another protocol, and the hint asks for nothing that is done', () => {
  const text = outranked('gateway-api').replace('routed: false', 'routed: false\n    appProtocol: grpc');
  const [notice] = noticesOf(text).filter(({ message }) => message.includes('speaks grpc'));
  expect(notice?.path).toBe('application.versions[1]');
  expect(notice?.hint).not.toContain('routed: false');
  expect(refusalsOf(text + evaluated)).toContainEqual(expect.stringContaining('speaks grpc'));
});

test('a candidate is reached beside an unrouted one of the same match, and the unrouted one is not told about', () => {
  const text = `environment: istio
application:
  strategy: canary
  versions:
  - {image: registry.example/shop:v1}
  - {image: registry.example/shop:v2, routed: false}
  - {image: registry.example/shop:v3}
  - {image: registry.example/shop:v4, routed: false}
`;
  expect(noticesOf(text)).toEqual([]);
  expect(noticesOf(text.replace(', routed: false', '')).map(({ path }) => path)).toEqual(['application.versions[2]']);
});
