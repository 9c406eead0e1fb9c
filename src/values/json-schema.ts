import * as z from 'zod';
import { environments } from '../environments/registry.js';
import type { Environment } from '../release/environment.js';
import type { Strategy } from '../release/strategy.js';
import { strategies } from '../strategies/registry.js';
import { supports } from './lookup.js';
import { Values } from './values.js';

/**
 * Returns the JSON Schema (draft-07) of a values file, for editors. The environment is one enum, and what each can do
 * stands in if/then branches: an editor then names the one thing that is wrong, not every branch that does not fit.
 */
export function valuesJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(Values, { target: 'draft-7', io: 'input' });
  return {
    $schema,
    title: 'Values of a sluice release',
    ...rest,
    allOf: Object.values<Environment>(environments).map(branch),
  };
}

function branch(environment: Environment) {
  const names = [environment.id, ...environment.aliases];
  const allowed = Object.values<Strategy>(strategies).filter((strategy) => supports(environment, strategy));
  const strategy = { enum: allowed.flatMap(({ id, aliases }) => [id, ...aliases]) };
  return {
    if: { properties: { environment: { enum: names } }, required: ['environment'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema, and nothing here is awaited
    then: { properties: { application: { properties: { strategy } } } },
  };
}
