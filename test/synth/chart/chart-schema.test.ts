import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environments } from '../../../src/environments/registry.js';
import type { Environment } from '../../../src/release/environment.js';
import type { Strategy } from '../../../src/release/strategy.js';
import { strategies } from '../../../src/strategies/registry.js';
import { chartSchema } from '../../../src/synth/chart/chart-schema.js';
import { loadValues } from '../../../src/values/load.js';
import { sharedFolder } from '../../iter8/cases.js';
import { cells, holds } from '../../laws/accepted.js';

const all = { environments: Object.values<Environment>(environments), strategies: Object.values<Strategy>(strategies) };

const validators = new Map<string, ValidateFunction>();

function validator(environment?: string, strategy?: string, maxVersions = 4): ValidateFunction {
  const key = `${environment}/${strategy}/${maxVersions}`;
  const scope = {
    environments: all.environments.filter(({ id }) => environment === undefined || id === environment),
    strategies: all.strategies.filter(({ id }) => strategy === undefined || id === strategy),
    maxVersions,
  };
  const strictness = { strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true };
  // To make the code of a validator shorter takes as long as all the rest.
  const options = { allErrors: true, ...strictness, code: { optimize: false } };
  const made = validators.get(key) ?? new Ajv(options).compile(chartSchema(scope));
  validators.set(key, made);
  return made;
}

/** Returns place and keyword of every error; `if` only says that one of the others stands in a branch. */
function faults(validate: ValidateFunction, values: unknown): string[] {
  validate(values);
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

const starters = readdirSync('templates/values').map((file) => {
  const text = readFileSync(`templates/values/${file}`, 'utf8');
  const { release } = loadValues(text, { file, name: 'reviews', namespace: 'default' });
  return [file, { values: parse(text), environment: release.environment.id, strategy: release.strategy.id }] as const;
});

const iter8Values = ['test/iter8/fixtures', sharedFolder]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'values.yaml')))
  .filter((file) => existsSync(file));

const istio = () => ({
  environment: 'istio',
  application: {
    strategy: 'blue-green',
    versions: [
      { metadata: { name: 'v1' }, image: 'registry.example/app:v1', weight: 90 },
      { metadata: { name: 'v2' }, image: 'registry.example/app:v2', weight: 10 },
    ],
  },
});

describe('chartSchema()', () => {
  it.each(starters)('takes %s, alone and among all environments', (_file, { values, environment, strategy }) => {
    expect(faults(validator(environment, strategy), values)).toEqual([]);
    expect(faults(validator(), values)).toEqual([]);
  });

  it.each(cells)('takes every release of $title that synth takes', (cell) => {
    const own = validator(cell.environment.id, cell.strategy.id, 20);
    const law = (_loaded: unknown, values: unknown) => {
      expect(faults(own, values)).toEqual([]);
      expect(faults(validator(undefined, undefined, 20), values)).toEqual([]);
    };
    holds(cell, fc.constant(undefined), law, { runs: 40 });
  });

  it.each(iter8Values)('takes the values of Iter8 in %s', (file) => {
    expect(faults(validator(), parse(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('is draft-07, and uses neither anyOf beside required keys nor what Go cannot look ahead for', () => {
    const schema = chartSchema({ ...all, maxVersions: 4 });
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const text = JSON.stringify(schema);
    expect(text).not.toContain('(?=');
    expect(text).not.toContain('oneOf');
    const asked = text.match(/"not":\{"anyOf":\[\{"required"/g);
    expect(text.match(/"anyOf"/g)).toHaveLength(asked?.length ?? 0);
  });

  it('asks for a model format, of the application or of each version', () => {
    const models = [{ storageUri: 'gs://a/b' }, { storageUri: 'gs://a/c', modelFormat: 'sklearn' }];
    const values = { environment: 'kserve', application: { strategy: 'blue-green', versions: models } };
    expect(faults(validator('kserve', 'blue-green'), values)).toEqual(['/application/versions/0 required']);
    expect(faults(validator(), values)).toEqual(['/application/versions/0 required']);
    const shared = { ...values, application: { ...values.application, modelFormat: 'sklearn' } };
    expect(faults(validator('kserve', 'blue-green'), shared)).toEqual([]);
  });

  it('takes aliases', () => {
    const { application } = istio();
    expect(faults(validator('istio'), { environment: 'deployment-istio', application })).toEqual([]);
    const mirror = { environment: 'istio', application: { ...application, strategy: 'mirror' } };
    expect(faults(validator('istio', 'mirrored'), mirror)).toEqual([]);
  });

  it.each<[string, string[], (values: ReturnType<typeof istio>) => unknown]>([
    ['a text as weight', ['/application/versions/1/weight pattern'], (v) => version(v, { weight: 'x' })],
    ['a weight in octal', ['/application/versions/1/weight pattern'], (v) => version(v, { weight: '030' })],
    ['a negative weight', ['/application/versions/1/weight minimum'], (v) => version(v, { weight: -1 })],
    ['a float as weight', ['/application/versions/1/weight type'], (v) => version(v, { weight: 0.5 })],
    ['null as image', ['/application/versions/1/image type'], (v) => version(v, { image: null })],
    ['an unknown key of a version', ['/application/versions/1 additionalProperties'], (v) => version(v, { wieght: 1 })],
    ['an unknown key', [' additionalProperties'], (v) => ({ ...v, more: 1 })],
    ['an unknown environment', ['/environment enum'], (v) => ({ ...v, environment: 'itsio' })],
    ['another environment', ['/environment enum'], (v) => ({ ...v, environment: 'kserve' })],
    ['another strategy', ['/application/strategy enum'], (v) => application(v, { strategy: 'canary' })],
    ['no strategy where none is another', ['/application required'], (v) => application(v, { strategy: undefined })],
    ['a missing entry', ['/application/versions const'], (v) => application(v, { versions: [null, { weight: 30 }] })],
    ['an empty weight', ['/application/versions/1/weight const'], (v) => version(v, { weight: null })],
    ['an empty routed', ['/application/versions/1/routed const'], (v) => version(v, { routed: null })],
    ['an empty port', ['/application/versions/1/port type'], (v) => version(v, { port: null })],
    ['an empty primary', ['/application/primary type'], (v) => application(v, { primary: null })],
    ['a version without image', ['/application/versions/0 required'], (v) => application(v, { versions: [{}] })],
    [
      'both service and deployment as external',
      ['/application/versions/1/external/deployment const'],
      (v) => version(v, { image: undefined, external: { service: 'a', deployment: 'b' } }),
    ],
    [
      'neither of them',
      ['/application/versions/1/external required'],
      (v) => version(v, { image: undefined, external: {} }),
    ],
    [
      'two conditions on one header',
      ['/application/match/0/headers/a maxProperties'],
      (v) => application(v, { match: [{ headers: { a: { exact: 'x', prefix: 'y' } } }] }),
    ],
    [
      'a duration of nothing',
      ['/application/sessionAffinity/maxAge pattern'],
      (v) => application(v, { sessionAffinity: { type: 'Cookie', maxAge: '0s' } }),
    ],
    [
      'a session affinity that the environment cannot do',
      ['/application/sessionAffinity/type enum'],
      (v) => application(v, { sessionAffinity: { type: 'ClientIP' } }),
    ],
    [
      'a budget of both kinds',
      ['/application/disruptionBudget const'],
      (v) => application(v, { disruptionBudget: { minAvailable: 1, maxUnavailable: 1 } }),
    ],
    [
      'a budget of nothing',
      ['/application/versions/1/disruptionBudget const'],
      (v) => version(v, { disruptionBudget: {} }),
    ],
    ['a key of another environment', ['/application additionalProperties'], (v) => application(v, { replicas: 3 })],
  ])('refuses %s, and names one thing', (_what, expected, change) => {
    expect(faults(validator('istio', 'blue-green'), JSON.parse(JSON.stringify(change(istio()))))).toEqual(expected);
  });

  it('refuses a key in the environments that do not read it, and there alone', () => {
    const values = application(istio(), { hosts: [{ name: 'shop.example' }] });
    expect(faults(validator(), values)).toEqual([]);
    expect(faults(validator(), { ...values, environment: 'kubernetes' })).toEqual(['/application/hosts const']);
  });

  it('of several environments takes nothing at all, and otherwise asks for the environment', () => {
    const { application } = istio();
    expect(faults(validator(), {})).toEqual([]);
    expect(faults(validator(), { global: {} })).toEqual([]);
    expect(faults(validator(), { application })).toEqual([' required']);
    expect(validator().errors?.map(({ message }) => message)).toContain("must have required property 'environment'");
    expect(faults(validator('istio'), {})).toEqual([' required', ' required']);
  });

  it('says of one missing entry only that, also among all environments', () => {
    const values = application(istio(), { versions: [null, { weight: 30 }] });
    expect(faults(validator(), values)).toEqual(['/application/versions const']);
    expect(JSON.stringify(validator().errors)).toContain('with -f');
  });

  it('refuses a strategy in the environments that cannot do it', () => {
    const values = { ...application(istio(), { strategy: 'canary' }), environment: 'deployment' };
    expect(faults(validator(), values)).toEqual(['/application/strategy enum']);
  });

  it('takes as many versions as it is made for, and names the command that makes it for more', () => {
    const values = application(istio(), { versions: Array.from({ length: 5 }, () => entry) });
    expect(faults(validator('istio'), values)).toEqual(['/application/versions const']);
    expect(faults(validator(), values)).toEqual(['/application/versions const']);
    faults(validator('istio'), values);
    expect(JSON.stringify(validator('istio').errors)).toContain('sluice chart --versions N');
    expect(faults(validator('istio', 'blue-green', 5), values)).toEqual([]);
  });
});

const entry = { image: 'registry.example/app:v1' };

function application(values: ReturnType<typeof istio>, change: object) {
  return { ...values, application: { ...values.application, ...change } };
}

function version(values: ReturnType<typeof istio>, change: object) {
  const [first, second] = values.application.versions;
  return application(values, { versions: [first, { ...second, ...change }] });
}
