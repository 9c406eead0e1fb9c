import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strategicMerge } from '../../src/environments/strategic-merge.js';
import type { JsonObject } from '../../src/release/json.js';

const json = fc.jsonValue().filter((value) => value !== null && !Array.isArray(value) && typeof value === 'object');

test('strategicMerge() with an empty patch changes nothing, and changes neither argument', () => {
  fc.assert(
    fc.property(json, json, (base, patch) => {
      const before = JSON.stringify([base, patch]);
      expect(strategicMerge(base as JsonObject, {})).toEqual(base);
      strategicMerge(base as JsonObject, patch as JsonObject);
      expect(JSON.stringify([base, patch])).toBe(before);
    }),
  );
});

test('strategicMerge() twice with the same patch is the same as once', () => {
  fc.assert(
    fc.property(json, json, (base, patch) => {
      const once = strategicMerge(base as JsonObject, patch as JsonObject);
      expect(strategicMerge(once, patch as JsonObject)).toEqual(once);
    }),
  );
});

test('strategicMerge() replaces lists that have no merge key', () => {
  expect(strategicMerge({ args: ['a', 'b'] }, { args: ['c'] })).toEqual({ args: ['c'] });
});
