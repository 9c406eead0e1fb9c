import { describe, expect, it } from 'vitest';
import { githubFailure, isMoved, isUnclear, limitFailure } from '../../src/gitops/github/failure.js';
import { Secret } from '../../src/secret.js';

const question = {
  target: { owner: 'ada', name: 'cells', api: 'https://api.github.com' },
  what: 'commit to main',
};

/** As octokit throws it for an answer. */
function answered(status: number, message: string): Error {
  return Object.assign(new Error(message), { status, response: { status, headers: {} } });
}

function graphql(type: string | undefined, message: string): Error {
  return Object.assign(new Error('Request failed'), { headers: {}, errors: [{ type, message }] });
}

/** As octokit throws it where there was no answer. */
function unanswered(cause: Error, message = cause.message): Error {
  return Object.assign(new Error(message, { cause }), { status: 500 });
}

describe('githubFailure()', () => {
  it.each([
    [answered(401, 'Bad credentials'), 'git/unauthorized'],
    [answered(403, 'Resource not accessible by personal access token'), 'git/forbidden'],
    [answered(403, 'Something else'), 'git/forbidden'],
    [answered(404, 'Not Found'), 'git/not-found'],
    [answered(409, 'Git Repository is empty.'), 'git/refused'],
    [answered(422, 'Update is not a fast forward'), 'git/moved'],
    [answered(422, 'Reference already exists'), 'git/refused'],
    [answered(403, 'Repository was archived so is read-only.'), 'git/refused'],
    [answered(503, 'protected branch'), 'git/server-trouble'],
    [graphql('STALE_DATA', 'Expected branch to point to "a" but it did not.'), 'git/moved'],
    [graphql('FORBIDDEN', 'x'), 'git/forbidden'],
    [graphql('INSUFFICIENT_SCOPES', 'x'), 'git/forbidden'],
    [graphql('NOT_FOUND', "Could not resolve to a Repository with the name 'ada/cells'."), 'git/not-found'],
    [graphql('UNPROCESSABLE', 'Protected branch update failed'), 'git/protected'],
    [graphql(undefined, 'Something went wrong while executing your query.'), 'git/server-trouble'],
    [graphql(undefined, "Field 'updateRefs' doesn't exist on type 'Mutation'"), 'git/refused'],
    [unanswered(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), 'git/timeout'],
    [unanswered(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })), 'git/unreachable'],
  ])('says of %s what it is and what to do', (error, code) => {
    const failure = githubFailure(error, question);
    expect(failure).toMatchObject({ code, path: 'https://api.github.com' });
    expect(failure.message).toMatch(/^Cannot commit to main of ada\/cells on GitHub: \S/);
    expect(failure.hint).toMatch(/\.$/);
  });

  it.each([
    [answered(502, 'x'), true, false],
    [unanswered(new Error('other side closed')), true, false],
    [graphql('STALE_DATA', 'x'), false, true],
    [answered(403, 'x'), false, false],
  ])('knows of %s whether it may have been done, and whether somebody was faster', (error, unclear, moved) => {
    const failure = githubFailure(error, question);
    expect([isUnclear(failure), isMoved(failure)]).toEqual([unclear, moved]);
  });

  it('finds words where the library has none', () => {
    const cause = new TypeError('fetch failed', { cause: new AggregateError([], '') });
    Object.assign(cause.cause as Error, { code: 'ECONNREFUSED' });
    expect(githubFailure(unanswered(cause, ''), question).message).toContain('fetch failed');
    expect(githubFailure(unanswered(cause.cause as Error, ''), question).message).toContain('ECONNREFUSED');
  });

  it('tells no secret, and no more of a page than its beginning', () => {
    const secret = new Secret('ghp_ThisIsNotToBeSeen');
    const failure = githubFailure(answered(403, `${secret.reveal()} ${'<p>\n'.repeat(1000)}`), question);
    expect(failure.message).toMatch(/: \*\*\* <p> <p>/);
    expect(failure.message.length).toBeLessThan(600);
  });
});

describe('limitFailure()', () => {
  it('says when it goes on', () => {
    expect(limitFailure(question, Date.UTC(2026, 10, 21, 15, 30)).message).toContain('until 2026-11-21T15:30:00Z,');
  });
});
