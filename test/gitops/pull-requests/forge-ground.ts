import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { ScratchRepository, scratchFolder } from '../scratch-repository.js';
import { FakeForge, forgeToken } from './fake-forge.js';
import { githubDialect } from './fake-github.js';
import { RequestGround } from './ground.js';

/** A server of pull requests, as long as a test lasts. */
export interface ForgeGround {
  readonly forge: FakeForge;
  /** Returns a release of which these kinds of decisions wait for a merge there; `more` are further settings of it. */
  ground(kinds: string, more?: string, options?: Parameters<typeof RequestGround.make>[2]): Promise<RequestGround>;
}

/** Starts a server that speaks as GitHub does before every test of the file, and stops it after. */
export function useForge(): ForgeGround {
  let forge: FakeForge;

  beforeEach(async () => {
    vi.stubEnv('FORGE_TOKEN', forgeToken);
    forge = await FakeForge.start(githubDialect());
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await forge.stop();
  });

  return {
    get forge() {
      return forge;
    },
    ground(kinds, more = '', options = {}) {
      const server = join(scratchFolder(), 'releases.git');
      execFileSync('git', ['clone', '--quiet', '--bare', new ScratchRepository({ 'README.md': 'r\n' }).root, server]);
      const settings = `host: github, url: "${forge.url}", repository: ada/releases${more}`;
      return RequestGround.make({ url: `file://${server}`, settings }, kinds, options);
    },
  };
}
