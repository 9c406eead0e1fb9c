import type { Environment } from '../../release/environment.js';
import { isObject, type JsonObject } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import { valuesJsonSchema } from '../../values/json-schema.js';
import { supports } from '../../values/lookup.js';
import { type KeyPath, keySchema, unreadKeys } from '../../values/unread-keys.js';
import { environmentRules, idleKeys, unlessGap } from './environment-rules.js';
import { plainSchema, type Schema } from './plain-schema.js';

/** What a chart can do. */
export interface ChartScope {
  readonly environments: readonly Environment[];
  readonly strategies: readonly Strategy[];
  /** How many versions its values may have. */
  readonly maxVersions: number;
}

/** Returns the `values.schema.json` (draft-07) of a chart: what `sluice schema` prints, of what this chart can do. */
export function chartSchema(scope: ChartScope): JsonObject {
  const keys = keysSchema(scope) as Schema;
  const guard = (versions: Schema) => guarded(versions, scope.maxVersions);
  const [only, ...more] = scope.environments;
  if (only !== undefined && more.length === 0) {
    return changedVersions(merge(keys, environmentRules(only)), guard) as JsonObject;
  }
  // A chain, since Helm's validator prints another line for the allOf around the one branch that counts.
  const chain = scope.environments.reduceRight<Schema | undefined>(
    (others, each) => ({ ...branch(each, scope.strategies), ...(others && { else: others }) }),
    undefined,
  );
  const { required, ...schema } = changedVersions(keys, guard);
  // A chart for all has no release of its own: nothing given is nothing installed, and nothing is defaulted.
  return { ...schema, if: { propertyNames: { const: 'global' } }, else: { required, ...chain } } as JsonObject;
}

/** Returns the keys of the values with their types and descriptions, for people and editors. */
export function keysSchema(scope: ChartScope): JsonObject {
  const { $schema, allOf: _, title, ...rest } = plainSchema(valuesJsonSchema() as JsonObject);
  const schema = merge(rest, commonRules(scope)) as Schema;
  const properties = (schema.properties ?? {}) as Schema;
  // Helm hands this to every chart that is a part of another one.
  properties.global = { type: 'object', description: "Helm's own, for a chart that has this one as a part; not read" };
  const [only, ...more] = scope.environments;
  if (only !== undefined && more.length === 0) for (const key of unreadKeys(only)) removeAt(schema, key);
  for (const key of idleKeys(scope)) describeAt(schema, key, 'no effect in this chart');
  return { $schema, title, ...schema } as JsonObject;
}

function commonRules({ environments, strategies, maxVersions }: ChartScope): JsonObject {
  return {
    properties: {
      environment: { enum: environments.flatMap(namesOf) },
      application: {
        required: [...(strategies.some(({ id }) => id === 'none') ? [] : ['strategy']), 'versions'],
        properties: {
          strategy: { enum: strategies.flatMap(namesOf) },
          disruptionBudget: oneBudget,
          versions: {
            description: `one entry per version, at most ${maxVersions}: \`sluice chart --versions N\` makes a chart for more`,
            items: {
              properties: {
                external: externalRule,
                disruptionBudget: oneBudget,
                weight: orNull('a number such as 0, for no traffic; without the key it is 50', 'integer', 'string'),
                routed: orNull('true or false; without the key it is true', 'boolean'),
              },
            },
          },
        },
      },
    },
  };
}

// Helm's validator prints a constant that a value can never be, so the user reads there what to do.

/** One of two keys. */
const oneBudget: JsonObject = {
  if: { minProperties: 1, maxProperties: 1 },
  else: { const: 'one of minAvailable and maxUnavailable, and not both' },
};

/** An empty key is no absent one where it says who gets traffic. */
function orNull(words: string, ...types: string[]): JsonObject {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
  return { type: [...types, 'null'], if: { type: 'null' }, then: { const: words } };
}

/** Of too many versions, and of a list with a gap, only that is said. */
function guarded({ items, ...rest }: Schema, maxVersions: number): Schema {
  const many = `at most ${maxVersions} versions, or a chart made for more by sluice chart --versions N`;
  const gap = 'a list without gaps: --set of a position needs the whole list beside it, with -f';
  // biome-ignore-start lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
  return {
    ...rest,
    if: { minItems: maxVersions + 1 },
    then: { const: many },
    else: { ...(unlessGap({ items: items as JsonObject }) as Schema), then: { const: gap } },
  };
  // biome-ignore-end lint/suspicious/noThenProperty: the same
}

/** Returns a schema of values with other words on its versions. */
function changedVersions(schema: Schema, change: (versions: Schema) => Schema): Schema {
  const properties = schema.properties as Schema;
  const application = properties.application as Schema;
  const parts = application.properties as Schema;
  const versions = change(parts.versions as Schema);
  return {
    ...schema,
    properties: { ...properties, application: { ...application, properties: { ...parts, versions } } },
  };
}

/** One of the two. */
const externalRule: JsonObject = {
  if: { required: ['service'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
  then: { properties: { deployment: { const: 'absent beside service' } } },
  else: { required: ['deployment'] },
};

/** What one of several environments reads. */
function branch(environment: Environment, strategies: readonly Strategy[]): Schema {
  const able = strategies.filter((strategy) => supports(environment, strategy)).flatMap(namesOf);
  const absent = { const: `absent with environment ${environment.id}` };
  const rules = unreadKeys(environment).map((key) => keySchema(key, absent));
  const strategy = keySchema(['application', 'strategy'], { enum: able });
  return {
    if: { properties: { environment: { enum: namesOf(environment) } }, required: ['environment'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
    then: changedVersions([strategy, ...rules].reduce(merge, environmentRules(environment)) as Schema, (versions) =>
      unlessGap(versions as JsonObject),
    ),
  };
}

function namesOf({ id, aliases }: { readonly id: string; readonly aliases: readonly string[] }): string[] {
  return [id, ...aliases];
}

function removeAt(schema: Schema, place: KeyPath): void {
  delete propertiesAround(schema, place)?.[place.at(-1) ?? ''];
}

function describeAt(schema: Schema, place: KeyPath, description: string): void {
  const part = propertiesAround(schema, place)?.[place.at(-1) ?? ''];
  if (isObject(part)) Object.assign(part, { description });
}

function propertiesAround(schema: Schema, place: KeyPath): Schema | undefined {
  let part: Schema | undefined = schema;
  for (const key of place.slice(0, -1)) {
    part = (key === '[]' ? part?.items : (part?.properties as Schema | undefined)?.[key]) as Schema | undefined;
  }
  return part?.properties as Schema | undefined;
}

function merge<Part extends Schema | JsonObject>(base: Part, over: JsonObject): Part {
  const entries = Object.entries(over).map(([key, value]) => {
    const old = (base as Schema)[key];
    return [key, isObject(old) && isObject(value) ? merge(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) } as Part;
}
