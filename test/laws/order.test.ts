import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/release/model.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { accepted, cells, holds } from './accepted.js';
import { clean, type WrittenValues, type WrittenVersion } from './releases.js';

/** What comes and goes with a version, whether it is routed to or not. */
const ownKinds = ['Deployment', 'InferenceService', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'ReferenceGrant'];

function keyOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

/** Returns the objects by which requests find their way, as texts by their keys; Services are those of `names` aside. */
function routesOf(objects: readonly Manifest[], names: readonly string[]): string[] {
  return objects
    .filter(({ kind }) => !ownKinds.includes(kind))
    .filter(({ kind, metadata }) => kind !== 'Service' || !names.includes(metadata.name))
    .map((each) => JSON.stringify(each));
}

function withVersions(values: WrittenValues, versions: readonly WrittenVersion[]): WrittenValues {
  return clean({ ...values, application: { ...values.application, versions } });
}

/** The ways out of a route that the strategy of the values has. */
function waysOut(needs: string | undefined) {
  const unrouted = { routed: false };
  const weightless = { weight: 0 };
  return fc.constantFrom<object>(
    unrouted,
    { ...unrouted, ...weightless },
    ...(needs === 'weight' || needs === 'mirror' ? [weightless] : []),
  );
}

/**
 * Few releases of some cells can lose a version: chance may draw none of 40. Over all cells there are hundreds, which
 * the last test counts.
 */
const rare = { share: 0 };
let departures = 0;

describe.each(cells)('$title', (cell) => {
  const out = waysOut(cell.strategy.needs);

  test('render() leaves every other object as it is when a candidate enters unrouted', () => {
    holds(cell, out, ({ release }, values, way) => {
      const { versions } = values.application;
      const runs =
        cell.environment.workloads === 'Deployment'
          ? { image: 'registry.example/new:v9' }
          : { storageUri: 's3://new/v9' };
      const port = versions.find((_, i) => release.model.versions[i]?.name === release.model.primary)?.port;
      const newcomer = clean({ metadata: { name: 'newcomer' }, ...runs, port, weight: 10, ...way });
      const entered = accepted(withVersions(values, [...versions, newcomer]));
      if (entered === undefined) return false;
      const before = manifestsOf(release);
      const after = new Map(manifestsOf(entered.release).map((each) => [keyOf(each), each]));
      expect(before.map((each) => after.get(keyOf(each)))).toEqual(before);
      const added = [...after.keys()].filter((key) => !before.some((each) => keyOf(each) === key));
      expect(
        routesOf(
          added.map((key) => after.get(key) as Manifest),
          ['newcomer'],
        ),
      ).toEqual([]);
    });
  });

  test('render() keeps the workload and the Service of a version that leaves the route, and then its entry changes no route', () => {
    departures += holds(
      cell,
      out,
      (_loaded, values, way) => {
        const { versions } = values.application;
        const last = versions.at(-1);
        if (last === undefined || versions.length < 2 || last.external !== undefined) return false;
        const others = versions.slice(0, -1);
        const left = accepted(withVersions(values, [...others, { ...last, ...way }]));
        const removed = accepted(withVersions(values, others));
        if (left === undefined || removed === undefined) return false;
        const { name = '', instance = '' } = left.release.model.versions.at(-1) ?? {};
        const leaving = [name, instance];
        const objects = manifestsOf(left.release);
        const kinds = objects.filter(({ metadata }) => leaving.includes(metadata.name)).map(({ kind }) => kind);
        const { workloads } = cell.environment;
        expect(kinds).toEqual(
          expect.arrayContaining(workloads === 'Deployment' ? [workloads, 'Service'] : [workloads]),
        );
        expect(routesOf(objects, leaving)).toEqual(routesOf(manifestsOf(removed.release), leaving));
      },
      rare,
    );
  });

  test('render() leaves the workload of a version as it is when it leaves the route', () => {
    departures += holds(
      cell,
      out,
      ({ release }, values, way) => {
        const { versions } = values.application;
        const last = versions.at(-1);
        if (last === undefined || versions.length < 2) return false;
        const left = accepted(withVersions(values, [...versions.slice(0, -1), { ...last, ...way }]));
        if (left === undefined) return false;
        expect(workloadsOf(manifestsOf(left.release))).toEqual(workloadsOf(manifestsOf(release)));
      },
      rare,
    );
  });
});

test('enough releases lose a version for the laws to say something', () => {
  expect(departures).toBeGreaterThan(4 * cells.length);
});

/** Workloads without the number of pods, which is the weight where nothing else divides requests. */
function workloadsOf(objects: readonly Manifest[]): string[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'InferenceService'].includes(kind))
    .map((each) => JSON.stringify(each).replace(/"replicas":\d+,/, ''));
}
