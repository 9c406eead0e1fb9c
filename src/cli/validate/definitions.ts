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
  return names.filter((name) => /\.(ya?ml|json)$/.test(name)).map((name) => join(path, name));
}

function objectsOf(text: string, file: string): unknown[] {
  try {
    if (file.endsWith('.json')) return [JSON.parse(text)];
  } catch (error) {
    throw noYaml(file, error instanceof Error ? error.message : String(error));
  }
  return parseAllDocuments(text).map((document) => {
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

function flattened(object: unknown): JsonObject[] {
  if (!isObject(object)) return [];
  return Array.isArray(object.items) ? object.items.flatMap(flattened) : [object];
}

interface Definition {
  readonly group?: string;
  readonly names?: { readonly kind?: string };
  readonly versions?: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema?: JsonObject } }[];
}

function schemasOf({ kind, spec }: JsonObject): (readonly [string, JsonObject])[] {
  if (kind !== 'CustomResourceDefinition') return [];
  const { group = '', names, versions = [] } = (spec ?? {}) as Definition;
  return versions.flatMap(({ name, schema }) => {
    const written = schema?.openAPIV3Schema;
    return written === undefined ? [] : [[definitionKey(`${group}/${name}`, names?.kind ?? ''), written] as const];
  });
}
