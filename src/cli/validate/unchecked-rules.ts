import { isObject, type Json, type JsonObject } from '../../release/json.js';
import { isExpression } from './structural-schema.js';

/**
 * Returns the rules of a schema that are about parts which an object has and that only an API server can evaluate, each
 * once: those in CEL, expressions that RE2 alone reads, formats, and what tells the items of a list apart.
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
  const { pattern, format, type, 'x-kubernetes-validations': rules } = schema;
  const inCel = (Array.isArray(rules) ? rules : []).flatMap((rule) =>
    isObject(rule) ? [`(CEL) ${oneLine(rule.message ?? rule.rule ?? '')}`] : [],
  );
  return [
    ...inCel,
    ...(typeof pattern === 'string' && !isExpression(pattern) ? [`(RE2) ${pattern}`] : []),
    ...(typeof format === 'string' && type === 'string' ? [`(format) ${format}`] : []),
    ...listRule(schema),
  ];
}

function listRule({ 'x-kubernetes-list-type': type, 'x-kubernetes-list-map-keys': keys }: JsonObject): string[] {
  if (type === 'set') return ['(list) no two items are the same'];
  return type === 'map' && Array.isArray(keys) ? [`(list) no two items have the same ${keys.join(', ')}`] : [];
}

function oneLine(text: Json): string {
  return String(text).trim().replaceAll(/\s+/g, ' ');
}
