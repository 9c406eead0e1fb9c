import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { cells, holds } from './accepted.js';
import { plannedAnswers, renderedAnswers } from './answers.js';
import { fulfils, requests } from './matches.js';

const nothing = fc.constant(undefined);
const someRequests = fc.array(requests, { minLength: 12, maxLength: 12 });

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
    test('plan() sends a request to a candidate only by a match of that candidate, all others to the primary', () => {
      holds(cell, someRequests, ({ release: { model, strategy } }, _values, list) => {
        const plan = strategy.plan(model);
        expect(plan.rules.at(-1)?.backends).toEqual([{ version: model.primary, share: 100 }]);
        for (const request of list) {
          const [version] = Object.keys(plannedAnswers(plan, request, 'text'));
          const matches = model.versions.find(({ name }) => name === version)?.matches ?? [];
          const matched = matches.some((each) => fulfils(request, each, 'text'));
          expect(version === model.primary || matched).toBe(true);
        }
      });
    });
  }

  test('render() makes a route by which the versions answer that the plan says, whatever the request', () => {
    holds(
      cell,
      someRequests,
      ({ release }, _values, list) => {
        const { model, strategy } = release;
        const plan = strategy.plan(model);
        if (!model.versionHeader) return false;
        const routes = manifestsOf(release).filter(
          ({ kind, metadata }) => ['VirtualService', 'HTTPRoute'].includes(kind) && metadata.name === model.name,
        );
        for (const route of routes) {
          const prefixes = route.kind === 'HTTPRoute' ? 'elements' : 'text';
          for (const request of list) {
            const planned = plannedAnswers(plan, request, prefixes);
            expect({ request, answers: renderedAnswers(route, request) }).toEqual({ request, answers: planned });
          }
        }
      },
      { share: 0.05 },
    );
  });
});
