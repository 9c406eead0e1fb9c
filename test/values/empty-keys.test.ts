import { describe, expect, test } from 'vitest';
import { refusalsOf } from '../release-of.js';

const version = 'metadata: {name: v1}, image: registry.example/shop:v1';

describe('a key without a value', () => {
  test.each([
    ['weight', 'is no weight'],
    ['routed', 'is neither true nor false'],
    ['port', 'is empty, not'],
  ])('is refused in a version: %s', (key, words) => {
    const refused = refusalsOf(`environment: istio\napplication:\n  versions:\n  - {${version}, ${key}: }\n`);
    expect(refused).toEqual([expect.stringContaining(`application.versions[0].${key} `)]);
    expect(refused[0]).toContain(words);
  });

  test.each(['primary', 'replicas', 'port'])('is refused in the application: %s', (key) => {
    const refused = refusalsOf(`environment: kubernetes\napplication:\n  ${key}:\n  versions:\n  - {${version}}\n`);
    expect(refused).toEqual([expect.stringContaining(`application.${key} is empty`)]);
  });

  test('is absent where Iter8 has none to default', () => {
    const text = `environment: istio\napplication:\n  metadata:\n  versions:\n  - {${version.replace('}', ', labels: }')}}\n`;
    expect(refusalsOf(text)).toEqual([]);
  });
});
