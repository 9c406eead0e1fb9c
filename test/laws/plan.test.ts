import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cells, holds } from './accepted.js';

const nothing = fc.constant(undefined);

describe.each(cells)('$title', (cell) => {
  test('plan() gives every rule shares that sum to 100, each above 0, of versions that there are', () => {
    holds(cell, nothing, ({ release: { model, strategy } }) => {
      const names = model.versions.map(({ name }) => name);
      for (const { backends, mirrors } of strategy.plan(model).rules) {
        expect(backends.reduce((sum, { share }) => sum + share, 0)).toBe(100);
        expect(backends.filter(({ share }) => !Number.isInteger(share) || share < 1)).toEqual([]);
        expect(names).toEqual(expect.arrayContaining([...backends, ...mirrors].map(({ version }) => version)));
      }
    });
  });

  test('plan() ends with a rule for every request, and with no other such rule', () => {
    holds(cell, nothing, ({ release: { model, strategy } }) => {
      const open = strategy.plan(model).rules.map(({ matches }) => matches.length === 0);
      expect(open).toEqual(open.map((_, i) => i === open.length - 1));
    });
  });

  test('plan() lets no mirror answer, and copies to nobody who is not routed', () => {
    holds(cell, nothing, ({ release: { model, strategy } }) => {
      for (const { backends, mirrors } of strategy.plan(model).rules) {
        const answering = backends.map(({ version }) => version);
        expect(mirrors.filter(({ version }) => answering.includes(version))).toEqual([]);
        const routed = model.versions.filter((version) => version.routed).map(({ name }) => name);
        expect(routed).toEqual(expect.arrayContaining([...answering, ...mirrors.map(({ version }) => version)]));
        if (strategy.needs === 'mirror') expect(answering).toEqual([model.primary]);
      }
    });
  });

  if (cell.strategy.needs === 'match') {
    test('plan() gives each candidate the matches of that candidate, and all others to the primary alone', () => {
      holds(cell, nothing, ({ release: { model, strategy } }) => {
        const { rules } = strategy.plan(model);
        expect(rules.at(-1)).toMatchObject({ matches: [], backends: [{ version: model.primary, share: 100 }] });
        for (const { matches, backends } of rules.slice(0, -1)) {
          expect(matches).not.toEqual([]);
          const version = model.versions.find(({ name }) => name === backends[0]?.version);
          expect({ matches, backends: backends.length }).toEqual({ matches: version?.matches, backends: 1 });
        }
      });
    });
  }
});
