import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { releaseOf, twoVersions } from '../release-of.js';
import { pairs, within } from './cells.js';

const LIMIT = 63;
const label = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Returns kind, namespace and name of every object; undefined where the names are refused. */
function keysOf(text: string): string[] | undefined {
  try {
    return manifestsOf(releaseOf(text)).map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

describe.each(pairs)('$environment.id x $strategy.id', ({ environment, strategy }) => {
  /** Values of a release with two versions, all called so. */
  function named(release: string, one: string, other: string): string {
    const values = twoVersions(environment.id, strategy.id);
    return within(values, `metadata: {name: ${release}}`)
      .replace('{name: v1}', `{name: ${one}}`)
      .replace('{name: v2}', `{name: ${other}}`);
  }

  test('gives two releases of one namespace no object of one name', () => {
    const keys = [named('shop', 'api-v1', 'api-v2'), named('shop-api', 'v1', 'v2')].flatMap(
      (text) => keysOf(text) ?? [],
    );
    expect(keys.length).toBeGreaterThan(0);
    expect(keys).toEqual([...new Set(keys)]);
  });

  test('renders a version that is called like the release, or refuses it', () => {
    const keys = keysOf(named('shop', 'shop', 'v2')) ?? [];
    expect(keys).toEqual([...new Set(keys)]);
  });

  test('tells objects apart whose names are cut, by names that Kubernetes takes', () => {
    const long = 'n'.repeat(LIMIT - 2);
    // Names that begin alike; some environments refuse the longest, as what they append would not fit.
    const shorter = long.slice(0, 40);
    const tried = [named(long, `${long}-a`, `${long}-b`), named(shorter, `${shorter}-a`, `${shorter}-b`)];
    const accepted = tried.map(keysOf).filter((keys) => keys !== undefined);
    expect(accepted.length).toBeGreaterThan(0);
    for (const keys of accepted) {
      expect(keys).toEqual([...new Set(keys)]);
      expect(keys.filter((key) => !label.test(key.split(' ')[2] ?? ''))).toEqual([]);
    }
  });
});
