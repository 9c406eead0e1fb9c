import { isObject, type Json, type JsonObject } from '../../release/json.js';
import { isExpression } from './structural-schema.js';

/**
 * Returns the rules of a schema that are about parts which an object has and that only an API server can evaluate, each
 * once: those in CEL, and expressions that RE2 alone reads.
 */
export function uncheckedRules(schema: JsonObject, object: Json): string[] {
  return [...new Set(rulesAt(schema, object, ''))];
}

function rulesAt(schema: JsonObject, value: Json | undefined, path: string): string[] {
  if (value === undefined || value === null) return [];
  const { properties, items, additionalProperties } = schema;
  const below = isObject(value)
    ? Object.entries(value).flatMap(([key, field]) => {
        const known = isObject(properties) && isObject(properties[key]) ? properties[key] : additionalProperties;
        return isObject(known) ? rulesAt(known, field, path === '' ? key : `${path}.${key}`) : [];
      })
    : [];
  const inList =
    Array.isArray(value) && isObject(items) ? value.flatMap((item) => rulesAt(items, item, `${path}[]`)) : [];
  return [...ownRules(schema).map((rule) => `${path === '' ? 'the object' : path} ${rule}`), ...below, ...inList];
}

function ownRules(schema: JsonObject): string[] {
  const rules = schema['x-kubernetes-validations'];
  const inCel = (Array.isArray(rules) ? rules : []).flatMap((rule) =>
    isObject(rule) ? [`(CEL) ${oneLine(rule.message ?? rule.rule ?? '')}`] : [],
  );
  const { pattern } = schema;
  return typeof pattern === 'string' && !isExpression(pattern) ? [...inCel, `(RE2) ${pattern}`] : inCel;
}

function oneLine(text: Json): string {
  return String(text).trim().replaceAll(/\s+/g, ' ');
}
