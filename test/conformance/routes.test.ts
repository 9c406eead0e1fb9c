import { describe, expect, test } from 'vitest';
import { versionNamed } from '../../src/release/model.js';
import type { Strategy } from '../../src/release/strategy.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { loadedOf, refusalsOf, releaseOf, twoVersions } from '../release-of.js';
import { pairs, routed, within } from './cells.js';
import { asksFor, effectOf, refersTo } from './route-objects.js';

/** Two versions, of which the second has a port of its own where one Service does not stand for both. */
function valuesOf({ environment, strategy }: (typeof pairs)[number], second: readonly string[] = []): string {
  const own = environment.workloads === 'Deployment' && !environment.supports.includes('replicas');
  const ports = own ? ['port: 8081'] : [];
  return twoVersions(environment.id, strategy.id, [...ports, ...second]);
}

function headerMatch(value: string): string {
  return `matches: [{headers: [{name: x-tester, value: ${value}}]}]`;
}

/** Asserts that the two are routed otherwise. */
function expectOtherwise(one: string, other: string): void {
  expect(effectOf(releaseOf(one))).not.toBe(effectOf(releaseOf(other)));
}

/** What takes from the `appProtocol` of a version's own Service, as it documents, that gRPC is spoken. */
const readsServices = ['istio'];

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
  if (!isSplit || environment.supports.includes('match'))
    test('differs with the primary', () => {
      const text = isSplit ? within(values, headerMatch('a')) : values;
      if (!isRefused(text)) expectOtherwise(text, within(text, 'primary: v2'));
    });

  if (environment.supports.includes('hosts')) {
    const hosts = (...names: string[]) =>
      within(values, `hosts: [${names.map((name) => `{name: ${name}}`).join(', ')}]`);

    test('differs with the hosts', () => {
      expectOtherwise(values, hosts('x.example'));
      expectOtherwise(hosts('x.example'), hosts('y.example'));
    });

    test('keeps the name by which the cluster asks beside the hosts, if it has it', () => {
      const own = /\bshop\.default\b/;
      const [without, beside] = [values, hosts('x.example')].map((text) => own.test(effectOf(releaseOf(text))));
      expect(beside).toBe(without);
    });
  }

  if (environment.workloads === 'Deployment')
    test('says of gRPC that it is gRPC, or refuses it', () => {
      const grpc = within(values, 'appProtocol: grpc');
      const isRefused = refusalsOf(grpc).length > 0 || loadedOf(grpc).notices.some(({ path }) => /rotocol/.test(path));
      if (isRefused || readsServices.includes(environment.id)) return;
      expectOtherwise(values, grpc);
    });
});

/** A split or copies of what matches alone, which some targets do not have. */
function isRefused(text: string): boolean {
  return refusalsOf(text).some((refusal) => refusal.startsWith('application.matches'));
}

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
    // Some targets have one candidate alone.
    if (refusalsOf(`${two}${third}`).length > 0) return;
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
    if (isRefused(within(values, headerMatch('a')))) return;
    expectOtherwise(values, within(values, headerMatch('a')));
    expectOtherwise(within(values, headerMatch('a')), within(values, headerMatch('b')));
  });
});
