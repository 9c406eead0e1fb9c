import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../release/json.js';
import { versionNamed } from '../release/model.js';
import type { LoadedValues } from './load.js';
import type { Values } from './values.js';

type Entry = Values['application']['versions'][number];

/** The keys of an entry that say how many pods run, and how much that may change. */
const sizes: readonly (readonly string[])[] = [
  ['autoscaler'],
  ['disruptionBudget'],
  ['deployment', 'spec', 'replicas'],
  ...['minReplicas', 'maxReplicas', 'scaleTarget', 'scaleMetric'].map((key) => [
    ...['inferenceService', 'spec', 'predictor', key],
  ]),
];

/**
 * Returns the entry of a fresh baseline: the primary's, under a name of its own, at the size of a candidate and without
 * traffic. `baselineOf` comes first.
 */
export function baselineEntry(loaded: LoadedValues, name: string, candidate: string): JsonObject {
  const { primary } = loaded.release.model;
  const { metadata, ...like } = copyAt(loaded, candidate);
  return { baselineOf: primary, metadata: { ...(isObject(metadata) && metadata), name }, ...like, weight: 0 };
}

/** Returns the candidates at whose size this version is a copy of the primary; none where it is no copy of it at all. */
export function likePrimaryBeside(loaded: LoadedValues, name: string, candidates: readonly string[]): string[] {
  const { model } = loaded.release;
  const { baselineOf } = versionNamed(model, name);
  if (baselineOf !== model.primary) return [];
  const found = runsOf(entryOf(loaded, name));
  return candidates.filter((candidate) => isDeepStrictEqual(found, copyAt(loaded, candidate)));
}

/** What the primary runs, with the size of a candidate. */
function copyAt(loaded: LoadedValues, candidate: string): JsonObject {
  const size = entryOf(loaded, candidate);
  const primary = runsOf(entryOf(loaded, loaded.release.model.primary));
  return sizes.reduce<JsonObject>((entry, path) => sized(entry, path, valueIn(size, path)), primary);
}

/** What an entry says of how a version runs, but for its name and its traffic. */
function runsOf({
  metadata,
  weight: _,
  routed: __,
  baselineOf: ___,
  match: ____,
  matches: _____,
  ...rest
}: JsonObject) {
  const { name, ...named } = isObject(metadata) ? metadata : {};
  return { ...rest, ...(Object.keys(named).length > 0 && { metadata: named }) } as JsonObject;
}

function entryOf({ values, release: { model } }: LoadedValues, name: string): JsonObject {
  const entry: Entry | undefined = values.application.versions[model.versions.indexOf(versionNamed(model, name))];
  return JSON.parse(JSON.stringify(entry ?? {})) as JsonObject;
}

function valueIn(root: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), root);
}

/** Returns the map with the value there, and with nothing there where it is undefined: maps that are left empty go. */
function sized(map: JsonObject, [key = '', ...rest]: readonly string[], value: Json | undefined): JsonObject {
  const { [key]: before, ...others } = map;
  const inner = isObject(before) ? before : {};
  if (rest.length === 0) return value === undefined ? others : { ...map, [key]: value };
  if (value === undefined && valueIn(inner, rest) === undefined) return map;
  const after = sized(inner, rest, value);
  return Object.keys(after).length === 0 ? others : { ...map, [key]: after };
}
