import { describe, expect, it } from 'vitest';
import { isOver } from '../../src/values/project/freeze.js';
import { loadProject } from '../../src/values/project.js';

describe('freeze in sluice.yaml', () => {
  it.each([
    ['freeze: {}', {}],
    ['freeze: {reason: holidays, by: Ada}', { reason: 'holidays', by: 'Ada' }],
    ['freeze: {until: 2026-12-27T08:00:00Z}', { until: '2026-12-27T08:00:00Z' }],
    ['freeze: {until: "2026-12-27T09:00:00+01:00"}', { until: '2026-12-27T09:00:00+01:00' }],
  ])('%s is taken as it is', (text, freeze) => {
    expect(loadProject(`${text}\n`, 'sluice.yaml').freeze).toEqual(freeze);
  });

  it.each([
    ['freeze: {until: 2026-12-27}', 'freeze.until'],
    ['freeze: {until: 2026-12-27T08:00:00}', 'freeze.until'],
    ['freeze: {reason: ""}', 'freeze.reason'],
    ['freeze: {by: "a\\nb"}', 'freeze.by'],
    ['freeze: true', 'freeze'],
  ])('%s is refused with its place', (text, path) => {
    expect(() => loadProject(`${text}\n`, 'sluice.yaml')).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path, line: 1 })] }),
    );
  });
});

describe('isOver()', () => {
  it('compares points in time, and never ends what has no end', () => {
    const now = Date.parse('2026-12-27T08:00:00Z') / 1000;
    expect(isOver({}, now)).toBe(false);
    expect(isOver({ until: '2026-12-27T09:00:00+01:00' }, now)).toBe(true);
    expect(isOver({ until: '2026-12-27T09:00:00+01:00' }, now - 1)).toBe(false);
  });
});
