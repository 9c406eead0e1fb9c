import { describe, expect, test } from 'vitest';
import { type Capability, capabilities, type Environment } from '../../../src/release/environment.js';
import type { Strategy } from '../../../src/release/strategy.js';
import { strategies } from '../../../src/strategies/registry.js';
import { chartedEnvironments } from '../../../src/synth/chart/charted-environments.js';
import { type Choice, Draw, randomNumbers } from '../../../src/synth/chart/draw.js';
import { planForm } from '../../../src/synth/chart/symbolic-plan.js';
import { symbolicRelease } from '../../../src/synth/chart/symbolic-release.js';
import { supports } from '../../../src/values/lookup.js';

/** As many as a template is made of. */
const DRAWS = 150;

const cells = chartedEnvironments.flatMap((environment) =>
  Object.values(strategies)
    .filter((strategy) => supports(environment, strategy))
    .map((strategy: Strategy) => ({ environment, strategy, title: `${environment.id} x ${strategy.id}` })),
);

interface Drawn {
  /** Every value that was chosen, by the loop and the path, such as `version/image`. */
  readonly choices: ReadonlyMap<string, ReadonlySet<Choice['value']>>;
  readonly releases: readonly ReturnType<typeof symbolicRelease>[];
}

function drawn(environment: Environment, strategy: Strategy): Drawn {
  const random = randomNumbers(1);
  const choices = new Map<string, Set<Choice['value']>>();
  const releases = Array.from({ length: DRAWS }, () => {
    const draw = new Draw(random);
    const release = symbolicRelease(draw, environment, strategy);
    for (const [scope, made] of draw.choices) {
      for (const [path, { value }] of made) {
        const key = `${scope.replaceAll(/\d+/g, '')}/${path}`;
        choices.set(key, (choices.get(key) ?? new Set()).add(value));
      }
    }
    return release;
  });
  return { choices, releases };
}

const both = [true, false];

/** What a capability adds to the draws; those of strategies are the forms of the rules. */
const choicesOf: Readonly<Partial<Record<Capability, readonly [string, readonly Choice['value'][]]>>> = {
  gateway: ['/gateway', both],
  hosts: ['/hosts', [0, 1, 2]],
  replicas: ['/replicas', [true]],
  'deployment-mode': ['/deploymentMode', ['Serverless', 'RawDeployment']],
  'model-ports': ['version/model.ports', both],
  'cookie-affinity': ['rule/session', both],
  'client-ip-affinity': ['/sessionAffinity', both],
  'external-service': ['version/external.kind', ['service']],
  'external-deployment': ['version/external.kind', ['deployment']],
  'version-namespace': ['version/address.elsewhere', both],
  autoscaler: ['version/autoscaler', both],
  'disruption-budget': ['version/disruptionBudget', both],
};

/** Texts and numbers that are always there, and the forms of the rules. */
const withoutChoice: readonly Capability[] = ['weight', 'match', 'mirror', 'prefix', 'model-mesh-service'];

describe('symbolicRelease()', () => {
  test('has something to draw for every capability', () => {
    expect([...Object.keys(choicesOf), ...withoutChoice].sort()).toEqual([...capabilities].sort());
  });

  test.each(cells)('draws every capability of $title', ({ environment, strategy }) => {
    const { choices } = drawn(environment, strategy);
    const weighted = choices.get('rule/weighted')?.has(true);
    for (const capability of environment.supports) {
      const [key, values] = choicesOf[capability] ?? [];
      if (key === undefined || (capability === 'replicas' && !weighted)) continue;
      expect([...(choices.get(key) ?? [])], `${capability}: ${key}`).toEqual(
        expect.arrayContaining([...(values ?? [])]),
      );
    }
  });

  test.each(cells)('draws both cases of whatever may be there or not in $title', ({ environment, strategy }) => {
    const { choices } = drawn(environment, strategy);
    // These follow from the form of the plan.
    const fixed = /\/(replicas|subsets|weighted|copies)$/;
    for (const [key, values] of choices) {
      if (typeof [...values][0] !== 'boolean' || fixed.test(key)) continue;
      expect([...values].sort(), key).toEqual([false, true]);
    }
  });

  test.each(cells)('gives $title versions that its plan can look up, and lists the others only', (cell) => {
    for (const { release, plan } of drawn(cell.environment, cell.strategy).releases) {
      const named = plan.rules.flatMap(({ backends, mirrors }) => [...backends, ...mirrors]);
      for (const { version } of named)
        expect(release.versions.find(({ name }) => name === version)?.name).toBe(version);
      expect(release.versions.length).toBeLessThanOrEqual(3);
      expect(release.versions.map(({ name }) => name)).not.toContain(release.primary);
    }
  });
});

/** The forms of all rules of the plans that a strategy makes: `weighted`, and the numbers of matches, backends, mirrors. */
function formsOf(strategy: Strategy): Set<string> {
  const draw = new Draw(randomNumbers(1));
  const plans = Array.from({ length: DRAWS }, () => planForm(draw, strategy));
  return new Set(
    plans.map((rules) =>
      rules
        .map(({ weighted, matches, backends, mirrors }) =>
          [weighted ? 'w' : '-', matches.length, backends.length, mirrors.length].join(''),
        )
        .join(' '),
    ),
  );
}

describe('planForm()', () => {
  test('draws a split among one to three versions, with matches and the rule for all else', () => {
    const forms = formsOf(strategies['blue-green']);
    const splits = ['1', '2', '3'].flatMap((count) => [`w0${count}0`, `w1${count}0 -010`, `w2${count}0 -010`]);
    expect([...forms].sort()).toEqual(splits.sort());
  });

  test('draws one rule for each of up to two candidates', () => {
    const forms = [...formsOf(strategies.canary)];
    expect(forms).toEqual(expect.arrayContaining(['-010', '-110 -010', '-210 -010', '-110 -210 -010']));
    expect(forms.every((form) => form.endsWith('-010'))).toBe(true);
  });

  test('draws up to two mirrors', () => {
    const forms = [...formsOf(strategies.mirrored)];
    expect(forms).toEqual(expect.arrayContaining(['-010', '-011', '-012', '-111 -010', '-212 -010']));
  });

  test('draws one rule where there is no strategy', () => {
    expect([...formsOf(strategies.none)]).toEqual(['-010']);
  });
});
