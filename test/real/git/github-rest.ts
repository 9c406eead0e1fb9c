import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import {
  asJsonSchema,
  type Content,
  componentsId,
  type Json,
  type OpenApi,
  type Operation,
  resolved,
} from './openapi.js';

/** A question to the REST interface, and its answer. */
export interface RestExchange {
  readonly method: string;
  /** From the root of the interface, with its query: `/repos/ada/cells/pulls?state=open` */
  readonly path: string;
  readonly request?: unknown;
  readonly status: number;
  /** None where there is no body. */
  readonly answer?: unknown;
}

/** What any operation may answer though its description is silent: a wrong token, a limit, a server in trouble. */
const everywhere = new Set([401, 403, 404, 429, 500, 502, 503, 504]);

const json = 'application/json';

const errors: Content = { [json]: { schema: { $ref: '#/components/schemas/basic-error' } } };

/** Others only say what a text is for. */
const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  uri: (text: string) => URL.canParse(text),
  ...Object.fromEntries(
    ['int32', 'int64', 'double', 'uri-template', 'repo.nwo', 'binary', 'date', 'email', 'timestamp'].map(
      (name) => [name, true] as const,
    ),
  ),
};

/** Holds questions and answers against the OpenAPI description. */
export class RestContract {
  readonly #api: OpenApi;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, formats });
  /** All that stands in a query is text. */
  readonly #queries = new Ajv({ strict: false, allErrors: true, coerceTypes: 'array', formats });

  /** Compiled once: an answer such as a pull request takes some tenths of a second. */
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(api: OpenApi) {
    this.#api = api;
    const components = { $id: componentsId, components: asJsonSchema(api.components) };
    this.#ajv.addSchema(components);
    this.#queries.addSchema(components, undefined, undefined, false);
  }

  /** Returns what is wrong with the exchange, in words; nothing is wrong when it is empty. */
  faultsOf(exchange: RestExchange): string[] {
    const { pathname, searchParams } = new URL(exchange.path, 'http://localhost');
    const operation = this.#operation(exchange.method, pathname);
    if (operation === undefined) return [`${exchange.method} ${pathname}: GitHub has no such operation`];
    return [
      ...this.#queryFaults(operation, searchParams),
      ...(exchange.status < 400 ? this.#requestFaults(operation, exchange.request) : []),
      ...this.#answerFaults(operation, exchange),
    ].map((fault) => `${operation.operationId}: ${fault}`);
  }

  /** Of two templates that match, the one with more words of its own is meant. */
  #operation(method: string, path: string): Operation | undefined {
    const matching = Object.keys(this.#api.paths).filter((template) => patternOf(template).test(path));
    const offered = matching.flatMap((template) => {
      const operation = this.#api.paths[template]?.[method.toLowerCase()];
      return operation === undefined ? [] : [{ operation, words: template.replaceAll(/\{.*?\}/g, '').length }];
    });
    return offered.sort((a, b) => b.words - a.words)[0]?.operation;
  }

  #queryFaults({ operationId, parameters = [] }: Operation, query: URLSearchParams): string[] {
    const known = parameters.map((each) => resolved(this.#api, each)).filter((each) => each.in === 'query');
    const validate = this.#validator(`${operationId} query`, this.#queries, () => ({
      type: 'object',
      properties: Object.fromEntries(known.map(({ name, schema }) => [name, asJsonSchema(schema)])),
      required: known.filter((each) => each.required).map(({ name }) => name),
      additionalProperties: false,
    }));
    return faultsBy(validate, Object.fromEntries(query), 'query');
  }

  #requestFaults({ operationId, requestBody }: Operation, request: unknown): string[] {
    const schema = requestBody?.content[json]?.schema;
    if (requestBody === undefined || schema === undefined) {
      return request === undefined ? [] : ['request: it has no body'];
    }
    if (request === undefined) return requestBody.required ? ['request: a body is required'] : [];
    const validate = this.#validator(`${operationId} request`, this.#ajv, () => closed(asJsonSchema(schema) as Json));
    return faultsBy(validate, request, 'request');
  }

  #answerFaults({ operationId, responses }: Operation, { status, answer }: RestExchange): string[] {
    const described = responses[status];
    // A gateway in front of it may answer without words of GitHub's own.
    if (described === undefined && status >= 500 && everywhere.has(status)) return [];
    if (described === undefined && !everywhere.has(status)) {
      return [`answer: the status is one of ${Object.keys(responses).join(', ')}, not ${status}`];
    }
    const own = described === undefined ? errors : resolved(this.#api, described).content;
    // Of some errors the description has no more than a sentence, though they have the form of all others.
    const content = own === undefined && status >= 400 && answer !== undefined ? errors : own;
    const schema = content?.[json]?.schema;
    if (schema === undefined) return answer === undefined ? [] : [`answer: ${status} has no body`];
    if (answer === undefined) return [`answer: ${status} has a body`];
    const validate = this.#validator(`${operationId} ${status}`, this.#ajv, () => asJsonSchema(schema) as Json);
    return faultsBy(validate, answer, 'answer');
  }

  #validator(key: string, ajv: Ajv, schema: () => Json): ValidateFunction {
    const validate = this.#compiled.get(key) ?? ajv.compile(schema());
    this.#compiled.set(key, validate);
    return validate;
  }
}

/** Some parameters of paths hold slashes, such as `path` and `ref`; that of an owner or a repository never does. */
function patternOf(template: string): RegExp {
  const literal = template.replaceAll(/[.+]/g, '\\$&');
  return new RegExp(
    `^${literal.replaceAll(/\{(path|ref|branch|dir|tag|basehead)\}/g, '.+').replaceAll(/\{.*?\}/g, '[^/]+')}$`,
  );
}

/** GitHub ignores keys that it does not know; a program that sends one means another. */
function closed(schema: Json): Json {
  const isOpen = schema.additionalProperties === undefined && schema.properties !== undefined;
  return isOpen ? { ...schema, additionalProperties: false } : schema;
}

function faultsBy(validate: ValidateFunction, value: unknown, part: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${part}${error.instancePath}: ${wordsOf(error)}`);
}

function wordsOf({ message, params }: ErrorObject): string {
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  return [message, additionalProperty, allowedValues?.join(', ')].filter((word) => word !== undefined).join(': ');
}
