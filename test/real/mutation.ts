import { parse } from 'yaml';
import type { Json, JsonObject } from '../../src/release/json.js';
import { starterNamed } from './starters.js';

/** A slip in a values file: of this starter, with this put at this place. */
export interface Mutation {
  readonly title: string;
  /** As `templates/values/<starter>.yaml`. */
  readonly starter: string;
  /** Keys and positions from the root. */
  readonly place: Place;
  readonly value: Json;
}

type Place = readonly (string | number)[];

type Row = readonly [title: string, place: Place, value: Json];

export const application = ['application'] as const;
export const metadata = [...application, 'metadata'] as const;
export const budget = [...application, 'disruptionBudget'] as const;
export const autoscaler = [...application, 'autoscaler'] as const;
export const hosts = [...application, 'hosts'] as const;
export const affinity = [...application, 'sessionAffinity'] as const;
export const first = [...application, 'versions', 0] as const;
export const second = [...application, 'versions', 1] as const;
export const match = [...second, 'match'] as const;
export const matches = [...second, 'matches'] as const;

export const beyondInt32 = 3_000_000_000;

/** Returns the values of a starter as plain data, with its candidate routed. */
export function routedStarter(starter: string): JsonObject {
  return parse(starterNamed(starter).loaded.text.replace('routed: false', 'routed: true')) as JsonObject;
}

/** Returns what the slip makes of its starter. */
export function mutated({ starter, place, value }: Mutation): JsonObject {
  const values = routedStarter(starter);
  const [last, ...parents] = [...place].reverse() as [string | number, ...(string | number)[]];
  let at = values as Record<string | number, Json>;
  for (const key of parents.reverse()) {
    at[key] ??= {};
    at = at[key] as Record<string | number, Json>;
  }
  at[last] = value;
  return values;
}

/** Returns the slips of one starter. */
export function of(starter: string, rows: readonly Row[]): Mutation[] {
  return rows.map(([title, place, value]) => ({ title, starter, place, value }));
}

/** Returns as many parts as asked for, made from their positions. */
export function many(count: number, each: (position: number) => JsonObject): JsonObject[] {
  return Array.from({ length: count }, (_, i) => each(i));
}
