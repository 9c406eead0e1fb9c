import { Ajv, type ValidateFunction } from 'ajv';
import type { Finding } from '../../lints/lint.js';
import type { PathSegment } from '../../release/contradiction.js';
import type { JsonObject } from '../../release/json.js';
import type { Manifest } from '../../release/model.js';
import { manifestsOf } from '../../synth/manifests.js';
import type { LoadedValues } from '../../values/load.js';
import { parseSourceText, type SourceText } from '../../values/source-text.js';
import { versionPath } from '../../values/version-path.js';
import { type Definitions, definitionKey, noSchema, readDefinitions } from './definitions.js';
import type { Unchecked } from './report.js';
import { type Fault, faultsIn } from './schema-faults.js';
import { jsonSchemaOf } from './structural-schema.js';
import { uncheckedRules } from './unchecked-rules.js';

/** Compares what is rendered with schemas, release by release. */
export interface SchemaCheck {
  findingsOf(loaded: LoadedValues): readonly Finding[];
  /** What could not be checked of all releases so far. */
  unchecked(): readonly Unchecked[];
}

/**
 * Reads schemas that every object of a release is compared with. What has no schema, and rules that JSON Schema cannot
 * say, are listed as unchecked.
 *
 * @throws ConfigError when they cannot be read
 */
export function openSchemas({ path, cwd }: { readonly path: string; readonly cwd: string }): SchemaCheck {
  const checker = new Checker(readDefinitions(path, cwd));
  return {
    unchecked: () => checker.unchecked(),
    findingsOf(loaded) {
      const rendered = manifestsOf(loaded.release).map((manifest) => ({
        manifest,
        faults: checker.faultsOf(manifest),
      }));
      return findingsOf(loaded, rendered);
    },
  };
}

/** Compiles the schema of a kind when it is first met, and remembers what could not be checked. */
class Checker {
  readonly #definitions: Definitions;
  // The schemas are others', and Kubernetes' own words in them are no words of JSON Schema.
  readonly #ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
  });
  readonly #compiled = new Map<string, ValidateFunction>();
  /** The rules by kind; undefined where there is no schema at all. */
  readonly #unchecked = new Map<string, Set<string> | undefined>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  faultsOf(manifest: Manifest): Fault[] {
    const { apiVersion, kind } = manifest;
    const subject = `${kind} (${apiVersion})`;
    const schema = this.#definitions.get(definitionKey(apiVersion, kind));
    this.#note(subject, schema && uncheckedRules(schema, manifest));
    if (schema === undefined) return [];
    const validate = this.#validatorOf(subject, schema);
    return validate(manifest) ? [] : faultsIn(validate.errors ?? []);
  }

  unchecked(): Unchecked[] {
    const noted = [...this.#unchecked].sort(([a], [b]) => (a < b ? -1 : 1));
    return noted.flatMap(([subject, rules]): Unchecked[] => {
      if (rules === undefined) return [{ subject, reason: 'no schema is given of it' }];
      return rules.size === 0 ? [] : [{ subject, reason: reasonOf(rules), rules: [...rules] }];
    });
  }

  #note(subject: string, rules: readonly string[] | undefined): void {
    this.#unchecked.set(subject, rules && new Set([...(this.#unchecked.get(subject) ?? []), ...rules]));
  }

  #validatorOf(subject: string, schema: JsonObject): ValidateFunction {
    const known = this.#compiled.get(subject);
    if (known !== undefined) return known;
    try {
      const compiled = this.#ajv.compile(jsonSchemaOf(schema));
      this.#compiled.set(subject, compiled);
      return compiled;
    } catch (error) {
      throw noSchema(subject, error);
    }
  }
}

function reasonOf(rules: ReadonlySet<string>): string {
  const { size } = rules;
  const inCel = [...rules].filter((rule) => rule.includes(' (CEL) ')).length;
  return `${size} ${size === 1 ? 'rule' : 'rules'} that only an API server evaluates, ${inCel} of them in CEL`;
}

interface Rendered {
  readonly manifest: Manifest;
  readonly faults: readonly Fault[];
}

/** What is refused in several objects for what stands at one place is told once. */
function findingsOf({ file, text, release }: LoadedValues, rendered: readonly Rendered[]): Finding[] {
  if (rendered.every(({ faults }) => faults.length === 0)) return [];
  const source = parseSourceText(text, file);
  const refused = rendered.flatMap(({ manifest, faults }) =>
    faults.map((fault) => ({ manifest, fault, place: placeOf(source, release, { manifest, path: fault.path }) })),
  );
  const keyOf = ({ manifest, fault, place }: (typeof refused)[number]) =>
    JSON.stringify([manifest.kind, fault.message, place]);
  return [...new Map(refused.map((each) => [keyOf(each), each]))].map(([key, { manifest, fault, place }]): Finding => {
    const names = refused.filter((each) => keyOf(each) === key).map((each) => each.manifest.metadata.name);
    const message = `renders ${manifest.kind} ${names.join(', ')}, which its schema refuses: ${fault.message}`;
    // Where the very field is shown, there is nothing to look for.
    const hint = fault.hint ?? (place.at(-1) === fault.path.at(-1) ? undefined : takenOverHint);
    const problem = source.problem(place, message, hint === undefined ? {} : { hint });
    return { severity: 'error', code: 'schema/invalid', ...problem };
  });
}

const takenOverHint = 'What the values take over as it is written, such as deployment or match, is the likely cause.';

/** The keys of the values that hold parts of an object as they are, by its kind; the first wins. */
const takenOver: { readonly [kind: string]: readonly string[] } = {
  Deployment: ['deployment', 'deploymentSpecification'],
  InferenceService: ['inferenceService', 'inferenceServiceSpecification'],
  Service: ['serviceSpecification'],
};

/** Returns where the values hold what is refused, or name the version that the object is of, or else the environment. */
function placeOf(
  { document }: SourceText,
  { model }: LoadedValues['release'],
  { manifest, path }: { readonly manifest: Manifest; readonly path: Fault['path'] },
): readonly PathSegment[] {
  const { kind, metadata } = manifest;
  const position = model.versions.findIndex(({ name, instance }) => [name, instance].includes(metadata.name));
  if (position === -1) return ['environment'];
  const keys = takenOver[kind] ?? [];
  const places = [versionPath(position), ['application']];
  const written = places.flatMap((place) => keys.map((key) => [...place, key, ...path]));
  return written.find((each) => document.hasIn(each)) ?? versionPath(position);
}
