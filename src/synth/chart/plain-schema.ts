import type { Json, JsonObject } from '../../release/json.js';

/** A JSON Schema, or a part of one. */
export interface Schema {
  [keyword: string]: Json | Schema | Schema[] | undefined;
}

/**
 * Returns a schema of the same meaning that Helm reports on in one line: of `anyOf`, Helm's validator lists every branch
 * that does not fit. What Go's regular expressions cannot look ahead for becomes a second pattern.
 */
export function plainSchema(schema: JsonObject): Schema {
  return plain(schema) as Schema;
}

function plain(part: Json): Json {
  if (Array.isArray(part)) return part.map(plain);
  if (part === null || typeof part !== 'object') return part;
  const { anyOf, pattern, ...rest } = Object.fromEntries(
    Object.entries(part)
      .filter(([keyword, value]) => !saysNothing(keyword, value))
      .map(([keyword, value]) => [keyword, plain(value)]),
  ) as { readonly [keyword: string]: Json } & { readonly anyOf?: readonly JsonObject[]; readonly pattern?: string };
  return {
    ...rest,
    ...(pattern !== undefined && (typeof pattern === 'string' ? withoutLookahead(pattern) : { pattern })),
    ...(anyOf !== undefined && oneOf(anyOf)),
  };
}

/** What zod writes for completeness. */
function saysNothing(keyword: string, value: Json): boolean {
  if (keyword === 'maximum') return value === Number.MAX_SAFE_INTEGER;
  const text = JSON.stringify(value);
  return (
    (keyword === 'propertyNames' && text === '{"type":"string"}') ||
    (keyword === 'additionalProperties' && text === '{}')
  );
}

function withoutLookahead(pattern: string): JsonObject {
  const [whole, ahead] = /^\^\(\?=\.\*(.*?)\)/.exec(pattern) ?? [];
  if (whole === undefined || ahead === undefined) return { pattern };
  return { pattern: `^${pattern.slice(whole.length)}`, allOf: [{ pattern: ahead }] };
}

function oneOf(branches: readonly JsonObject[]): JsonObject {
  const others = branches.filter(({ type }) => type !== 'null');
  const [first = {}] = others;
  const one = others.length === 1 ? first : others.every(isStrictObject) ? oneKeyOf(others) : anyTypeOf(others);
  return others.length === branches.length ? one : { ...one, type: [...typesOf(one), 'null'] };
}

function isStrictObject({ type, additionalProperties }: JsonObject): boolean {
  return type === 'object' && additionalProperties === false;
}

/** Objects of one key each, such as `exact`, `prefix` or `regex`. */
function oneKeyOf(branches: readonly JsonObject[]): JsonObject {
  const properties = Object.assign({}, ...branches.map((branch) => branch.properties)) as JsonObject;
  const needed = branches.every(({ required }) => required !== undefined);
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    ...(needed && { minProperties: 1 }),
    maxProperties: 1,
  };
}

/** Scalars of several types: a keyword of one does not speak about the others. */
function anyTypeOf(branches: readonly JsonObject[]): JsonObject {
  return { ...(Object.assign({}, ...branches) as JsonObject), type: branches.flatMap(typesOf) };
}

function typesOf({ type }: JsonObject): Json[] {
  return [type ?? []].flat() as Json[];
}
