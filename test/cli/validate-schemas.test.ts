import { describe, expect, it } from 'vitest';
import type { Validation } from '../../src/cli/validate/report.js';
import type { JsonObject } from '../../src/release/json.js';
import { reviewsValues, ScratchWorkspace } from './workspace.js';

const reviews = 'releases/reviews/values.yaml';
/** Without headers on its routes. */
const plain = reviewsValues.replace('  port: 9080', '  versionHeader: false\n  port: 9080');
const lenient = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** A definition of Istio's VirtualService with this spec, in a List beside an object of another kind. */
function definition(spec: JsonObject, { kind = 'VirtualService', version = 'v1' } = {}): string {
  const openAPIV3Schema = { type: 'object', properties: { spec, status: lenient } };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: { group: 'networking.istio.io', names: { kind }, versions: [{ name: version, schema: { openAPIV3Schema } }] },
  };
  return JSON.stringify({ kind: 'List', items: [crd, { kind: 'ConfigMap' }, null] });
}

/** Checks the manifests of reviews against a spec; every other kind goes without a schema. */
async function checked(spec: JsonObject, values = plain): Promise<Validation & { readonly code: number }> {
  const workspace = new ScratchWorkspace({ [reviews]: values, 'crds/istio.json': definition(spec) });
  const { code, stdout } = await workspace.run('validate', '--schemas', 'crds', '-o', 'json');
  const { files, findings, unchecked } = JSON.parse(stdout) as Validation;
  return { code, files, findings: findings.filter(({ code: id }) => !id.startsWith('lint/')), unchecked };
}

/** Returns what is refused in `spec.http[0].route`, a list of one entry: `{destination, weight: 100}`. */
async function faultsOf(item: JsonObject, further: JsonObject = {}): Promise<string[]> {
  const route = { type: 'array', items: item, ...further };
  const rule = { type: 'object', properties: { route }, 'x-kubernetes-preserve-unknown-fields': true };
  const spec = { ...lenient, properties: { http: { type: 'array', items: rule } } };
  const { findings } = await checked(spec);
  return findings.map(({ message }) => message.replace(/^.*refuses: /, ''));
}

const destination = lenient;
const number = { type: 'integer' };
/** As controller-gen writes a quantity. */
const quantity = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
const limits = { type: 'object', additionalProperties: quantity };
const model = { ...lenient, properties: { resources: { type: 'object', properties: { limits } } } };
const predictor = {
  type: 'object',
  properties: {
    predictor: { type: 'object', properties: { minReplicas: number, maxReplicas: number, scaleTarget: number, model } },
  },
};
const entry = { type: 'object', properties: { destination, weight: { type: 'integer' } } };
const at = 'spec.http[0].route';

describe('sluice validate --schemas', () => {
  it('places what a schema refuses where the values name the release, and lists the kinds without one', async () => {
    const { code, findings, unchecked } = await checked({ ...lenient, required: ['tls'] });
    expect(code).toBe(1);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        code: 'schema/invalid',
        file: reviews,
        line: 1,
        column: 14,
        path: 'environment',
        message: "renders VirtualService reviews, which its schema refuses: spec must have required property 'tls'",
      },
    ]);
    expect(unchecked).toEqual([
      { subject: 'Deployment (apps/v1)', reason: 'no schema is given of it' },
      { subject: 'Service (v1)', reason: 'no schema is given of it' },
    ]);
  });

  it('places what is refused of a version at its entry', async () => {
    const services = definition({ type: 'object' }, { kind: 'Service' }).replace('networking.istio.io', '');
    const core = JSON.parse(services.replace('"group":"",', '')) as { items: { spec: { group?: string } }[] };
    const text = JSON.stringify(core)
      .replace('"spec":{"names"', '"spec":{"group":"apps","names"')
      .replace('"Service"', '"Deployment"');
    const workspace = new ScratchWorkspace({ [reviews]: reviewsValues, 'crds.json': text });
    const { stdout } = await workspace.run('validate', '--schemas', 'crds.json');
    expect(stdout).toContain(`${reviews}:9:5 error application.versions[1]: renders Deployment reviews-v2, which`);
    expect(stdout).toContain('refuses: spec has the unknown field selector');
  });

  it('places what values take over as it is where it is written', async () => {
    const crd = {
      kind: 'CustomResourceDefinition',
      spec: {
        group: 'serving.kserve.io',
        names: { kind: 'InferenceService' },
        versions: [
          { name: 'v1beta1', schema: { openAPIV3Schema: { type: 'object', properties: { spec: predictor } } } },
        ],
      },
    };
    const values = `environment: kserve
application:
  modelFormat: sklearn
  inferenceService:
    spec: {predictor: {maxReplica: 3}}
  versions:
  - metadata: {name: iris-v1}
    storageUri: s3://models/iris/v1
  - metadata: {name: iris-v2}
    storageUri: s3://models/iris/v2
    inferenceService:
      spec: {predictor: {scaleTarget: "2", model: {resources: {limits: {cpu: [1]}}}}}
`;
    const workspace = new ScratchWorkspace({ 'releases/iris/values.yaml': values, 'crds.json': JSON.stringify(crd) });
    const { stdout } = await workspace.run('validate', '--schemas', 'crds.json');
    const [application, near, version, quantity, ...more] = stdout.split('\n');
    expect(application).toContain('renders InferenceService iris-v1, iris-v2, which');
    expect(application).toMatch(
      /values\.yaml:5:36 error \S+maxReplica: .* spec\.predictor has the unknown field maxReplica \[/,
    );
    expect(near).toBe('  hint: Did you mean maxReplicas? Allowed are: minReplicas, maxReplicas, scaleTarget, model.');
    expect(version).toMatch(
      /values\.yaml:12:39 error \S+scaleTarget: .* spec\.predictor\.scaleTarget must be integer \[/,
    );
    expect(quantity).toMatch(
      /:12:78 error \S+cpu: .* InferenceService iris-v2, .*\.limits\.cpu must be integer or string \[/,
    );
    // The very field is shown, and one that stands for every version is told once.
    expect(more.join('\n')).toMatch(/^(not checked: .*\n){2}1 values file: 3 errors\n$/);
  });

  it('says nothing where all fits, and passes other versions of a kind over', async () => {
    const { code, findings } = await checked(lenient);
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
    const workspace = new ScratchWorkspace({
      [reviews]: reviewsValues,
      'crds.yaml': definition({ type: 'object' }, { version: 'v1alpha3' }),
    });
    const { stdout } = await workspace.run('validate', '--schemas', 'crds.yaml');
    expect(stdout).toContain('not checked: VirtualService (networking.istio.io/v1): no schema is given of it\n');
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'a field that is pruned',
      { type: 'object', properties: { destination } },
      {},
      [`${at}[0] has the unknown field weight`],
    ],
    [
      'every field of an object without any',
      { type: 'object' },
      {},
      [`${at}[0] has the unknown field destination`, `${at}[0] has the unknown field weight`],
    ],
    [
      'a wrong type',
      { ...entry, properties: { destination, weight: { type: 'string' } } },
      {},
      [`${at}[0].weight must be string`],
    ],
    [
      'a bound',
      { ...entry, properties: { destination, weight: { type: 'integer', maximum: 99 } } },
      {},
      [`${at}[0].weight must be <= 99`],
    ],
    [
      'an exclusive bound of OpenAPI',
      { ...entry, properties: { destination, weight: { type: 'integer', maximum: 100, exclusiveMaximum: true } } },
      {},
      [`${at}[0].weight must be < 100`],
    ],
    [
      'a choice',
      { ...entry, properties: { destination, weight: { type: 'integer', enum: [1, 2] } } },
      {},
      [`${at}[0].weight must be one of 1, 2`],
    ],
    [
      'alternatives, in one line',
      { ...entry, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      [`${at}[0] must match exactly one schema in oneOf`],
    ],
    ['a size', entry, { maxItems: 0 }, [`${at} must NOT have more than 0 items`]],
  ])('refuses %s', async (_, item, further, faults) => {
    expect(await faultsOf(item, further)).toEqual(faults);
  });

  it.each<[string, JsonObject]>([
    ['what is named', entry],
    ['whatever an open object has', { ...lenient, properties: { destination } }],
    ['values of a map', { type: 'object', additionalProperties: lenient, properties: { weight: { type: 'integer' } } }],
    [
      'an integer or a string',
      { ...entry, properties: { destination, weight: { 'x-kubernetes-int-or-string': true } } },
    ],
    [
      'formats that it does not know',
      { ...entry, properties: { destination, weight: { type: 'integer', format: 'int32' } } },
    ],
    ['null where it may be', { ...entry, properties: { destination, weight: { type: 'integer', nullable: true } } }],
    ['alternatives that name some fields', { ...entry, anyOf: [{ properties: { weight: { minimum: 1 } } }] }],
    [
      'an exclusive bound that is off',
      { ...entry, properties: { destination, weight: { type: 'integer', maximum: 100, exclusiveMaximum: false } } },
    ],
  ])('takes %s', async (_, item) => {
    expect(await faultsOf(item)).toEqual([]);
  });

  it('lists rules that it cannot evaluate, of what an object has alone', async () => {
    const spec: JsonObject = {
      ...lenient,
      'x-kubernetes-validations': [
        { rule: 'has(self.hosts)', message: 'hosts are\n needed' },
        { rule: 'size(self.http) < 9' },
      ],
      properties: {
        tls: { ...lenient, 'x-kubernetes-validations': [{ rule: 'false' }] },
        hosts: {
          type: 'array',
          'x-kubernetes-list-type': 'set',
          items: { type: 'string', pattern: '^\\z(?i)', format: 'hostname' },
        },
        http: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: lenient,
        },
      },
    };
    const { code, findings, unchecked } = await checked(spec);
    expect({ code, findings }).toEqual({ code: 0, findings: [] });
    expect(unchecked).toContainEqual({
      subject: 'VirtualService (networking.istio.io/v1)',
      reason: '6 rules that only an API server evaluates, 2 of them in CEL',
      rules: [
        'spec (CEL) hosts are needed',
        'spec (CEL) size(self.http) < 9',
        'spec.hosts (list) no two items are the same',
        'spec.hosts[] (RE2) ^\\z(?i)',
        'spec.hosts[] (format) hostname',
        'spec.http (list) no two items have the same name',
      ],
    });
  });

  it('ends with 2 and names the kind where a schema is none, and passes over what is no definition', async () => {
    const workspace = new ScratchWorkspace({
      [reviews]: plain,
      'crds/istio.json': definition({ ...lenient, minProperties: 'a' }),
      'crds/folder.yaml/values.txt': '',
    });
    const { code, stdout, stderr } = await workspace.run('validate', '--schemas', 'crds');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Cannot use what is given of VirtualService (networking.istio.io/v1) as a schema: ');
    const odd = ['[a]', '{versions: {a: b}}', '{versions: [a, null, {name: v1}]}', '{group: a}'];
    const parts = odd.map((spec) => `kind: CustomResourceDefinition\nspec: ${spec}\n`);
    workspace.write('odd.yaml', parts.join('---\n'));
    expect((await workspace.run('validate', '--schemas', 'odd.yaml')).stderr).toContain(
      'it holds no CustomResourceDefinition',
    );
  });

  it('checks no release that is broken, and the others all the same', async () => {
    const workspace = new ScratchWorkspace({
      [reviews]: reviewsValues,
      'releases/broken/values.yaml': 'environment: istio\n',
      'crds.json': definition({ ...lenient, required: ['tls'] }),
    });
    const { stdout } = await workspace.run('validate', '--schemas', 'crds.json');
    expect(stdout).toContain('[schema/invalid]');
    expect(stdout).toContain('application: is missing [values/invalid]');
  });
});
