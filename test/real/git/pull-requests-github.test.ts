import { readFileSync } from 'node:fs';
import type { Exchange } from '../../gitops/pull-requests/fake-forge.js';
import { type GithubExamples, githubDialect } from '../../gitops/pull-requests/fake-github.js';
import { hostSuite } from '../../gitops/pull-requests/host-suite.js';
import { tools } from '../tools.js';
import { GithubContract } from './github-contract.js';

const contract = new GithubContract();
const { components } = JSON.parse(readFileSync(tools.githubApi, 'utf8'));
const exampleOf = (name: string) => components.examples[name].value;

/** The examples lack the `type` of a team, which their own description requires. */
const examples: GithubExamples = {
  pull: { ...exampleOf('pull-request'), requested_teams: [] },
  simple: { ...exampleOf('pull-request-simple-items')[0], requested_teams: [] },
  label: exampleOf('label-items')[0],
  comment: exampleOf('issue-comment'),
};

/** A redirect has no words that are described. */
function faults({ status, ...exchange }: Exchange): string[] {
  return status === 307 ? [] : contract.restFaults({ ...exchange, status });
}

hostSuite('github', githubDialect(examples), faults);
