/** A JSON value as Kubernetes objects hold it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Texts by name, such as labels. */
export interface Texts {
  readonly [key: string]: string;
}
