import fc from 'fast-check';
import { type Cell, releasesOf, type WrittenValues, type WrittenVersion } from '../laws/releases.js';

/** What a chart takes unless it is made for more. */
const MAX_VERSIONS = 4;

/** Something that an operator does to a release in its values alone. */
type Change = (values: WrittenValues) => WrittenValues;

/**
 * Returns changes to the values of a release, each of one to three steps: the chart is to follow every one of them
 * without being generated again.
 */
export function valuesChanges(cell: Cell): fc.Arbitrary<Change> {
  const steps = fc.oneof(...[versionSteps(), listSteps(), applicationSteps(cell)]);
  return fc
    .array(steps, { minLength: 1, maxLength: 3 })
    .map((list) => (values) => list.reduce((v, step) => step(v), values));
}

function versionSteps(): fc.Arbitrary<Change> {
  const fields = fc.oneof(
    fc.record({ weight: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ routed: fc.boolean() }),
    fc.record({ image: fc.constantFrom('registry.example/shop:v9', 'shop@sha256:0e1') }),
    fc.record({ port: fc.constantFrom(9, 8443) }),
    fc.record({ match: fc.constant([{ headers: { 'x-new': { exact: 'on' } } }]) }),
    fc.record({ matches: fc.constant([{ headers: [{ name: 'x-new', value: 'on' }], path: { value: '/new' } }]) }),
    fc.record({ storageUri: fc.constant('gs://models.example/new') }),
    fc.record({ deployment: fc.constant({ spec: { template: { spec: { terminationGracePeriodSeconds: 7 } } } }) }),
  );
  return fc.tuple(fc.nat(3), fields).map(([position, field]) => (values) => {
    const key = Object.keys(field)[0] as string;
    // Where nothing like it is known, it is another sort of version that is talked about.
    return versionAt(values, position, (version) =>
      fits(version, key) ? without({ ...version, ...field }, key) : version,
    );
  });
}

/** A version has either form of matches, and an image only beside no storage. */
function fits(version: WrittenVersion, key: string): boolean {
  const { image, storageUri, external, deploymentSpecification } = version;
  if (key === 'image') return image !== undefined;
  if (key === 'storageUri') return storageUri !== undefined;
  if (key === 'deployment')
    return image !== undefined && external === undefined && deploymentSpecification === undefined;
  if (key === 'port') return image !== undefined;
  return true;
}

function without(version: WrittenVersion, key: string): WrittenVersion {
  const { match, matches, ...rest } = version;
  if (key === 'match') return { ...rest, match };
  return key === 'matches' ? { ...rest, matches } : version;
}

function listSteps(): fc.Arbitrary<Change> {
  return fc.oneof(
    fc
      .nat(3)
      .map((position) => (values: WrittenValues) => versions(values, (list) => list.filter((_, i) => i !== position))),
    fc
      .nat(3)
      .map(
        (position) => (values: WrittenValues) =>
          versions(values, (list) => (list.length < MAX_VERSIONS ? [...list, copyOf(list[position])] : list)),
      ),
    fc.constant((values: WrittenValues) => versions(values, (list) => [...list].reverse())),
    fc.tuple(fc.nat(3), fc.constantFrom('renamed', 'v7', '0'.repeat(63))).map(
      ([position, name]) =>
        (values: WrittenValues) =>
          versionAt(values, position, (version) => ({ ...version, metadata: { ...version.metadata, name } })),
    ),
    fc.nat(3).map((position) => (values: WrittenValues) => {
      const name = values.application.versions[position]?.metadata?.name;
      return name === undefined ? values : application(values, { primary: name });
    }),
  );
}

/** The copy of a version goes by another name. */
function copyOf(version: WrittenVersion | undefined): WrittenVersion {
  const { serviceSpecification: _, inferenceServiceSpecification: __, external: ___, ...rest } = version ?? {};
  return { ...rest, metadata: { ...rest.metadata, name: 'further' } };
}

/** Takes another release's word for one key of the application, or takes the key away. */
function applicationSteps(cell: Cell): fc.Arbitrary<Change> {
  const keys = [
    'port',
    'hosts',
    'replicas',
    'sessionAffinity',
    'versionHeader',
    'match',
    'matches',
    'prefix',
    'deployment',
  ];
  const foreign = releasesOf(cell).chain((other) =>
    fc.constantFrom(...keys, 'metadata').map((key) => ({ [key]: other.application[key] })),
  );
  return foreign.map((field) => (values) => application(values, field));
}

function versionAt(values: WrittenValues, position: number, change: (version: WrittenVersion) => WrittenVersion) {
  return versions(values, (list) => list.map((version, i) => (i === position ? change(version) : version)));
}

function versions(values: WrittenValues, change: (list: readonly WrittenVersion[]) => readonly WrittenVersion[]) {
  return application(values, { versions: change(values.application.versions) });
}

/** A field that is undefined is taken away. */
function application(values: WrittenValues, fields: object): WrittenValues {
  return JSON.parse(JSON.stringify({ ...values, application: { ...values.application, ...fields } }));
}
