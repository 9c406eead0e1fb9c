import { expect, test } from 'vitest';
import { checkShape } from '../../src/values/check-shape.js';
import { parseSourceText } from '../../src/values/source-text.js';
import { Values } from '../../src/values/values.js';

const good =
  'environment: istio\napplication:\n  match:\n  versions:\n  - {image: "reviews:v1", weight:, metadata: {labels: }}\n';
const broken =
  'environment: istoi\ngatway: 1\napplication:\n  port: eighty\n  match: [{uri: {exact: 1}}]\n  versions: []\n';

test.each([good, broken])('checkShape() says the same of the first file and of the two hundredth', (text) => {
  const source = parseSourceText(text, 'values.yaml');
  const outcomes = Array.from({ length: 200 }, () => outcomeOf(() => checkShape(source, Values)));
  expect(new Set(outcomes).size).toBe(1);
});

function outcomeOf(check: () => unknown): string {
  try {
    return JSON.stringify(check());
  } catch (error) {
    return JSON.stringify((error as { problems?: unknown }).problems);
  }
}
