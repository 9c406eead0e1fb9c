import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { loadProject } from '../../src/values/project.js';
import { start } from '../cli/workspace.js';
import { FakeForge, forgeToken } from '../gitops/pull-requests/fake-forge.js';
import { githubDialect } from '../gitops/pull-requests/fake-github.js';
import { RequestGround } from '../gitops/pull-requests/ground.js';
import { ScratchRepository, scratchFolder } from '../gitops/scratch-repository.js';
import { blocks, page } from './pages.js';

const docs = page('docs/pull-requests.md');

afterAll(() => {
  vi.unstubAllEnvs();
});

describe('docs/pull-requests.md', () => {
  test('has settings that sluice takes', () => {
    const settings = blocks(docs, 'yaml').filter(({ text }) => text.startsWith('# sluice.yaml'));
    expect(settings.map(({ text }) => loadProject(text, 'sluice.yaml').git.pullRequests?.host)).toEqual(['github']);
  });

  test('shows a request, and what the pass says, as they are', async () => {
    vi.stubEnv('FORGE_TOKEN', forgeToken);
    const forge = await FakeForge.start(githubDialect());
    const server = join(scratchFolder(), 'releases.git');
    execFileSync('git', ['clone', '--quiet', '--bare', new ScratchRepository({ 'README.md': 'r\n' }).root, server]);
    const settings = `host: github, url: "${forge.url}", repository: ada/releases`;
    const made = await RequestGround.make({ url: `file://${server}`, settings }, '[promote]', { begin: start });
    const { stdout } = await made.passes(3);
    const { body } = forge.kept[0] ?? { body: '' };
    const commanded = await made.workspace.ran('promote', 'reviews', '--reason', 'the sale begins');
    await forge.stop();
    const shown = (language: string) => blocks(docs, language).map(({ text }) => text.trimEnd());
    expect(shown('console')).toEqual([
      `$ sluice promote reviews --reason 'the sale begins'\n${commanded}`.trimEnd(),
      `$ sluice evaluate\n${stdout}`.trimEnd(),
    ]);
    // A block cannot hold the blocks that are folded away.
    expect(shown('markdown')).toEqual([body.split('<details>')[0]?.trimEnd()]);
    expect(shown('text')).toEqual([
      body
        .trimEnd()
        .split('\n\n')
        .at(-1)
        ?.replace(/[0-9a-f]{16}$/gm, '…'),
    ]);
  });
});
