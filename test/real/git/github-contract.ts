import { readFileSync } from 'node:fs';
import { requireTools, tools } from '../tools.js';
import { GraphqlContract, type GraphqlExchange } from './github-graphql.js';
import { RestContract, type RestExchange } from './github-rest.js';
import type { OpenApi } from './openapi.js';

/** What GitHub has published about its interfaces, as a judge of what a program asks and of what a fake answers. */
export class GithubContract {
  readonly #rest: RestContract;
  readonly #graphql: GraphqlContract;

  /** @throws Error when the descriptions are not installed */
  constructor() {
    requireTools(['githubApi', 'githubSchema']);
    this.#rest = new RestContract(JSON.parse(readFileSync(tools.githubApi, 'utf8')) as OpenApi);
    this.#graphql = new GraphqlContract(readFileSync(tools.githubSchema, 'utf8'));
  }

  /**
   * Returns what is wrong with a question or its answer, each as `operation: part: why`.
   *
   * @example contract.restFaults({ method: 'GET', path: '/repos/ada/cells/pulls?state=open', status: 200, answer: [] }) // []
   */
  restFaults(exchange: RestExchange): string[] {
    return this.#rest.faultsOf(exchange);
  }

  /** Returns what is wrong with a query, its variables or the answer to them, each as `part: why`. */
  graphqlFaults(exchange: GraphqlExchange): string[] {
    return this.#graphql.faultsOf(exchange);
  }
}
