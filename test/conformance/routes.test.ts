import { describe, expect, test } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import type { Environment } from '../../src/release/environment.js';
import { versionNamed } from '../../src/release/model.js';
import type { Strategy } from '../../src/release/strategy.js';
import { strategies } from '../../src/strategies/registry.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { supports } from '../../src/values/lookup.js';
import { releaseOf, twoVersions } from '../release-of.js';
import { asksFor, effectOf, refersTo } from './route-objects.js';

const pairs = Object.values<Environment>(environments).flatMap((environment) =>
  Object.values<Strategy>(strategies)
    .filter((strategy) => supports(environment, strategy))
    .map((strategy) => ({ environment, strategy })),
);
// Where the weights divide pods, nothing names a version's Service: the pods are all that there is of a route.
const routed = pairs.filter(({ environment }) => !environment.supports.includes('replicas'));

/** Two versions, of which the second has a port of its own where one Service does not stand for both. */
function valuesOf({ environment, strategy }: (typeof pairs)[number], second: readonly string[] = []): string {
  const own = environment.workloads === 'Deployment' && !environment.supports.includes('replicas');
  const ports = own ? ['port: 8081'] : [];
  return twoVersions(environment.id, strategy.id, [...ports, ...second]);
}

/** Returns the values with these lines in the application. */
function within(text: string, ...lines: readonly string[]): string {
  return text.replace('  versions:\n', `${lines.map((line) => `  ${line}\n`).join('')}  versions:\n`);
}

function headerMatch(value: string): string {
  return `matches: [{headers: [{name: x-tester, value: ${value}}]}]`;
}

/** Asserts that the two are routed otherwise. */
function expectOtherwise(one: string, other: string): void {
  expect(effectOf(releaseOf(one))).not.toBe(effectOf(releaseOf(other)));
}

describe.each(routed)('the route of $environment.id x $strategy.id', (pair) => {
  const { environment, strategy } = pair;
  const values = valuesOf(pair);

  test('leads to every version of the plan, at its own port', () => {
    for (const text of [values, within(values, 'primary: v2')]) {
      const release = releaseOf(text);
      const { rules } = strategy.plan(release.model);
      const reached = rules.flatMap(({ backends, mirrors }) => [...backends, ...mirrors].map(({ version }) => version));
      expect(reached.length).toBeGreaterThan(0);
      const reaches = environment.workloads === 'Deployment' ? refersTo : asksFor;
      expect(reached.filter((name) => !reaches(release, versionNamed(release.model, name)))).toEqual([]);
    }
  });

  // Of a split, only what it is not for is the primary's.
  const isSplit = strategy.needs === 'weight';
  test.runIf(!isSplit || environment.supports.includes('match'))('differs with the primary', () => {
    const text = isSplit ? within(values, headerMatch('a')) : values;
    expectOtherwise(text, within(text, 'primary: v2'));
  });

  test.runIf(environment.supports.includes('hosts'))('differs with the hosts', () => {
    const hosts = (...names: string[]) =>
      within(values, `hosts: [${names.map((name) => `{name: ${name}}`).join(', ')}]`);
    expectOtherwise(values, hosts('x.example'));
    expectOtherwise(hosts('x.example'), hosts('y.example'));
  });
});

const asking =
  (needs: Strategy['needs']) =>
  ({ strategy }: (typeof pairs)[number]) =>
    strategy.needs === needs;

describe.each(routed.filter(asking('match')))('$environment.id x $strategy.id', (pair) => {
  test('differs with what a match asks for', () => {
    expectOtherwise(valuesOf(pair, [headerMatch('a')]), valuesOf(pair, [headerMatch('b')]));
  });

  test('writes the rules in the order of the plan', () => {
    const two = valuesOf(pair, [headerMatch('first')]);
    const second = two.slice(two.indexOf('  - metadata: {name: v2}'));
    const third = second.replaceAll('v2', 'v3').replace('first', 'second');
    const text = effectOf(releaseOf(`${two}${third}`));
    expect(text).toContain('first');
    expect(text.indexOf('second')).toBeGreaterThan(text.indexOf('first'));
  });
});

// Where pods are divided, the weights are in the workloads.
describe.each(pairs.filter(asking('weight')))('$environment.id x $strategy.id', (pair) => {
  test('differs with the weights', () => {
    const values = valuesOf(pair);
    const other = values.replace('weight: 90', 'weight: 80').replace('weight: 10', 'weight: 20');
    expect(manifestsOf(releaseOf(other))).not.toEqual(manifestsOf(releaseOf(values)));
    if (routed.includes(pair)) expectOtherwise(values, other);
  });
});

describe.each(routed.filter(asking('mirror')))('$environment.id x $strategy.id', (pair) => {
  test('differs with the percent of the copies', () => {
    const values = valuesOf(pair);
    expectOtherwise(values, values.replace('weight: 10', 'weight: 20'));
  });
});

const scoped = routed
  .filter(({ environment }) => environment.supports.includes('match'))
  .filter((pair) => asking('weight')(pair) || asking('mirror')(pair));

describe.each(scoped)('$environment.id x $strategy.id', (pair) => {
  test('differs with who takes part', () => {
    const values = valuesOf(pair);
    expectOtherwise(values, within(values, headerMatch('a')));
    expectOtherwise(within(values, headerMatch('a')), within(values, headerMatch('b')));
  });
});
