import type { Octokit } from '@octokit/rest';
import { isSluiceError } from '../../errors.js';
import { Secret } from '../../secret.js';
import { type Question as Asked, answeredOf, githubFailure, limitFailure, malformed } from './failure.js';
import { limitOf, Patience, type WaitOptions } from './limit.js';
import type { GithubTarget } from './target.js';

/** A commit as GitHub makes it. */
export interface GithubCommit {
  readonly headline: string;
  readonly body: string;
  readonly additions: readonly { readonly path: string; readonly contents: string }[];
  readonly deletions: readonly { readonly path: string }[];
}

/** From where to where a branch goes, if it still stands there. */
export interface RefUpdate {
  readonly branch: string;
  /** Undefined for a branch that is not there yet. */
  readonly from: string | undefined;
  /** Undefined for a branch that goes. */
  readonly to: string | undefined;
  /** Whether it may go where it was not on the way to; never of a branch that others work on. @default false */
  readonly force?: boolean;
}

const lookUp = 'query ($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { id } }';

const createCommit = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

const updateRefs = `mutation ($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

/** The part of GitHub's API that commits need. Short limits are waited for; all else is a `GitError`. */
export class GithubApi {
  #patience: Patience;
  #id: string | undefined;

  constructor(
    private readonly octokit: Octokit,
    readonly target: GithubTarget,
    private readonly waits: WaitOptions,
  ) {
    this.#patience = new Patience(waits);
  }

  /** From now on, as long is waited for limits as for the first time. */
  renewPatience(): void {
    this.#patience = new Patience(this.waits);
  }

  /** Returns the commit that a branch stands at, undefined where there is no such branch. */
  async tip(branch: string): Promise<string | undefined> {
    const question = this.#question(`read the branch ${branch}`);
    try {
      const { data } = await this.#ask(question, () =>
        this.octokit.rest.git.getRef({ ...this.#repository(), ref: `heads/${branch}` }),
      );
      return assertOid(data?.object?.sha, question);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      // Also what a token gets that may not see the repository.
      await this.#repositoryId();
      return undefined;
    }
  }

  /** Returns the branches whose names begin so, and where they stand. */
  async branches(prefix: string): Promise<{ readonly branch: string; readonly commit: string }[]> {
    const question = this.#question(`list the branches ${prefix}…`);
    const { data } = await this.#ask(question, () =>
      this.octokit.rest.git.listMatchingRefs({ ...this.#repository(), ref: `heads/${prefix}` }),
    );
    if (!Array.isArray(data)) throw malformed(question, 'list');
    return data.map(({ ref, object }) => ({
      branch: String(ref).replace(/^refs\/heads\//, ''),
      commit: assertOid(object?.sha, question),
    }));
  }

  /** Makes a branch. */
  async createBranch(branch: string, commit: string): Promise<void> {
    await this.#ask(this.#question(`create the branch ${branch}`), () =>
      this.octokit.rest.git.createRef({ ...this.#repository(), ref: `refs/heads/${branch}`, sha: commit }),
    );
  }

  /** Removes a branch, and returns whether there was one. */
  async deleteBranch(branch: string): Promise<boolean> {
    try {
      await this.#ask(this.#question(`delete the branch ${branch}`), () =>
        this.octokit.rest.git.deleteRef({ ...this.#repository(), ref: `heads/${branch}` }),
      );
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  /**
   * Asks the REST interface for anything else of the repository, and returns the body of the answer.
   *
   * @param what to be done, such as `open a pull request`
   * @param route such as `GET /repos/{owner}/{repo}/pulls`; the names of the repository are filled in
   */
  async ask(what: string, route: string, parameters: object): Promise<unknown> {
    const { data } = await this.#ask(this.#question(what), () =>
      this.octokit.request(route, { ...this.#repository(), ...parameters }),
    );
    return data;
  }

  /** Returns the token of an installation, where an app signs in. */
  async installationToken(): Promise<Secret> {
    const question = this.#question('sign in as an app for the sake');
    const answer = await this.#ask(question, () => this.octokit.auth({ type: 'installation' }));
    const { token } = (answer ?? {}) as { readonly token?: unknown };
    if (typeof token !== 'string') throw malformed(question, 'token');
    return new Secret(token);
  }

  /** Commits to a branch that stands at `expected`, and returns the commit. */
  async commit(branch: string, expected: string, commit: GithubCommit): Promise<string> {
    const { owner, repo } = this.#repository();
    const { headline, body, additions, deletions } = commit;
    const input = {
      branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: branch },
      expectedHeadOid: expected,
      message: { headline, body },
      fileChanges: { additions, deletions },
    };
    const question = this.#question(`commit to ${branch}`);
    const data = await this.#ask(question, () =>
      this.octokit.graphql<{ createCommitOnBranch: { commit: { oid: string } | null } | null }>(createCommit, {
        input,
      }),
    );
    return assertOid(data?.createCommitOnBranch?.commit?.oid, question);
  }

  /** Moves branches, all of them or none, by compare-and-swap: forward, but where one may be forced. */
  async updateBranches(updates: readonly RefUpdate[]): Promise<void> {
    const repositoryId = await this.#repositoryId();
    const refUpdates = updates.map(({ branch, from, to, force = false }) => {
      const none = '0'.repeat((from ?? to ?? '').length);
      return { name: `refs/heads/${branch}`, beforeOid: from ?? none, afterOid: to ?? none, force };
    });
    await this.#ask(this.#question(`move the branch ${updates[0]?.branch}`), () =>
      this.octokit.graphql(updateRefs, { input: { repositoryId, refUpdates } }),
    );
  }

  async #repositoryId(): Promise<string> {
    if (this.#id !== undefined) return this.#id;
    const { owner, name } = this.target;
    const question = this.#question('read the id');
    const data = await this.#ask(question, () =>
      this.octokit.graphql<{ repository: { id: string } | null }>(lookUp, { owner, name }),
    );
    const id = data?.repository?.id;
    if (typeof id !== 'string') throw malformed(question, 'id of the repository');
    this.#id = id;
    return id;
  }

  async #ask<Answer>(question: Asked, request: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await request();
      } catch (error) {
        const now = Date.now();
        const answered = answeredOf(error);
        const limit = answered && limitOf(answered, now);
        if (limit === undefined) throw githubFailure(error, question);
        if (!(await this.#patience.wait(limit))) throw limitFailure(question, now + limit);
      }
    }
  }

  #question(what: string): Asked {
    return { target: this.target, what };
  }

  #repository(): { owner: string; repo: string } {
    return { owner: this.target.owner, repo: this.target.name };
  }
}

/** A branch that is to go and is not there is 422 to GitHub, and else 404. */
function isAbsent(error: unknown): boolean {
  if (!isSluiceError(error)) return false;
  return error.code === 'git/not-found' || (error.code === 'git/refused' && /does not exist/i.test(error.message));
}

function assertOid(oid: unknown, question: Asked): string {
  if (typeof oid === 'string' && /^[0-9a-f]{40,64}$/.test(oid)) return oid;
  throw malformed(question, 'id of a commit');
}
