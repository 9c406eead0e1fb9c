import * as z from 'zod';
import { environments } from '../environments/registry.js';
import type { Environment } from '../release/environment.js';
import type { JsonObject } from '../release/json.js';
import type { Strategy } from '../release/strategy.js';
import { strategies } from '../strategies/registry.js';
import { supports } from './lookup.js';
import { affinitiesOf, keySchema, unreadKeys } from './unread-keys.js';
import { Values } from './values.js';

/**
 * Returns the JSON Schema (draft-07) of a values file, for editors. The environment is one enum, and what each can do
 * stands in if/then branches: an editor then names the one thing that is wrong, not every branch that does not fit.
 */
export function valuesJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(Values, { target: 'draft-7', io: 'input', override: withoutFormat });
  const properties = { ...rest.properties, analysis: withUse(rest.properties?.analysis as JsonObject) };
  return {
    $schema,
    title: 'Values of a sluice release',
    ...rest,
    properties,
    allOf: Object.values<Environment>(environments).map(branch),
  };
}

/** The pattern beside a format says the same, and strict readers refuse a format that they do not know. */
function withoutFormat({
  jsonSchema,
}: {
  readonly jsonSchema: { format?: string | undefined; pattern?: string | undefined };
}) {
  if (jsonSchema.pattern !== undefined) delete jsonSchema.format;
}

/** What a shared analysis says, values need not say again. */
function withUse({ required = [], ...analysis }: JsonObject): JsonObject {
  return { ...analysis, if: present(['use']), else: present(required as string[]) };
}

function present(keys: readonly string[]): JsonObject {
  return { properties: Object.fromEntries(keys.map((key) => [key, {}])), required: keys };
}

function branch(environment: Environment) {
  const names = [environment.id, ...environment.aliases];
  const allowed = Object.values<Strategy>(strategies).filter((strategy) => supports(environment, strategy));
  const strategy = { enum: allowed.flatMap(({ id, aliases }) => [id, ...aliases]) };
  // Editors print a constant that a value can never be, so people read there what to do.
  const absent = { const: `absent with environment ${environment.id}` };
  const rules = [
    keySchema(['application', 'strategy'], strategy),
    ...affinities(environment),
    ...unreadKeys(environment).map((key) => keySchema(key, absent)),
  ];
  return {
    if: { properties: { environment: { enum: names } }, required: ['environment'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
    then: { allOf: rules },
  };
}

function affinities(environment: Environment): JsonObject[] {
  const known = affinitiesOf(environment);
  return known.length === 0 ? [] : [keySchema(['application', 'sessionAffinity', 'type'], { enum: known })];
}
