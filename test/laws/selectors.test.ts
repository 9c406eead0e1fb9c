import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/release/model.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { accepted, cells, holds } from './accepted.js';
import { clean, type WrittenValues, type WrittenVersion } from './releases.js';

interface Change {
  readonly what: 'image' | 'weight' | 'routed' | 'primary' | 'strategy' | 'labels' | 'port' | 'versionHeader';
  readonly at: number;
}

const changes: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('image', 'weight', 'routed', 'primary', 'strategy', 'labels', 'port', 'versionHeader'),
  at: fc.nat(3),
});

function changed(
  { application, ...top }: WrittenValues,
  { what, at }: Change,
  names: readonly string[],
): WrittenValues {
  const position = at % application.versions.length;
  const versions = application.versions.map((each, i) => (i === position ? changedVersion(each, what) : each));
  const other = application.strategy === 'none' ? 'canary' : 'none';
  return clean({
    ...top,
    application: {
      ...application,
      versions,
      ...(what === 'primary' && { primary: names[position] }),
      ...(what === 'strategy' && { strategy: other, replicas: undefined, match: undefined, matches: undefined }),
      ...(what === 'versionHeader' && { versionHeader: application.versionHeader === false }),
    },
  });
}

function changedVersion(version: WrittenVersion, what: Change['what']): WrittenVersion {
  switch (what) {
    case 'image':
      return 'image' in version
        ? { ...version, image: 'registry.example/other:v9' }
        : { ...version, storageUri: 's3://other/v9' };
    case 'weight':
      return { ...version, weight: (version.weight ?? 50) + 1 };
    case 'routed':
      return { ...version, routed: version.routed === false };
    case 'labels':
      return { ...version, metadata: { ...version.metadata, labels: { team: 'z', added: 'later' } } as object };
    case 'port':
      return { ...version, port: 9999 };
    default:
      return version;
  }
}

/** Returns the selectors of the objects, by kind and name. */
function selectorsOf(objects: readonly Manifest[]): Map<string, unknown> {
  return new Map(
    objects.flatMap(({ kind, metadata, spec }) => {
      const { selector } = (spec ?? {}) as { selector?: unknown };
      return selector === undefined ? [] : [[`${kind} ${metadata.namespace}/${metadata.name}`, selector]];
    }),
  );
}

describe.each(cells)('$title', (cell) => {
  test('render() selects by nothing that changes over the life of a workload', () => {
    holds(cell, changes, ({ release }, values, change) => {
      const next = accepted(
        changed(
          values,
          change,
          release.model.versions.map(({ name }) => name),
        ),
      );
      if (next === undefined) return false;
      const after = selectorsOf(manifestsOf(next.release));
      for (const [key, selector] of selectorsOf(manifestsOf(release))) {
        if (after.has(key)) expect({ key, selector: after.get(key) }).toEqual({ key, selector });
      }
    });
  });

  if (cell.environment.workloads !== 'Deployment') return;

  test('render() selects by the Service of a version the pods of that version alone', () => {
    holds(cell, fc.constant(undefined), ({ release }) => {
      const objects = manifestsOf(release);
      const pods = objects.filter(({ kind }) => kind === 'Deployment').map(podsOf);
      for (const { name, instance, namespace, serviceSpecification, external } of release.model.versions) {
        if (serviceSpecification?.spec !== undefined || external !== undefined) continue;
        const service = objects.find(
          ({ kind, metadata }) => kind === 'Service' && metadata.name === name && metadata.namespace === namespace,
        );
        const { selector } = (service?.spec ?? {}) as { selector?: Record<string, string> };
        const found = pods
          .filter((each) => each.namespace === namespace)
          .filter(({ labels }) => Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value));
        expect(found.map((each) => each.name)).toEqual([instance]);
      }
    });
  });
});

function podsOf({ metadata, spec }: Manifest) {
  const { template } = spec as unknown as { template: { metadata: { labels: Record<string, string> } } };
  return { name: metadata.name, namespace: metadata.namespace, labels: template.metadata.labels };
}
