import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { castOf } from '../../src/evaluate/scene-of.js';
import { addVersion } from '../../src/values/add-version.js';
import { baselineEntry } from '../../src/values/baseline-entry.js';
import { type LoadedValues, reloadValues } from '../../src/values/load.js';
import { loadedOf } from '../release-of.js';

const analysis = `analysis:
  interval: 60s
  baseline: fresh
  objectives: [{metric: error-rate, upperLimit: 0.01}]
`;

/** Both versions take part of what they say from elsewhere in the file. */
const shared = `environment: istio
application:
  strategy: blue-green
  autoscaler: {maxReplicas: 30}
  versions:
  - &first
    metadata: {name: v1, labels: &labels {tier: web}}
    image: registry.example/shop:v1
    weight: 100
    disruptionBudget: {minAvailable: 5}
    autoscaler: {minReplicas: 10, maxReplicas: 20}
    deployment: {metadata: {labels: *labels}}
  - <<: *first
    metadata: {name: v2}
    image: registry.example/shop:v2
    weight: 0
    autoscaler: {minReplicas: 2, maxReplicas: 4}
    disruptionBudget: {maxUnavailable: 1}
  - {metadata: {name: v3}, image: "registry.example/shop:v3", weight: 0}
${analysis}`;

function withBaseline(loaded: LoadedValues, candidate: string): LoadedValues {
  const entry = baselineEntry(loaded, 'v1-baseline', candidate);
  return reloadValues(loaded, addVersion(loaded.text, entry, { file: loaded.file, comment: 'ours' }));
}

describe('baselineEntry()', () => {
  test('is the primary at the size of the candidate, written out where the primary uses an anchor', () => {
    const loaded = loadedOf(shared);
    expect(baselineEntry(loaded, 'v1-baseline', 'v2')).toEqual({
      baselineOf: 'v1',
      metadata: { name: 'v1-baseline', labels: { tier: 'web' } },
      image: 'registry.example/shop:v1',
      deployment: { metadata: { labels: { tier: 'web' } } },
      autoscaler: { minReplicas: 2, maxReplicas: 4 },
      disruptionBudget: { maxUnavailable: 1 },
      weight: 0,
    });
    const after = withBaseline(loaded, 'v2');
    expect(after.text.startsWith(loaded.text.slice(0, loaded.text.indexOf('analysis:')))).toBe(true);
    expect(after.text).toMatch(
      /\n {2}- \{baselineOf: v1, metadata: \{labels: \{tier: web\}, name: v1-baseline\}, .*\} # ours\n/,
    );
  });

  test('has no size of its own where the candidate has none', () => {
    const entry = baselineEntry(loadedOf(shared), 'v1-baseline', 'v3');
    expect(Object.keys(entry)).toEqual(['baselineOf', 'metadata', 'image', 'deployment', 'weight']);
  });

  test('is found again as a copy beside candidates of that size, and beside no others', () => {
    const after = withBaseline(loadedOf(shared), 'v2');
    expect(castOf(after).baseline).toEqual({ name: 'v1-baseline', share: 0, fits: ['v2'] });
    expect(castOf(after).others.map(({ name }) => name)).toEqual(['v2', 'v3']);
    const changed = reloadValues(after, after.text.replace('shop:v1', 'shop:v1.1'));
    expect(castOf(changed).baseline?.fits).toEqual([]);
    const grown = reloadValues(
      after,
      after.text.replace('minReplicas: 2, maxReplicas: 4', 'minReplicas: 3, maxReplicas: 4'),
    );
    expect(castOf(grown).baseline?.fits).toEqual([]);
  });

  test.each(['emissary', 'gateway-api', 'istio', 'kserve', 'kserve-0.10', 'kserve-raw', 'modelmesh'])(
    'can be routed beside both in %s',
    (environment) => {
      const text = readFileSync(`templates/values/${environment}-blue-green.yaml`, 'utf8');
      const { analysis: _, rollout: __, ...rest } = parse(text);
      const loaded = loadedOf(`${JSON.stringify({ ...rest, analysis: parse(analysis).analysis })}\n`);
      const { model } = loaded.release;
      const [, candidate] = model.versions;
      const after = withBaseline(loaded, candidate?.name ?? '');
      const { strategy } = after.release;
      const { versions } = strategy.expose(after.release.model, { [candidate?.name ?? '']: 20, 'v1-baseline': 20 });
      const entries = after.values.application.versions.map((entry, position) => {
        return { ...entry, ...versions[after.release.model.versions[position]?.name ?? ''] };
      });
      const routed = { ...after.values, application: { ...after.values.application, versions: entries } };
      const { release } = loadedOf(`${JSON.stringify(routed)}\n`);
      const shares = release.model.versions.map(({ name }) => release.strategy.exposureOf(release.model, name));
      expect(shares).toEqual([60, 20, 20]);
    },
  );
});
