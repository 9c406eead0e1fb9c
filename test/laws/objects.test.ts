import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Json } from '../../src/release/json.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { toYaml, toYamlStream } from '../../src/synth/yaml-writer.js';
import { acceptedText, cells, holds, loaded } from './accepted.js';
import { unknownDestinations } from './destinations.js';
import { readers } from './readers.js';

const nothing = fc.constant(undefined);
const dnsLabel = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** Of several labels, as most kinds but Services may be called. */
const dnsName = /^(?=.{1,63}$)[a-z]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

describe.each(cells)('$title', (cell) => {
  test('render() names every object by a DNS name of at most 63 characters, each once per kind and namespace', () => {
    holds(cell, nothing, ({ release }) => {
      const objects = manifestsOf(release);
      for (const { kind, metadata } of objects) {
        expect(metadata.name).toMatch(kind === 'Service' ? dnsLabel : dnsName);
        expect(metadata.namespace).toMatch(dnsLabel);
      }
      const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
      expect(keys).toEqual([...new Set(keys)]);
    });
  });

  test('render() labels every object as Kubernetes recommends, with values that labels can have', () => {
    holds(cell, nothing, ({ release }) => {
      for (const { metadata } of manifestsOf(release)) {
        const labels = metadata.labels as Record<string, string>;
        expect(labels).toMatchObject({
          'app.kubernetes.io/name': release.model.name,
          'app.kubernetes.io/instance': expect.any(String),
          'app.kubernetes.io/managed-by': 'sluice',
        });
        for (const value of Object.values(labels)) expect(value).toMatch(labelValue);
      }
    });
  });

  // What reads another environment says itself where requests arrive, and that is where its versions are.
  if (cell.environment.id in readers)
    test('render() sends requests only to Services that there are, and to ports that they have or a notice misses', () => {
      holds(cell, nothing, ({ release, notices }) => {
        const unknown = unknownDestinations(manifestsOf(release), release.model);
        const missed = notices.map(({ message }) => /^lacks (\d+)/.exec(message)?.[1]);
        expect(unknown.filter(({ port }) => !missed.includes(String(port)))).toEqual([]);
      });
    });

  test('render() orders nothing by waves or dependencies', () => {
    holds(cell, nothing, ({ release }) => {
      const keys = manifestsOf(release).flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}));
      expect(keys.filter((key) => /sync-wave|depends-on|hook/.test(key))).toEqual([]);
    });
  });

  test('manifestsOf() gives the same bytes for the same values', () => {
    holds(cell, nothing, ({ release }, values) => {
      expect(toYamlStream(manifestsOf(loaded(values).release))).toBe(toYamlStream(manifestsOf(release)));
    });
  });

  test('manifestsOf() gives the same bytes whatever the order of the keys', () => {
    holds(cell, fc.infiniteStream(fc.nat(1000)), ({ release }, values, numbers) => {
      const text = toYaml(shuffled(values as unknown as Json, () => numbers.next().value));
      const other = acceptedText(text);
      expect(other && toYamlStream(manifestsOf(other.release))).toBe(toYamlStream(manifestsOf(release)));
    });
  });

  test('toYamlStream() prints what it is when it is parsed, by YAML 1.1 and 1.2, and prints that alike', () => {
    holds(cell, nothing, ({ release }) => {
      const objects = manifestsOf(release);
      const text = toYamlStream(objects);
      for (const version of ['1.1', '1.2'] as const) {
        const parsed = parseAllDocuments(text, { version }).map((document) => document.toJS() as Json);
        expect(parsed).toEqual(objects);
        expect(toYamlStream(parsed)).toBe(text);
      }
    });
  });
});

/** Puts the keys of all maps in another order. */
function shuffled(value: Json, next: () => number): Json {
  if (Array.isArray(value)) return value.map((each: Json) => shuffled(each, next));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, child]) => ({ key, child: shuffled(child, next), at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ key, child }) => [key, child]),
  );
}
