import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Finding } from '../../lints/lint.js';
import type { PathSegment } from '../../release/contradiction.js';
import type { JsonObject } from '../../release/json.js';
import type { Manifest } from '../../release/model.js';
import { manifestsOf } from '../../synth/manifests.js';
import type { LoadedValues } from '../../values/load.js';
import { formatPath, parseSourceText, type SourceText } from '../../values/source-text.js';
import { versionPath } from '../../values/version-path.js';
import { type Definitions, definitionKey, readDefinitions } from './definitions.js';
import type { Unchecked } from './report.js';
import { jsonSchemaOf } from './structural-schema.js';
import { uncheckedRules } from './unchecked-rules.js';

/**
 * Renders releases and compares every object with the schema of its kind. What has no schema, and rules that JSON Schema
 * cannot say, are listed as unchecked.
 *
 * @throws ConfigError when the schemas cannot be read
 */
export function checkSchemas(
  releases: readonly LoadedValues[],
  { path, cwd }: { readonly path: string; readonly cwd: string },
): { readonly findings: readonly Finding[]; readonly unchecked: readonly Unchecked[] } {
  const checker = new Checker(readDefinitions(path, cwd));
  const findings = releases.flatMap((loaded) =>
    manifestsOf(loaded.release).flatMap((manifest) => findingsOf(loaded, manifest, checker.faultsOf(manifest))),
  );
  return { findings, unchecked: checker.unchecked() };
}

/** Compiles the schema of a kind when it is first met, and remembers what could not be checked. */
class Checker {
  readonly #definitions: Definitions;
  // The schemas are others', and Kubernetes' own words in them are no words of JSON Schema.
  readonly #ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false });
  readonly #compiled = new Map<string, ValidateFunction>();
  /** The rules by kind; undefined where there is no schema at all. */
  readonly #unchecked = new Map<string, Set<string> | undefined>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  faultsOf(manifest: Manifest): Fault[] {
    const { apiVersion, kind } = manifest;
    const schema = this.#definitions.get(definitionKey(apiVersion, kind));
    this.#note(`${kind} (${apiVersion})`, schema && uncheckedRules(schema, manifest));
    if (schema === undefined) return [];
    const validate = this.#validatorOf(definitionKey(apiVersion, kind), schema);
    return validate(manifest) ? [] : faultsIn(validate.errors ?? []);
  }

  unchecked(): Unchecked[] {
    const noted = [...this.#unchecked].sort(([a], [b]) => (a < b ? -1 : 1));
    return noted.flatMap(([subject, rules]): Unchecked[] => {
      if (rules === undefined) return [{ subject, reason: 'no schema is given of it' }];
      const { size } = rules;
      const reason = `${size} ${size === 1 ? 'rule' : 'rules'} that only an API server evaluates`;
      return size === 0 ? [] : [{ subject, reason, rules: [...rules] }];
    });
  }

  #note(subject: string, rules: readonly string[] | undefined): void {
    this.#unchecked.set(subject, rules && new Set([...(this.#unchecked.get(subject) ?? []), ...rules]));
  }

  #validatorOf(key: string, schema: JsonObject): ValidateFunction {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const compiled = this.#ajv.compile(jsonSchemaOf(schema));
    this.#compiled.set(key, compiled);
    return compiled;
  }
}

/** Something that a schema refuses in an object. */
interface Fault {
  /** Where in the object; a field that is unknown is its last segment. */
  readonly path: readonly PathSegment[];
  readonly message: string;
}

/** Of alternatives, that none fits says it all: what each of them lacks would fill a page. */
function faultsIn(errors: readonly ErrorObject[]): Fault[] {
  const told = errors.filter(({ schemaPath }) => !/\/(anyOf|oneOf)\/\d+\//.test(schemaPath)).map(faultIn);
  return [...new Map(told.map((fault) => [fault.message, fault])).values()];
}

function faultIn({ instancePath, keyword, params, message }: ErrorObject): Fault {
  const path = instancePath.split('/').slice(1).map(segmentOf);
  const where = path.length === 0 ? 'the object' : formatPath(path);
  if (keyword === 'additionalProperties') {
    const field = String(params.additionalProperty);
    return { path: [...path, field], message: `${where} has the unknown field ${field}` };
  }
  const said = keyword === 'enum' ? `must be one of ${params.allowedValues.join(', ')}` : message;
  return { path, message: `${where} ${said}` };
}

/** A key of digits alone is told as a position; nothing but the wording comes of that. */
function segmentOf(written: string): PathSegment {
  const segment = written.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(segment) ? Number(segment) : segment;
}

/** The findings stand where the values hold what is refused, or name the version, or else at the environment. */
function findingsOf({ file, text, release }: LoadedValues, manifest: Manifest, faults: readonly Fault[]): Finding[] {
  if (faults.length === 0) return [];
  const { kind, metadata } = manifest;
  const position = release.model.versions.findIndex(
    ({ name, instance }) => name === metadata.name || instance === metadata.name,
  );
  const source = parseSourceText(text, file);
  const hint = 'What the values take over as it is written, such as deployment or match, is the likely cause.';
  return faults.map(({ path, message }) => {
    const otherwise: PathSegment[] = position === -1 ? ['environment'] : versionPath(position);
    const written = position === -1 ? undefined : writtenAt(source, { kind, position, path });
    const said = `renders ${kind} ${metadata.name}, which its schema refuses: ${message}`;
    return { severity: 'error', code: 'schema/invalid', ...source.problem(written ?? otherwise, said, { hint }) };
  });
}

/** The keys of the values that hold parts of an object as they are, by its kind; the first wins. */
const takenOver: { readonly [kind: string]: readonly string[] } = {
  Deployment: ['deployment', 'deploymentSpecification'],
  InferenceService: ['inferenceService', 'inferenceServiceSpecification'],
  Service: ['serviceSpecification'],
};

/** Returns where the values hold a part of a version's object; undefined where that was generated. */
function writtenAt(
  { document }: SourceText,
  { kind, position, path }: { readonly kind: string; readonly position: number; readonly path: Fault['path'] },
): PathSegment[] | undefined {
  const places = [versionPath(position), ['application']];
  const keys = takenOver[kind] ?? [];
  return places.flatMap((place) => keys.map((key) => [...place, key, ...path])).find((each) => document.hasIn(each));
}
