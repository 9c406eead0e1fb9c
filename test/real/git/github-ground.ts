import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../../src/gitops/backend.js';
import { makeBackend } from '../../../src/gitops/backends/github.js';
import { defaultGit, type GitSettings } from '../../../src/values/project/git.js';
import { afterFile } from '../../clean-up.js';
import { cloneOf, type PushGround, pushGround } from '../../gitops/grounds.js';
import { scratchFolder } from '../../gitops/scratch-repository.js';
import { GithubContract } from './github-contract.js';
import { type Accounts, FakeGithub } from './github-fake.js';

let contract: GithubContract | undefined;

/** A token that no other text holds. */
export const githubToken = 'ghs_Qm9iQWRhQ2VsbHMwMTIz';

/** GitHub over the bare repository of a server, with a clone that a backend works in. */
export interface GithubGround extends PushGround {
  readonly fake: FakeGithub;
}

/** How it differs from a clone with a token. */
export interface GithubOptions {
  readonly settings?: Partial<GitSettings>;
  readonly timeout?: number;
  readonly accounts?: Accounts;
  /** Of the remote. @default the folder itself, as a file:// URL */
  readonly url?: (server: string) => string;
}

export async function githubGround(
  files: Readonly<Record<string, string>>,
  { settings, timeout, accounts = { tokens: [githubToken] }, url = (server) => `file://${server}` }: GithubOptions = {},
): Promise<GithubGround> {
  const ground = pushGround(files, { url });
  contract ??= new GithubContract();
  const fake = await FakeGithub.start(ground.server, contract, accounts);
  afterFile(() => fake.stop());
  const file = join(scratchFolder(), 'token');
  writeFileSync(file, `${githubToken}\n`);
  const all: GitSettings = {
    ...{ ...defaultGit, backend: 'github', token: { file }, url: fake.url, repository: 'ada/cells' },
    ...settings,
  };
  const told = ground.told;
  const make = (directory: string): Backend =>
    makeBackend({ directory, settings: all, tell: (text) => told.push(text), ...(timeout && { timeout }) });
  return {
    ...ground,
    fake,
    backend: make(ground.copy.root),
    second: async () => make(cloneOf(ground.server, url(ground.server)).root),
  };
}
