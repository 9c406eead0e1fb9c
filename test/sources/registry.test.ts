import { expect, test } from 'vitest';
import { type SourceId, sources } from '../../src/sources/registry.js';

test('sources makes each source from a URL and a timeout alone', () => {
  const ids: readonly SourceId[] = ['prometheus'];
  expect(Object.keys(sources)).toEqual(ids);
  for (const create of Object.values(sources)) {
    expect(create({ url: 'http://127.0.0.1:9', timeout: 1 }).read).toBeTypeOf('function');
  }
});
