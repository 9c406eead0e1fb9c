/** A JSON value as Kubernetes objects hold it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Texts by name, such as labels. */
export interface Texts {
  readonly [key: string]: string;
}

/** Whether something read from JSON is an object; a list is none. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
