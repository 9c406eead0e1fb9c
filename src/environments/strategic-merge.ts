import { isObject, type Json, type JsonObject } from '../release/json.js';

/**
 * The key by which Kubernetes merges the items of a list, by the list's field name.
 * A list that is not named here is replaced as a whole.
 * Source: the `patchMergeKey` tags of PodSpec and Container in k8s.io/api/core/v1.
 */
export const mergeKeys: ReadonlyMap<string, string> = new Map([
  ['containers', 'name'],
  ['initContainers', 'name'],
  ['env', 'name'],
  ['ports', 'containerPort'],
  ['volumeMounts', 'mountPath'],
  ['volumeDevices', 'devicePath'],
  ['volumes', 'name'],
  ['imagePullSecrets', 'name'],
  ['hostAliases', 'ip'],
  ['topologySpreadConstraints', 'topologyKey'],
]);

/**
 * Merges `patch` over `base` as Kubernetes' strategic merge does for a Deployment: maps by key, the lists above by
 * their merge key, other lists replaced, `null` removes. Neither argument is changed.
 */
export function strategicMerge(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeValue(key, Object.hasOwn(merged, key) ? merged[key] : undefined, value);
  }
  return merged;
}

function mergeValue(field: string, base: Json | undefined, patch: Json): Json {
  if (isObject(patch)) return strategicMerge(isObject(base) ? base : {}, patch);
  const mergeKey = mergeKeys.get(field);
  if (mergeKey !== undefined && isList(patch)) return mergeList(isList(base) ? base : [], patch, mergeKey);
  return patch;
}

function mergeList(base: readonly Json[], patch: readonly Json[], mergeKey: string): Json[] {
  const merged = [...base];
  for (const item of patch) {
    const at = merged.findIndex((other) => isObject(other) && isObject(item) && other[mergeKey] === item[mergeKey]);
    const existing = merged[at];
    if (isObject(existing) && isObject(item)) merged[at] = strategicMerge(existing, item);
    else merged.push(isObject(item) ? strategicMerge({}, item) : item);
  }
  return merged;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
