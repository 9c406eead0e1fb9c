import { ApiObject } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { istio } from '../../../src/environments/istio.js';
import { InternalError } from '../../../src/errors.js';
import type { Environment } from '../../../src/release/environment.js';
import type { Json } from '../../../src/release/json.js';
import type { ReleaseModel, VersionModel } from '../../../src/release/model.js';
import { strategies } from '../../../src/strategies/registry.js';
import { chartTemplates } from '../../../src/synth/chart/chart-templates.js';
import { chartedEnvironments } from '../../../src/synth/chart/charted-environments.js';
import { assertParametric } from '../../../src/synth/chart/parametric.js';

type Write = (release: ReleaseModel, first: VersionModel) => Json | undefined;

/** An environment whose only object says what `write` makes of a release. */
function writing(write: Write): Environment {
  const render: Environment['render'] = (scope, release) => {
    const note = write(release, release.versions[0] as VersionModel);
    new ApiObject(scope, 'note', { apiVersion: 'v1', kind: 'Note', metadata: { name: 'note' }, ...{ spec: { note } } });
  };
  return { ...istio, id: 'contour', render };
}

function learn(environment: Environment) {
  return chartTemplates([{ environment, strategies: [strategies['blue-green']] }]);
}

const lies: readonly [string, Write][] = [
  ['cuts a name', ({ name }) => name.slice(0, 3)],
  ['measures a name', ({ name }) => (name.length > 63 ? 'long' : 'short')],
  ['looks for a hyphen', ({ name }) => name.includes('-')],
  ['tests a name by a pattern', ({ name }) => /^[a-z0-9]+$/.test(name)],
  ['changes the case', ({ name }) => name.toUpperCase()],
  ['splits a name', ({ name }) => name.split('-')],
  ['replaces in a name', ({ name }) => name.replaceAll('.', '-')],
  ['sorts names', ({ versions }) => versions.map(({ name }) => name).sort()],
  ['hashes a name', ({ name }) => [...name].reduce((hash, each) => (hash * 31 + (each.codePointAt(0) ?? 0)) % 97, 0)],
  ['adds to a number', (_, { port }) => port + 1],
  ['multiplies a number', (_, { port }) => port * 2],
  ['compares a number', (_, { weight }) => (weight > 50 ? 'most' : 'some')],
  ['sums up numbers', ({ versions }) => versions.reduce((sum, { weight }) => sum + weight, 0)],
  ['counts', ({ versions }) => versions.length],
  ['goes by the position in a list', (_, { port }) => port],
  ['joins a list', ({ versions }) => versions.map(({ name }) => name).join(',')],
  ['reads what a pattern finds', ({ name }) => /^[a-y]+/.exec(name)?.[0].length ?? name.at(99)?.length],
  ['throws at a name', ({ name }) => new URL(name).host],
];

describe('a chart of an environment that', () => {
  test.each(lies)('%s is refused, with its name and what to do', (_, write) => {
    let thrown: unknown;
    try {
      learn(writing(write));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InternalError);
    expect(thrown).toMatchObject({ code: 'internal/not-parametric', hint: expect.stringContaining('prepare()') });
    expect((thrown as Error).message).toMatch(/^Cannot learn a chart of environment contour as it renders: /);
    expect((thrown as Error).message).not.toMatch(/zq\d+qz|L{70}/);
  });

  test('only writes and asks what is there is made', () => {
    const template = learn(
      writing(({ name, gateway, modelMesh }) => [
        `${name}:${modelMesh.port}`,
        gateway === undefined ? 'mesh' : gateway.name,
      ]),
    ).get('Note');
    expect(template).toContain('- {{ printf "%s:%d" $release.name (int64 $release.modelMesh.port) | toJson }}');
    expect(template).toContain('if not $release.gateway');
  });
});

describe('assertParametric()', () => {
  test('names the place that differs, and both that stand there', () => {
    const environment = writing(({ name }) => ({ parts: [name, name.length > 63] }));
    expect(() => assertParametric({ environment, strategies: [strategies.none] })).toThrow(
      'Note[0].spec.note.parts.1 follows from what a value says, since it is false for one spelling and true for another',
    );
  });

  test.each(chartedEnvironments.map((each) => [each.id, each] as const))('accepts %s', (_, environment) => {
    const able = Object.values(strategies).filter(
      ({ needs }) => needs === undefined || environment.supports.includes(needs as never),
    );
    assertParametric({ environment, strategies: able });
  });
});
