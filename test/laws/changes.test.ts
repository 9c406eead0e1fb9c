import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Backend, Mirror } from '../../src/release/route-plan.js';
import type { Change } from '../../src/reports/change.js';
import { releaseChanges } from '../../src/reports/release-changes.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import type { LoadedValues } from '../../src/values/load.js';
import { accepted, cells, holds } from './accepted.js';
import { type Cell, clean, type WrittenValues, type WrittenVersion } from './releases.js';

/** The values with one version changed. */
function withVersion(values: WrittenValues, position: number, change: Partial<WrittenVersion>): WrittenValues {
  const versions = values.application.versions.map((version, i) =>
    i === position ? { ...version, ...change } : version,
  );
  return clean({ ...values, application: { ...values.application, versions } });
}

function withOption(values: WrittenValues, option: object): WrittenValues {
  return clean({ ...values, application: { ...values.application, ...option } });
}

/** The values without one of the keys that they have at any depth; lists keep their items. */
function withoutKey(values: WrittenValues, pick: number): WrittenValues {
  const copy = structuredClone(values);
  const places = keysIn(copy);
  const [parent, key = ''] = places[pick % places.length] ?? [];
  if (parent !== undefined) Reflect.deleteProperty(parent, key);
  return copy;
}

function keysIn(value: unknown): (readonly [parent: object, key: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value).map((key) => [value, key] as const);
  return [...own, ...Object.values(value).flatMap(keysIn)];
}

/** Returns what a version gets of any rule, as the plan has it. */
function standing({ strategy, model }: LoadedValues['release'], version: string): string {
  const mine = ({ version: name }: Backend | Mirror) => name === version;
  const { rules } = strategy.plan(model);
  return JSON.stringify(rules.map(({ backends, mirrors }) => [backends.filter(mine), mirrors.filter(mine)]));
}

/** Returns the changes between random values and others made of them; undefined where either cannot be. */
function changesTo(before: LoadedValues, values: WrittenValues) {
  const after = accepted(values);
  return after && { after, changes: releaseChanges(before.release, after.release) };
}

/** Whether the objects are the same; the order of keys says nothing. */
function rendersAlike(before: LoadedValues, after: LoadedValues): boolean {
  const [old, now] = [before, after].map(({ release }) => JSON.parse(JSON.stringify(manifestsOf(release))));
  return isDeepStrictEqual(old, now);
}

function says(changes: readonly Change[], words: string): void {
  expect(changes.map(({ text }) => text).join('\n')).toContain(words);
}

/** What every law is tried with: which version is meant, and a number. */
const extras = fc.record({ at: fc.nat(3), number: fc.integer({ min: 0, max: 100 }) });

/** In some cells few releases allow a change, and chance may draw none of them; over all cells hundreds are tried. */
const options = { runs: 40, share: 0 };

describe.each(cells)('$title', (cell: Cell) => {
  const { environment, strategy } = cell;

  test('releaseChanges() of a release and itself, read twice, is empty', () => {
    holds(cell, extras, (before, values) => {
      expect(changesTo(before, values)?.changes).toEqual([]);
    });
  });

  test('releaseChanges() tells of every version whose part of the requests or copies changes, and of every weight', () => {
    holds(
      cell,
      extras,
      (before, values, { at, number }) => {
        const version = before.release.model.versions[at];
        if (version === undefined) return false;
        const found = changesTo(before, withVersion(values, at, { weight: number }));
        if (found === undefined) return false;
        const { after, changes } = found;
        const told = new Set(changes.map((change) => change.version));
        const routes = changes.filter(({ kind }) => ['share', 'route', 'mirror'].includes(kind));
        const moved = new Set(routes.map((change) => change.version));
        for (const { name } of before.release.model.versions) {
          if (standing(before.release, name) !== standing(after.release, name)) expect(moved).toContain(name);
        }
        if (version.weight !== after.release.model.versions[at]?.weight) expect(told).toContain(version.name);
        if (!rendersAlike(before, after)) expect(changes).not.toEqual([]);
      },
      options,
    );
  });

  test('releaseChanges() has words for any key that is taken out and changes an object', () => {
    holds(
      cell,
      fc.nat(),
      (before, values, pick) => {
        const found = changesTo(before, withoutKey(values, pick));
        if (found === undefined) return false;
        if (rendersAlike(before, found.after)) return false;
        expect(found.changes).not.toEqual([]);
      },
      { runs: 60, share: 0 },
    );
  });

  test('releaseChanges() tells of an image or a model', () => {
    const runs = environment.workloads === 'Deployment' ? 'image' : 'storageUri';
    holds(
      cell,
      extras,
      (before, values, { at }) => {
        const version = values.application.versions[at];
        if (version === undefined || version.external !== undefined) return false;
        const found = changesTo(before, withVersion(values, at, { [runs]: 'registry.example/other:v9' }));
        if (found === undefined) return false;
        says(found.changes, 'registry.example/other:v9');
        expect(found.changes.map((change) => change.version)).toContain(before.release.model.versions[at]?.name);
      },
      options,
    );
  });

  test('releaseChanges() tells of a version that leaves or enters by routed', () => {
    holds(
      cell,
      extras,
      (before, values, { at }) => {
        const version = before.release.model.versions[at];
        if (version === undefined) return false;
        const found = changesTo(before, withVersion(values, at, { routed: !version.routed }));
        if (found === undefined) return false;
        expect(found.changes.map((change) => change.version)).toContain(version.name);
      },
      options,
    );
  });

  test('releaseChanges() tells of a match, with what it asks for', () => {
    const match = { match: [{ headers: { 'x-law': { exact: 'yes' } } }], matches: undefined };
    const own = strategy.needs === 'match';
    holds(
      cell,
      extras,
      (before, values, { at }) => {
        if (before.release.model.versions[at] === undefined) return false;
        const found = changesTo(before, own ? withVersion(values, at, match) : withOption(values, match));
        if (found === undefined) return false;
        says(found.changes, 'header x-law=yes');
      },
      options,
    );
  });

  test('releaseChanges() tells of a host', () => {
    if (!environment.supports.includes('hosts')) return;
    holds(
      cell,
      extras,
      (before, values) => {
        const found = changesTo(before, withOption(values, { hosts: [{ name: 'law.example' }] }));
        if (found === undefined) return false;
        says(found.changes, 'host law.example added');
        for (const { name } of before.release.model.hosts) says(found.changes, `host ${name} removed`);
      },
      options,
    );
  });

  test('releaseChanges() tells of replicas', () => {
    const divided = environment.supports.includes('replicas') && strategy.needs === 'weight';
    const part = environment.workloads === 'Deployment' ? 'deployment' : 'inferenceService';
    const overlay = part === 'deployment' ? { replicas: 7 } : { predictor: { minReplicas: 7 } };
    holds(
      cell,
      extras,
      (before, values, { at }) => {
        const version = values.application.versions[at];
        if (version === undefined || version.external !== undefined) return false;
        const changed = divided
          ? withOption(values, { replicas: 300 })
          : withVersion(values, at, { [part]: { spec: overlay } });
        const found = changesTo(before, changed);
        if (found === undefined) return false;
        expect(found.changes.filter(({ kind }) => kind === 'replicas').map(({ text }) => text)).toEqual([
          expect.stringMatching(divided ? /^replicas: \d+ → 300$/ : /eplicas: \S+ → 7$/),
        ]);
      },
      options,
    );
  });
});
