import type { Condition } from './condition.js';
import type { HoleType } from './hole.js';

/** A value of the chart: a variable and a path below it, such as `$backend.version.address.port`. */
export interface Reference {
  /** Of the release, or of the loop whose item it belongs to. */
  readonly variable: string;
  /** Empty for the item itself. */
  readonly path: string;
  readonly type: HoleType;
}

/** Returns a reference as templates write it. */
export function expressionOf({ variable, path }: Pick<Reference, 'variable' | 'path'>): string {
  return path === '' ? `$${variable}` : `$${variable}.${path}`;
}

/** What constructs rendered, with the values that differ from release to release as references, choices and loops. */
export type Template =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'text'; readonly parts: readonly (string | Reference)[] }
  | { readonly kind: 'empty'; readonly value: '{}' | '[]' }
  | { readonly kind: 'map'; readonly entries: readonly Element<Entry>[] }
  | { readonly kind: 'list'; readonly items: readonly Element<Template>[] }
  | { readonly kind: 'choice'; readonly branches: readonly Branch[]; readonly otherwise: Template };

/** An entry of a map; without a value, the key is a tree whose entries stand here. */
export interface Entry {
  readonly key: readonly (string | Reference)[];
  readonly value: Template | undefined;
}

/** What stands there only if, or once for every item of a list. */
export type Element<T> =
  | { readonly kind: 'one'; readonly element: T }
  | { readonly kind: 'if'; readonly condition: Condition; readonly elements: readonly Element<T>[] }
  | { readonly kind: 'each'; readonly item: string; readonly over: string; readonly elements: readonly Element<T>[] };

/** What stands there where the condition holds; the first branch that does counts. */
export interface Branch {
  readonly condition: Condition;
  readonly template: Template;
}
