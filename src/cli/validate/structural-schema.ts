import { isObject, type Json, type JsonObject } from '../../release/json.js';

/** What of a structural schema holds further schemas for the same value; none of them says which fields there are. */
const alternatives = ['allOf', 'anyOf', 'oneOf'] as const;

const anything: JsonObject = {};

/**
 * Returns the JSON Schema of a Kubernetes structural schema, as strict as an API server with `fieldValidation: Strict`:
 * fields that it would prune are refused. What JSON Schema has not (CEL rules, list types, formats) is left out.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const { properties } = schema;
  const own = isObject(properties) ? properties : {};
  // The API server knows these itself, whatever the definition says of them.
  const meta = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: anything };
  return converted({ ...schema, properties: { ...own, ...meta } });
}

function converted(schema: JsonObject): JsonObject {
  const { properties, items, additionalProperties, type, nullable, enum: values, pattern } = schema;
  const fields = isObject(properties) ? properties : undefined;
  return {
    ...bounds(schema),
    ...(typeof pattern === 'string' && isExpression(pattern) && { pattern }),
    ...(Array.isArray(values) && { enum: nullable === true ? [...values, null] : values }),
    ...typeOf(type, { nullable: nullable === true, either: schema['x-kubernetes-int-or-string'] === true }),
    ...(fields !== undefined && { properties: mapped(fields) }),
    ...(items !== undefined && { items: isObject(items) ? converted(items) : items }),
    ...(isClosed(schema) && { additionalProperties: false }),
    ...(isObject(additionalProperties) && { additionalProperties: converted(additionalProperties) }),
    ...Object.fromEntries(
      alternatives.flatMap((key) => (Array.isArray(schema[key]) ? [[key, each(schema[key])]] : [])),
    ),
    // Which of the two it is says nothing more.
    ...(schema['x-kubernetes-int-or-string'] === true && { anyOf: [anything] }),
    ...(isObject(schema.not) && { not: open(schema.not) }),
    ...embedded(schema, fields),
  };
}

const boundKeys =
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems minProperties maxProperties required'.split(
    ' ',
  );

/** OpenAPI 3.0 says of a bound by a boolean that it is exclusive, JSON Schema by the number itself. */
function bounds(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([key, value]) => boundKeys.includes(key) && typeof value !== 'boolean');
  const { minimum = null, maximum = null } = schema;
  return {
    ...Object.fromEntries(kept),
    ...(schema.uniqueItems === true && { uniqueItems: true }),
    ...(schema.exclusiveMinimum === true && { exclusiveMinimum: minimum }),
    ...(schema.exclusiveMaximum === true && { exclusiveMaximum: maximum }),
  };
}

function typeOf(
  type: Json | undefined,
  { nullable, either }: { readonly nullable: boolean; readonly either: boolean },
): JsonObject {
  const types = either ? ['integer', 'string'] : typeof type === 'string' ? [type] : [];
  if (types.length === 0) return {};
  return { type: nullable ? [...types, 'null'] : types };
}

/** Whether the API server prunes what is not named. */
function isClosed(schema: JsonObject): boolean {
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  return schema.type === 'object' && !isOpen;
}

/** An object within an object has these three, too. */
function embedded(schema: JsonObject, fields: JsonObject | undefined): JsonObject {
  if (schema['x-kubernetes-embedded-resource'] !== true) return {};
  return { properties: { ...mapped(fields ?? {}), apiVersion: anything, kind: anything, metadata: anything } };
}

function mapped(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [key, isObject(field) ? converted(field) : field]),
  );
}

function each(schemas: Json): Json[] {
  return Array.isArray(schemas) ? schemas.map((schema) => (isObject(schema) ? open(schema) : schema)) : [];
}

/** A further schema for the same value: the fields that it names are some among others. */
function open(schema: JsonObject): JsonObject {
  return withoutClosing(converted(schema));
}

function withoutClosing(schema: JsonObject): JsonObject {
  const { additionalProperties, ...rest } = schema;
  return additionalProperties === false ? rest : schema;
}

/** Whether an expression of RE2 is one here as well; those that are not are said to be unchecked. */
export function isExpression(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
