import type { Json, JsonObject } from '../../src/release/json.js';

/** The value as text, the same for maps that differ only in the order of their keys. */
export function canonical(value: Json): string {
  return JSON.stringify(value, (_key, part: Json) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Returns what stands at a path of maps; undefined where there is nothing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((part, key) => (part === undefined ? undefined : map(part)[key]), value);
}

/** Returns the value where it is a map, else an empty one. */
export function map(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** Returns the value where it is a list, else an empty one. */
export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Returns the value as text. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : String(value);
}

/** Returns the namespace of a Kubernetes object. */
export function namespaceOf(object: JsonObject): string {
  return text(at(object, 'metadata', 'namespace') ?? 'default');
}
