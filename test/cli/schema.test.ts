import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { starterFiles } from '../../src/cli/init.js';
import { environments } from '../../src/environments/registry.js';
import { strategies } from '../../src/strategies/registry.js';
import { loadValues } from '../../src/values/load.js';
import { scratchFolder, sluice } from './workspace.js';

const { stdout: printed } = await sluice(['schema'], { cwd: scratchFolder() });
const schema = JSON.parse(printed);
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(schema);

/** Every values file to start from, by its path. */
const starters = ['templates/values', 'templates/gitops/releases'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => join(folder, path)),
);

describe('schema()', () => {
  it('prints a JSON Schema of draft-07, the one that editors find in templates/', async () => {
    const { code, stdout, stderr } = await sluice(['schema'], { cwd: scratchFolder() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(readFileSync('templates/values.schema.json', 'utf8')).toBe(stdout);
  });

  it('names the one thing that is wrong with an environment', () => {
    const errors = errorsOf({ ...valid(), environment: 'itsio' });
    expect(errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toEqual(['/environment enum']);
  });

  it('names the strategy where the environment cannot do it', () => {
    for (const environment of ['kubernetes', 'deployment']) {
      const values = valid();
      const errors = errorsOf({ ...values, environment, application: { ...values.application, strategy: 'canary' } });
      expect(errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toEqual([
        '/application/strategy enum',
      ]);
      expect(errors[0]?.params).toEqual({ allowedValues: ['none', 'blue-green'] });
    }
  });

  it.each([
    ['istio', { prefix: '/shop' }, '/application/prefix'],
    ['deployment-istio', { replicas: 3 }, '/application/replicas'],
    ['kubernetes', { hosts: [{ name: 'a.example' }] }, '/application/hosts'],
    ['kubernetes', { sessionAffinity: { type: 'Cookie' } }, '/application/sessionAffinity/type'],
    ['emissary', { sessionAffinity: { type: 'Cookie' } }, '/application/sessionAffinity'],
    ['emissary', { hosts: [{ name: 'a.example', gateway: 'edge' }] }, '/application/hosts/0/gateway'],
    ['kserve', { autoscaler: { maxReplicas: 3 } }, '/application/autoscaler'],
    ['gateway-api', { deploymentMode: 'RawDeployment' }, '/application/deploymentMode'],
  ])('names what %s does not read: %j', (environment, keys, place) => {
    const values = valid();
    const spoiled = { ...values, environment, application: { ...values.application, ...keys } };
    const errors = errorsOf(spoiled).filter(({ keyword }) => keyword !== 'if');
    expect(errors.map(({ instancePath }) => instancePath)).toEqual([place]);
    expect(() => load(JSON.stringify(spoiled))).toThrow();
  });

  it('names what an environment does not read of a version, and leaves what Iter8 has', () => {
    const values = valid();
    const version = { image: 'registry.example/shop:v1', inferenceService: {}, external: { service: 'a' } };
    const application = { ...values.application, versions: [version] };
    const places = errorsOf({ ...values, environment: 'kubernetes', application }).map(
      ({ instancePath }) => instancePath,
    );
    expect(new Set(places.filter((each) => each !== ''))).toEqual(
      new Set(['/application/versions/0/inferenceService', '/application/versions/0/external']),
    );
    expect(errorsOf({ ...values, environment: 'kserve', gateway: 'edge', service: { port: '8033' } })).toEqual([]);
  });

  it('takes whole numbers in quotes where Iter8 has the key', () => {
    const values = valid();
    const versions = [{ image: 'registry.example/shop:v1', weight: '70', port: '8080' }];
    expect(errorsOf({ ...values, application: { ...values.application, port: '80', versions } })).toEqual([]);
    const spoiled = { ...values, application: { ...values.application, versions: [{ image: 'a', weight: '070' }] } };
    expect(errorsOf(spoiled).map(({ instancePath }) => instancePath)).toContain('/application/versions/0/weight');
  });

  it('knows every environment and strategy by all of their names', () => {
    const names = (registry: Record<string, { id: string; aliases: readonly string[] }>) =>
      Object.values(registry).flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(new Set(schema.properties.environment.enum)).toEqual(new Set(names(environments)));
    expect(new Set(schema.properties.application.properties.strategy.enum)).toEqual(new Set(names(strategies)));
  });

  it.each<[string, (application: Record<string, unknown>) => void, string]>([
    ['a typo', (application) => Object.assign(application, { prot: 80 }), '/application additionalProperties'],
    ['a wrong type', (application) => Object.assign(application, { port: true }), '/application/port type'],
    ['a port by name', (application) => Object.assign(application, { port: 'web' }), '/application/port pattern'],
    ['a bad name', (application) => Object.assign(application, { primary: 'V_1' }), '/application/primary pattern'],
    ['no versions', (application) => Object.assign(application, { versions: [] }), '/application/versions minItems'],
    [
      'a weight below 0',
      (application) => Object.assign(application, { versions: [{ image: 'x', weight: -1 }] }),
      '/application/versions/0/weight minimum',
    ],
    [
      'a weight that is no integer',
      (application) => Object.assign(application, { versions: [{ image: 'x', weight: 0.5 }] }),
      '/application/versions/0/weight type',
    ],
  ])('refuses %s, as the loader does', (_, spoil, expected) => {
    const values = valid();
    spoil(values.application);
    expect(errorsOf(values).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toContain(expected);
    expect(() => load(JSON.stringify(values))).toThrow();
  });
});

describe('the starters', () => {
  it('are one per environment and strategy, and one of a repository', () => {
    const pairs = Object.values(environments).flatMap(({ id, supports }) =>
      Object.values(strategies)
        .filter(({ needs }) => needs === undefined || (supports as readonly string[]).includes(needs))
        .map((strategy) => `templates/values/${id}-${strategy.id}.yaml`),
    );
    const raw = Object.keys(strategies).map((strategy) => `templates/values/kserve-raw-${strategy}.yaml`);
    const all = [...pairs, ...raw, 'templates/gitops/releases/reviews/values.yaml'];
    expect(starters.toSorted()).toEqual(all.toSorted());
  });

  it.each(starters)('%s is valid for the schema and for the loader', (file) => {
    const text = readFileSync(file, 'utf8');
    expect(errorsOf(parse(text, { version: '1.1' }))).toEqual([]);
    const { release, notices } = load(text);
    expect(notices).toEqual([]);
    if (!file.startsWith('templates/values/')) return;
    const mode = release.model.deploymentMode === 'RawDeployment' ? '-raw' : '';
    expect(file).toContain(`/${release.environment.id}${mode}-${release.strategy.id}.yaml`);
  });

  it.each(starters)('%s names the judge and the policy that exist, where it is evaluated', (file) => {
    const { analysis, rollout } = parse(readFileSync(file, 'utf8'));
    // Only there do Istio's metrics name the Service of a version.
    const measured = /(istio|gateway-api)-(blue-green|canary|mirrored)|gitops/.test(file);
    // The first release of a newcomer moves in minutes; all others take what sluice takes by itself.
    const [judge, policy] = file.includes('gitops') ? ['threshold', 'steps'] : ['sequential', 'risk-budget'];
    if (!measured) expect({ analysis, rollout }).toEqual({});
    else expect({ judge: analysis.judge, policy: rollout.policy }).toEqual({ judge, policy });
  });

  it.each(starters)('%s tells editors where its schema is, and it is there', (file) => {
    const [first = ''] = readFileSync(file, 'utf8').split('\n');
    const path = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? '';
    const found = join(dirname(file), path);
    if (file.startsWith('templates/values/')) expect(existsSync(found)).toBe(true);
    else expect(starterFiles().map((starter) => join('templates/gitops', starter.path))).toContain(found);
  });
});

function valid() {
  return {
    environment: 'istio',
    application: { strategy: 'blue-green', versions: [{ image: 'registry.example/app:v1' }] } as Record<
      string,
      unknown
    >,
  };
}

/** The errors that say something: not those that only say that a branch with others did not fit. */
function errorsOf(values: unknown): ErrorObject[] {
  validate(values);
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
}

function load(text: string) {
  return loadValues(text, { file: 'values.yaml', name: 'reviews', namespace: 'default' });
}
