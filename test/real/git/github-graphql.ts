import { isDeepStrictEqual } from 'node:util';
import {
  buildSchema,
  type DocumentNode,
  type ExecutionResult,
  executeSync,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import { knowScalars } from './github-scalars.js';

/** A question to the GraphQL interface, and its answer. */
export interface GraphqlExchange {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** `{ data }`, `{ data, errors }` or `{ errors }`; without it only the question is checked. */
  readonly answer?: unknown;
}

/** Holds questions and answers against the schema, by the reference implementation of GraphQL. */
export class GraphqlContract {
  readonly #schema: GraphQLSchema;

  /** @param text of the schema */
  constructor(text: string) {
    this.#schema = buildSchema(text, { assumeValid: true });
    knowScalars(this.#schema);
  }

  /** Returns what is wrong with the exchange, in words; nothing is wrong when it is empty. */
  faultsOf({ query, variables = {}, answer }: GraphqlExchange): string[] {
    const parsed = this.#parsed(query);
    if (Array.isArray(parsed)) return parsed;
    const operation = getOperationAST(parsed);
    if (operation == null) return ['query: it holds one operation'];
    const declared = operation.variableDefinitions ?? [];
    const { errors = [] } = getVariableValues(this.#schema, declared, variables);
    const names = new Set(declared.map(({ variable }) => variable.name.value));
    const undeclared = Object.keys(variables).filter((name) => !names.has(name));
    const faults = [
      ...errors.map(wordsOf('variables')),
      ...undeclared.map((name) => `variables: $${name} is not declared`),
    ];
    return faults.length > 0 || answer === undefined ? faults : this.#answerFaults(parsed, variables, answer);
  }

  #parsed(query: string): DocumentNode | string[] {
    try {
      const document = parse(query);
      const errors = validate(this.#schema, document);
      return errors.length > 0 ? errors.map(wordsOf('query')) : document;
    } catch (error) {
      return [wordsOf('query')(error as GraphQLError)];
    }
  }

  /** Executes the question on the answer itself: what it asks for must be there, and nothing else. */
  #answerFaults(document: DocumentNode, variableValues: Readonly<Record<string, unknown>>, answer: unknown): string[] {
    if (typeof answer !== 'object' || answer === null) return ['answer: it is an object'];
    const { data, errors } = answer as ExecutionResult;
    if (errors !== undefined && !isListOfErrors(errors)) return ['answer: errors is a list of objects with a message'];
    if (data == null) return errors === undefined ? ['answer: it has neither data nor errors'] : [];
    const executed = executeSync({
      schema: this.#schema,
      document,
      variableValues,
      rootValue: data,
      // By the key in the answer, which an alias decides.
      fieldResolver: (source, _args, _context, { path }) => (source as Record<string, unknown>)[path.key],
      typeResolver: (value) => (value as { __typename?: string }).__typename,
    });
    if (executed.errors !== undefined)
      return executed.errors.map((error) => `answer: ${placeOf(error)}${error.message}`);
    const same = isDeepStrictEqual(plain(executed.data), plain(data));
    return same ? [] : ['answer: data holds more than the query asks for, or other types than the schema says'];
  }
}

function isListOfErrors(errors: unknown): boolean {
  return Array.isArray(errors) && errors.length > 0 && errors.every(({ message }) => typeof message === 'string');
}

function placeOf({ path }: GraphQLError): string {
  return path === undefined ? '' : `${path.join('.')}: `;
}

function wordsOf(part: string): (error: GraphQLError) => string {
  return ({ message }) => `${part}: ${message}`;
}

/** Without the prototypes that the executor leaves out. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
