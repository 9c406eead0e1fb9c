import { expect, test } from 'vitest';
import { objectName } from '../../src/environments/names.js';

const long = 'n'.repeat(60);

test('objectName() joins what is short and has no two hyphens', () => {
  expect(objectName(['shop', 'v1'])).toBe('shop--v1');
  expect(objectName(['shop', 'v1', 'copies'])).toBe('shop--v1--copies');
});

test('objectName() tells apart what would be cut to one text, and never ends in a hyphen', () => {
  const names = ['a', 'b'].map((end) => objectName([long, `${long}${end}`]));
  expect(names[0]).not.toBe(names[1]);
  for (const name of [...names, objectName(['n'.repeat(53), 'v1'], { identity: ['x'] })]) {
    expect(name).toMatch(/^n+-[0-9a-f]{8}$/);
    expect(name.length).toBeLessThanOrEqual(63);
  }
});

test('objectName() tells apart the parts, wherever their hyphens stand', () => {
  const pairs = [
    ['shop', 'api--v1'],
    ['shop--api', 'v1'],
    ['shop', 'api', 'v1'],
    ['shop-api', 'v1'],
  ];
  expect(new Set(pairs.map((parts) => objectName(parts))).size).toBe(pairs.length);
});

test('objectName() goes by the identity, unless the parts suffice', () => {
  const at = (...identity: string[]) => objectName(['shop', 'v1'], { identity });
  expect(at('a.example')).not.toBe(at('b.example'));
  expect(objectName(['shop', 'v1'], { identity: ['*'], plain: true })).toBe('shop--v1');
});
