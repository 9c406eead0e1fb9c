import { describe, expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import type { Environment } from '../../src/release/environment.js';
import type { Strategy } from '../../src/release/strategy.js';
import { strategies } from '../../src/strategies/registry.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { environmentsWith, supports } from '../../src/values/lookup.js';
import { releaseOf, twoVersions } from '../release-of.js';

const pairs = Object.values<Environment>(environments).flatMap((environment) =>
  Object.values<Strategy>(strategies).map((strategy) => ({ environment, strategy })),
);

describe.each(pairs)('$environment.id x $strategy.id', ({ environment, strategy }) => {
  const values = twoVersions(environment.id, strategy.id);

  if (!supports(environment, strategy)) {
    test('is an error that names the environments that can', () => {
      expect(() => releaseOf(values)).toThrow(`is ${strategy.id}, which environment ${environment.id} cannot do`);
      expect(environmentsWith(strategy.needs)).not.toContain(environment.id);
      expect(environmentsWith(strategy.needs).length).toBeGreaterThan(0);
    });
    return;
  }

  const runs = environment.workloads;

  test(`renders ${/^[AEIOU]/.test(runs) ? 'an' : 'a'} ${runs} per version, every object named once and in its namespace`, () => {
    const objects = manifestsOf(releaseOf(values));
    const keys = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(keys).toEqual(expect.arrayContaining([`${runs}/v1`, `${runs}/v2`]));
    if (runs === 'Deployment') expect(keys).toEqual(expect.arrayContaining(['Service/v1', 'Service/v2']));
    expect(new Set(keys).size).toBe(keys.length);
    expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(objects.map(() => 'default'));
  });

  test('gives the same bytes for the same values, whatever the order of their keys', () => {
    const reordered = `${values.split('\n').slice(1).join('\n')}environment: ${environment.id}\n`;
    expect(JSON.stringify(manifestsOf(releaseOf(reordered)))).toBe(JSON.stringify(manifestsOf(releaseOf(values))));
  });

  test('plans backends that sum to 100 and ends with a rule for every request', () => {
    const { model } = releaseOf(values);
    const { rules } = strategy.plan(model);
    expect(rules.at(-1)?.matches).toEqual([]);
    for (const { backends } of rules) {
      expect(backends.reduce((sum, { share }) => sum + share, 0)).toBe(100);
    }
  });

  test('exposes, takes back and promotes a candidate', () => {
    const { model } = releaseOf(values);
    const exposed = strategy.expose(model, { v2: 20 });
    expect(Object.keys(exposed.versions).includes('v2')).toBe(strategy.needs !== undefined);
    expect(strategy.promote(model, 'v2').primary).toBe('v2');
  });
});
