import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { loadValues } from '../../src/values/load.js';

const text = `environment: kubernetes
application:
  strategy: canary
  versions:
  - image: registry.example/reviews:v1
  - image: registry.example/reviews:v2
    match: [{headers: {x-tester: {exact: "yes"}}}]
`;

test('checkMeaning() reports an impossible pair once, and not for every match again', () => {
  const load = () => loadValues(text, { file: 'values.yaml', name: 'reviews', namespace: 'default' });

  expect(load).toThrow(ConfigError);
  expect(load).toThrow(
    expect.objectContaining({
      problems: [
        expect.objectContaining({ path: 'application.strategy', line: 3, hint: expect.stringContaining('istio') }),
      ],
    }),
  );
});
