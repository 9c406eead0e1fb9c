import type { Environment } from '../../release/environment.js';
import { isObject, type JsonObject } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import { valuesJsonSchema } from '../../values/json-schema.js';
import { supports } from '../../values/lookup.js';
import { environmentRules, type KeyPath, unreadKeys } from './environment-rules.js';
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
  const { $schema, allOf: _, title, ...rest } = plainSchema(valuesJsonSchema() as JsonObject);
  const schema = merge(rest, commonRules(scope)) as Schema;
  const [only, ...more] = scope.environments;
  const properties = (schema.properties ?? {}) as Schema;
  // Helm hands this to every chart that is a part of another one.
  properties.global = { type: 'object', description: "Helm's own, for a chart that has this one as a part; not read" };
  if (only === undefined || more.length > 0) {
    // A chain, since Helm's validator prints another line for the allOf around the one branch that counts.
    const chain = scope.environments.reduceRight<Schema | undefined>(
      (others, each) => ({ ...branch(each, scope.strategies), ...(others && { else: others }) }),
      undefined,
    );
    Object.assign(schema, chain);
  } else {
    for (const key of unreadKeys(only)) removeAt(schema, key);
    Object.assign(schema, merge(schema, environmentRules(only)));
  }
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
          disruptionBudget: oneKey,
          versions: {
            description: `one entry per version, at most ${maxVersions}: \`sluice chart --versions N\` makes a chart for more`,
            maxItems: maxVersions,
            // The validator prints this constant, which a list can never be: so the user reads what to do.
            if: { minItems: maxVersions + 1 },
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
            then: { const: `at most ${maxVersions} versions, or a chart made for more by sluice chart --versions N` },
            items: { properties: { external: externalRule, disruptionBudget: oneKey } },
          },
        },
      },
      analysis: { properties: { objectives: { items: { minProperties: 2 } } } },
    },
  };
}

/** An object of several keys, of which one is given. */
const oneKey: JsonObject = { minProperties: 1, maxProperties: 1 };

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
  const rules = unreadKeys(environment).map((key) => fragment(key, absent));
  const strategy = fragment(['application', 'strategy'], { enum: able });
  return {
    if: { properties: { environment: { enum: namesOf(environment) } }, required: ['environment'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
    then: [strategy, ...rules].reduce(merge, environmentRules(environment)),
  };
}

function namesOf({ id, aliases }: { readonly id: string; readonly aliases: readonly string[] }): string[] {
  return [id, ...aliases];
}

/** Returns the schema that says this of one key. */
function fragment(place: KeyPath, leaf: JsonObject): JsonObject {
  return place.reduceRight<JsonObject>(
    (inner, key): JsonObject => (key === '[]' ? { items: inner } : { properties: { [key]: inner } }),
    leaf,
  );
}

function removeAt(schema: Schema, place: KeyPath): void {
  const last = place.at(-1) ?? '';
  let part: Schema | undefined = schema;
  for (const key of place.slice(0, -1)) {
    part = (key === '[]' ? part?.items : (part?.properties as Schema | undefined)?.[key]) as Schema | undefined;
  }
  delete (part?.properties as Schema | undefined)?.[last];
}

function merge<Part extends Schema | JsonObject>(base: Part, over: JsonObject): Part {
  const entries = Object.entries(over).map(([key, value]) => {
    const old = (base as Schema)[key];
    return [key, isObject(old) && isObject(value) ? merge(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) } as Part;
}
