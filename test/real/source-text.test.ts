import { beforeAll, expect, test } from 'vitest';
import { parseSourceText } from '../../src/values/source-text.js';
import { plainScalars } from '../values/plain-scalars.js';
import { requireTools } from './tools.js';
import { readWithHelm } from './yaml-readers.js';

beforeAll(() => requireTools(['helm']));

test('parseSourceText() reads words without quotes as Helm does, values and keys', async () => {
  const words = plainScalars.map(([word]) => word);
  const text = [
    'values:',
    ...words.map((word) => `- ${word}`),
    'keys:',
    ...words.map((word) => `- {? ${word} : 1}`),
    'others: [yes, No, on, y, ~, null, v1, falsey, .iNF, Inf, nan]',
    '',
  ].join('\n');
  expect(parseSourceText(text, 'v.yaml').data).toEqual(await readWithHelm(text));
});
