import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { valuesJsonSchema } from '../../src/values/json-schema.js';
import { loadedOf, twoVersions } from '../release-of.js';
import { pairs, routed, within } from './cells.js';

interface Keys {
  readonly properties: Readonly<Record<string, Partial<Keys>>>;
}
const { properties } = valuesJsonSchema() as unknown as Keys;

/** Whether a path begins at the root of a values file, such as `application.versionHeader`. */
function isFromRoot(path: string): boolean {
  const [top = '', key = ''] = path.split(/[.[]/);
  if (top !== 'application') return top in properties;
  return key in (properties.application?.properties ?? {});
}

/** Returns the paths of what is refused, or else of the notices. */
function pathsOf(text: string): string[] {
  try {
    return loadedOf(text).notices.map(({ path }) => path);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path);
    throw error;
  }
}

describe.each(pairs)('$environment.id x $strategy.id', ({ environment, strategy }) => {
  const values = twoVersions(environment.id, strategy.id);

  test('names the places of refusals and notices from the root of the values', () => {
    const odd = [
      within(values, 'versionHeader: true', 'matches: [{headers: [{name: x, type: RegularExpression, value: a.*}]}]'),
      within(values, 'match: [{withoutHeaders: {x: {exact: a}}}]', 'hosts: [{name: "*", gateway: a/b}]'),
      within(values, 'autoscaler: {minReplicas: 4, maxReplicas: 2}', 'sessionAffinity: {type: Cookie, cookie: sid}'),
      values.replace('{name: v1}', '{name: shop}'),
      `gateway: edge/public\n${values}`,
    ];
    const paths = [values, ...odd].flatMap(pathsOf);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !isFromRoot(path))).toEqual([]);
  });
});

describe.each(routed)('$environment.id x $strategy.id', ({ environment, strategy }) => {
  const withHeader = (wanted: boolean) =>
    loadedOf(within(twoVersions(environment.id, strategy.id), `versionHeader: ${wanted}`));
  const isSaid = ({ notices }: ReturnType<typeof loadedOf>) =>
    notices.some(({ path }) => path === 'application.versionHeader');
  const isSet = ({ release }: ReturnType<typeof loadedOf>) =>
    JSON.stringify(manifestsOf(release)).includes('app-version');

  test('sets app-version with versionHeader, or says in a notice at application.versionHeader that it cannot', () => {
    const wanted = withHeader(true);
    expect([isSet(wanted) && 'set', isSaid(wanted) && 'said']).toContainEqual(expect.any(String));
  });

  test('sets no app-version without versionHeader, and says nothing of it', () => {
    const unwanted = withHeader(false);
    expect({ set: isSet(unwanted), said: isSaid(unwanted) }).toEqual({ set: false, said: false });
  });
});
