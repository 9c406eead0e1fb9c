import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitEnvironment } from './git-environment.js';

/** The input of `createCommitOnBranch`. */
export interface CommitInput {
  readonly branch: { readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
}

/** One entry of the input of `updateRefs`. */
export interface RefUpdateInput {
  readonly name: string;
  readonly beforeOid?: string;
  readonly afterOid: string;
  readonly force?: boolean;
}

/** Why GitHub does not do something, in its words. */
export class Refusal extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const none = '0'.repeat(40);

/** What GitHub does to a repository, done to a real bare one by git's plumbing. */
export class GithubStore {
  constructor(
    private readonly repository: string,
    private readonly committer: string,
  ) {}

  async tip(ref: string): Promise<string | undefined> {
    return (await this.#try(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]))?.trim() || undefined;
  }

  /** Returns every ref whose name begins so, with its commit. */
  async tips(start: string): Promise<[ref: string, commit: string][]> {
    const lines = (await this.#git(['for-each-ref', '--format=%(refname) %(objectname)'])).split('\n');
    const refs = lines.map((line) => line.split(' ')).map(([ref = '', commit = '']): [string, string] => [ref, commit]);
    return refs.filter(([ref]) => ref.startsWith(start));
  }

  async createRef(ref: string, sha: string): Promise<void> {
    if ((await this.tip(sha)) !== sha) throw new Refusal('UNPROCESSABLE', 'Object does not exist');
    if ((await this.#try(['update-ref', ref, sha, none])) === undefined) {
      throw new Refusal('UNPROCESSABLE', 'Reference already exists');
    }
  }

  async deleteRef(ref: string): Promise<void> {
    if ((await this.tip(ref)) === undefined) throw new Refusal('UNPROCESSABLE', 'Reference does not exist');
    await this.#git(['update-ref', '-d', ref]);
  }

  async commit({ branch, expectedHeadOid, message, fileChanges }: CommitInput): Promise<string> {
    const ref = `refs/heads/${branch.branchName}`;
    if ((await this.tip(ref)) !== expectedHeadOid) throw stale(expectedHeadOid);
    const tree = await this.#tree(expectedHeadOid, fileChanges);
    const text = [message.headline, message.body].filter(Boolean).join('\n\n');
    const made = await this.#git(['commit-tree', tree, '-p', expectedHeadOid, '-F', '-'], { input: `${text}\n` });
    const commit = made.trim();
    if ((await this.#try(['update-ref', ref, commit, expectedHeadOid])) === undefined) throw stale(expectedHeadOid);
    return commit;
  }

  async updateRefs(updates: readonly RefUpdateInput[]): Promise<void> {
    for (const { name, afterOid, force = false } of updates) {
      const tip = await this.tip(name);
      if (force || tip === undefined || afterOid === none) continue;
      const isForward = (await this.#try(['merge-base', '--is-ancestor', tip, afterOid])) !== undefined;
      if (!isForward) throw new Refusal('UNPROCESSABLE', `Update of ${name} is not a fast forward`);
    }
    const lines = updates.map(({ name, beforeOid, afterOid }) => {
      return afterOid === none ? `delete ${name} ${beforeOid}\n` : `update ${name} ${afterOid} ${beforeOid}\n`;
    });
    const done = await this.#try(['update-ref', '--stdin'], { input: `start\n${lines.join('')}prepare\ncommit\n` });
    if (done === undefined) throw new Refusal('UNPROCESSABLE', 'A ref does not point at its beforeOid');
  }

  /** Every file that it writes is a plain one, as with GitHub. */
  async #tree(base: string, { additions = [], deletions = [] }: CommitInput['fileChanges']): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-index-'));
    const env = { GIT_INDEX_FILE: join(folder, 'index') };
    try {
      await this.#git(['read-tree', base], { env });
      for (const { path } of deletions) {
        const found = await this.#git(['ls-files', '-z', '--', `:(literal)${path}`], { env });
        if (found !== `${path}\0`) throw new Refusal('UNPROCESSABLE', `A path was requested for deletion: ${path}`);
      }
      const lines = deletions.map(({ path }) => `0 ${none}\t${path}\0`);
      for (const { path, contents } of additions) {
        const blob = await this.#git(['hash-object', '-w', '--stdin'], { input: Buffer.from(contents, 'base64') });
        lines.push(`100644 ${blob.trim()}\t${path}\0`);
      }
      await this.#git(['update-index', '--replace', '-z', '--index-info'], { env, input: lines.join('') });
      return (await this.#git(['write-tree'], { env })).trim();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Returns nothing where git fails. */
  #try(args: readonly string[], options: RunOptions = {}): Promise<string | undefined> {
    return this.#git(args, options).catch(() => undefined);
  }

  #git(args: readonly string[], { env = {}, input = '' }: RunOptions = {}): Promise<string> {
    const identity = {
      GIT_AUTHOR_NAME: this.committer,
      GIT_AUTHOR_EMAIL: `${this.committer}@users.noreply.github.com`,
      GIT_COMMITTER_NAME: 'GitHub',
      GIT_COMMITTER_EMAIL: 'noreply@github.com',
    };
    return new Promise((resolve, reject) => {
      const options = { cwd: this.repository, env: gitEnvironment({ ...identity, ...env }) };
      const child = execFile('git', args, options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
  }
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

function stale(expected: string): Refusal {
  return new Refusal('STALE_DATA', `Expected branch to point to "${expected}" but it did not.  Pull and try again.`);
}
