import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ConfigError } from '../../errors.js';
import { isObject, type JsonObject } from '../../release/json.js';
import { readText } from '../read-text.js';

/** The openAPIV3 schemas of custom resources, by `apiVersion kind`. */
export type Definitions = ReadonlyMap<string, JsonObject>;

/** Returns the key of a kind in definitions. */
export function definitionKey(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}

/**
 * Reads CustomResourceDefinitions, also those in a List; other objects beside them are passed over.
 *
 * @param path a file, or a folder of .yaml, .yml and .json files
 * @throws ConfigError when it is not there, no YAML, or holds no definition
 */
export function readDefinitions(path: string, cwd: string): Definitions {
  const objects = filesAt(resolve(cwd, path), path).flatMap((file) => objectsOf(readText(file, file), file));
  const found = new Map(objects.flatMap(flattened).flatMap(schemasOf));
  if (found.size > 0) return found;
  throw new ConfigError(`Cannot use ${path} as schemas: it holds no CustomResourceDefinition with a schema`, {
    code: 'cli/schemas',
    path,
    hint: 'Give the CRDs as they are installed: kubectl get crd -o yaml > crds.yaml',
  });
}

function filesAt(path: string, shown: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return [stats === undefined ? shown : path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).map((name) => join(path, name));
  return files.filter((file) => !statSync(file, { throwIfNoEntry: false })?.isDirectory());
}

function objectsOf(text: string, file: string): unknown[] {
  try {
    if (file.endsWith('.json')) return [JSON.parse(text)];
  } catch (error) {
    throw noYaml(file, error instanceof Error ? error.message : String(error));
  }
  return parseAllDocuments(text, { logLevel: 'error' }).map((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw noYaml(file, fault.message);
    return document.toJS() as unknown;
  });
}

function noYaml(file: string, reason: string): ConfigError {
  return new ConfigError(`Cannot read ${file} as schemas: ${reason}`, {
    code: 'cli/schemas',
    path: file,
    hint: 'Give plain YAML or JSON; what is a template has to be rendered first.',
  });
}

/** Returns the error of a schema that is none. */
export function noSchema(subject: string, error: unknown): ConfigError {
  return new ConfigError(`Cannot use what is given of ${subject} as a schema: ${String(error)}`, {
    code: 'cli/schemas',
    path: subject,
    hint: 'Give the CRDs as an API server accepted them: kubectl get crd -o yaml > crds.yaml',
    cause: error,
  });
}

function flattened(object: unknown): JsonObject[] {
  if (!isObject(object)) return [];
  return Array.isArray(object.items) ? object.items.flatMap(flattened) : [object];
}

/** What has not the form of a definition brings no schema, and is listed as such where one is needed. */
function schemasOf({ kind, spec }: JsonObject): (readonly [string, JsonObject])[] {
  if (kind !== 'CustomResourceDefinition' || !isObject(spec)) return [];
  const { group, names, versions } = spec;
  return (Array.isArray(versions) ? versions : []).flatMap((version) => {
    const { name, schema } = isObject(version) ? version : {};
    const written = isObject(schema) ? schema.openAPIV3Schema : undefined;
    if (!isObject(written) || !isObject(names)) return [];
    return [[definitionKey(`${group}/${name}`, String(names.kind)), written] as const];
  });
}
