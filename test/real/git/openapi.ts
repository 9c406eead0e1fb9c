/** A JSON Schema, or a part of OpenAPI that holds some. */
export type Json = Readonly<Record<string, unknown>>;

/** The parts of a description in OpenAPI 3.0 that the checks read. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Json;
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, Response | Reference>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Json;
}

export interface Response {
  readonly content?: Content;
}

export type Content = Readonly<Record<string, { readonly schema?: Json }>>;

export interface Reference {
  readonly $ref: string;
}

/** Where the components are found by a schema that stands outside of the description. */
export const componentsId = 'openapi';

/** Returns what a reference such as `#/components/parameters/owner` means, or the thing itself. */
export function resolved<Part>(api: OpenApi, part: Part | Reference): Part {
  if (!isReference(part)) return part;
  const [, ...keys] = part.$ref.split('/');
  return keys.reduce<unknown>((found, key) => (found as Json)[key], api) as Part;
}

/**
 * Returns the same in JSON Schema: what OpenAPI 3.0 calls `nullable` is null or the rest, and references lead to the
 * schema that is known as `componentsId`. Examples stay as they are, which no check reads.
 */
export function asJsonSchema(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(asJsonSchema);
  if (typeof part !== 'object' || part === null) return part;
  if (isReference(part)) return { $ref: part.$ref.replace(/^#/, `${componentsId}#`) };
  const entries = Object.entries(part).filter(([key, value]) => !isProse(key, value));
  const schema = Object.fromEntries(entries.map(([key, value]) => [key, key === 'enum' ? value : asJsonSchema(value)]));
  return (part as Json).nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}

/** A property may have such a name, and then it holds a schema; `nullable` of a schema is a boolean. */
function isProse(key: string, value: unknown): boolean {
  return (key === 'nullable' && typeof value === 'boolean') || key === 'examples';
}

function isReference(part: unknown): part is Reference {
  return typeof (part as Reference | null)?.$ref === 'string';
}
