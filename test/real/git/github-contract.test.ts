import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tools } from '../tools.js';
import { GithubContract } from './github-contract.js';

const contract = new GithubContract();
const pulls = '/repos/ada/cells/pulls';
const sha = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** GitHub's own example of an answer. */
function example(name: string): unknown {
  const { components } = JSON.parse(readFileSync(tools.githubApi, 'utf8'));
  return components.examples[name].value;
}

/** The examples lack the `type` of a team, which their own description requires. */
const [pullRequest, ...pullRequests] = [
  example('pull-request'),
  ...(example('pull-request-simple-items') as unknown[]),
].map((each) => ({ ...(each as object), requested_teams: [] }));

const ref = {
  ref: 'refs/heads/main',
  node_id: 'MDM6UmVm',
  url: 'http://127.0.0.1/repos/ada/cells/git/refs/heads/main',
  object: { type: 'commit', sha, url: `http://127.0.0.1/repos/ada/cells/git/commits/${sha}` },
};

describe('restFaults()', () => {
  test.each([
    ['a pull request', 'POST', pulls, { title: 'x', head: 'a', base: 'main' }, 201, pullRequest],
    ['a list', 'GET', `${pulls}?state=open&head=ada%3Astep&per_page=100`, undefined, 200, pullRequests],
    ['a ref with a slash', 'PATCH', '/repos/ada/cells/git/refs/heads/main', { sha, force: false }, 200, ref],
    ['an encoded ref', 'GET', '/repos/ada/cells/git/ref/heads%2Fmain', undefined, 200, ref],
    ['an answer without a body', 'DELETE', '/repos/ada/cells/git/refs/heads/step', undefined, 204, undefined],
    ['a secondary limit', 'POST', pulls, { head: 'a', base: 'main' }, 429, { message: 'You have exceeded a limit' }],
    ['a wrong request that was refused', 'POST', pulls, { head: 'a' }, 422, { message: 'x', documentation_url: 'y' }],
    ['a gateway in trouble', 'GET', pulls, undefined, 502, '<html>'],
  ])('finds nothing wrong with %s', (_, method, path, request, status, answer) => {
    expect(contract.restFaults({ method, path, request, status, answer })).toEqual([]);
  });

  test.each([
    ['a key that is missing', { title: 'x', head: 'a' }, "pulls/create: request: must have required property 'base'"],
    ['a wrong type', { head: 'a', base: 'main', draft: 'no' }, 'pulls/create: request/draft: must be boolean'],
    ['an unknown key', { head: 'a', base: 'main', labels: [] }, /request: .*additional properties: labels/],
    ['no body', undefined, 'pulls/create: request: a body is required'],
  ])('refuses a request with %s', (_, request, fault) => {
    const answer = pullRequest;
    expect(contract.restFaults({ method: 'POST', path: pulls, request, status: 201, answer })).toEqual([
      matching(fault),
    ]);
  });

  test.each([
    ['a status that it has not', 200, pullRequest, 'answer: the status is one of 201, 403, 422, not 200'],
    ['a body that is missing', 201, undefined, 'answer: 201 has a body'],
    ['an error of another form', 422, { error: 'no' }, /answer: must have required property 'message'/],
  ])('refuses an answer with %s', (_, status, answer, fault) => {
    const request = { head: 'a', base: 'main' };
    const faults = contract.restFaults({ method: 'POST', path: pulls, request, status, answer });
    expect(faults[0]).toEqual(matching(fault));
  });

  test('refuses an answer that lacks a key, has null where none may be, or a wrong type', () => {
    const faultsOf = (change: object) => {
      const answer = { ...pullRequest, ...change };
      return contract.restFaults({ method: 'GET', path: `${pulls}/1347`, status: 200, answer });
    };
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ body: null, merged_at: null })).toEqual([]);
    expect(faultsOf({ number: undefined })).toEqual(["pulls/get: answer: must have required property 'number'"]);
    expect(faultsOf({ title: null })).toEqual(['pulls/get: answer/title: must be string']);
    expect(faultsOf({ state: 'merged' })).toEqual([expect.stringMatching(/answer\/state: .*: open, closed$/)]);
    expect(faultsOf({ created_at: 'yesterday' })).toEqual([expect.stringContaining('answer/created_at')]);
  });

  test.each([
    ['an unknown key', `${pulls}?author=ada`, /query: .*: author$/],
    ['a value that is not allowed', `${pulls}?state=merged`, /query\/state: .*: open, closed, all$/],
    ['a word for a number', `${pulls}?per_page=many`, /query\/per_page: must be integer$/],
  ])('refuses a query with %s', (_, path, fault) => {
    expect(contract.restFaults({ method: 'GET', path, status: 200, answer: [] })).toEqual([matching(fault)]);
  });

  test('refuses what is no operation', () => {
    const faults = contract.restFaults({ method: 'PUT', path: pulls, status: 200, answer: {} });
    expect(faults).toEqual([`PUT ${pulls}: GitHub has no such operation`]);
  });
});

const query = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } ref: ref { name } }
}`;
const input = {
  branch: { repositoryNameWithOwner: 'ada/cells', branchName: 'step' },
  expectedHeadOid: sha,
  message: { headline: 'chore: step' },
  fileChanges: { additions: [{ path: 'a.txt', contents: 'b25lCg==' }] },
};
const data = { createCommitOnBranch: { commit: { oid: sha }, ref: { name: 'step' } } };

describe('graphqlFaults()', () => {
  test('finds nothing wrong with a commit, nor with its refusal', () => {
    const refusal = { data: { createCommitOnBranch: null }, errors: [{ type: 'STALE_DATA', message: 'Expected …' }] };
    for (const answer of [undefined, { data }, refusal, { errors: [{ message: 'no' }] }]) {
      expect(contract.graphqlFaults({ query, variables: { input }, answer })).toEqual([]);
    }
  });

  test.each([
    ['an unknown field', query.replace('oid', 'sha1'), { input }, /^query: Cannot query field "sha1" on type "Commit"/],
    ['a text that is no GraphQL', 'mutation {', {}, /^query: Syntax Error/],
    ['two operations', '{ viewer { login } } query B { viewer { login } }', {}, /^query: /],
    ['a variable that is missing', query, {}, /^variables: Variable "\$input" of required type/],
    ['a variable of a wrong type', query, { input: { ...input, expectedHeadOid: 7 } }, /^variables: .*GitObjectID/],
    ['an unknown key in a variable', query, { input: { ...input, force: true } }, /"force" is not defined by type/],
    ['a variable that is not declared', query, { input, force: true }, /^variables: \$force is not declared$/],
  ])('refuses %s', (_, wrong, variables, fault) => {
    expect(contract.graphqlFaults({ query: wrong, variables })).toEqual([matching(fault)]);
  });

  test.each([
    [
      'without what was asked for',
      { createCommitOnBranch: { commit: {}, ref: null } },
      /commit\.oid: Cannot return null/,
    ],
    ['with more than that', { createCommitOnBranch: { ...data.createCommitOnBranch, url: 'x' } }, /holds more than/],
    [
      'with another type',
      { createCommitOnBranch: { commit: { oid: 'main' }, ref: null } },
      /^answer: createCommitOnBranch.commit.oid: .*GitObjectID/,
    ],
  ])('refuses an answer %s', (_, wrong, fault) => {
    const faults = contract.graphqlFaults({ query, variables: { input }, answer: { data: wrong } });
    expect(faults).toEqual([matching(fault)]);
  });

  test.each([
    ['nothing in it', {}, 'answer: it has neither data nor errors'],
    ['errors without a message', { errors: [{}] }, 'answer: errors is a list of objects with a message'],
  ])('refuses an answer with %s', (_, answer, fault) => {
    expect(contract.graphqlFaults({ query, variables: { input }, answer })).toEqual([fault]);
  });
});

function matching(fault: string | RegExp): unknown {
  return typeof fault === 'string' ? expect.stringContaining(fault) : expect.stringMatching(fault);
}
