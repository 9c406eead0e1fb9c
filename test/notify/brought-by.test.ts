import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broughtBy } from '../../src/notify/brought-by.js';
import { linkFor } from '../../src/notify/commit-link.js';
import { ScratchRepository, scratchFolder } from '../gitops/scratch-repository.js';
import { rollBack } from './ground.js';

const file = 'releases/reviews/values.yaml';

function history() {
  const repository = new ScratchRepository({ [file]: 'image: r:v1\n' });
  const commit = (content: string, message: string) => {
    repository.write(file, content);
    repository.git('commit', '--quiet', '--all', '--message', message);
    return repository.git('rev-parse', 'HEAD');
  };
  const brought = commit('image: r:v1\nimage: r:v2\n', 'feat: v2');
  const edited = commit('# note\nimage: r:v1\nimage: r:v2\n', 'docs: note');
  const decided = commit('# note\nimage: r:v1\nimage: r:v2\nweight: 5\n', 'chore: 5 %\n\nSluice-Decision: advance');
  return { repository, brought, edited, decided };
}

function asked(folder: string, commit: string, image: string | undefined) {
  return broughtBy({ ...rollBack, commit, written: { file, image } }, { folder });
}

describe('broughtBy()', () => {
  it('finds the commit that wrote the image, not one after it', async () => {
    const { repository, brought, edited, decided } = history();
    expect(await asked(repository.root, decided, 'r:v2')).toBe(brought);
    expect(await asked(repository.root, decided, undefined)).toBe(edited);
  });

  it('finds none where the image came with the first commit, or with one that a shallow clone does not know', async () => {
    const { repository, decided } = history();
    expect(await asked(repository.root, decided, 'r:v1')).toBeUndefined();
    expect(await asked(repository.root, decided, 'r:v3')).toBeUndefined();
    const clone = join(scratchFolder(), 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${repository.root}`, clone]);
    expect(await asked(clone, decided, 'r:v2')).toBeUndefined();
  });

  it('takes no image for an option of git', async () => {
    const { repository, decided } = history();
    expect(await asked(repository.root, decided, '--output=stolen')).toBeUndefined();
    expect(repository.git('status', '--porcelain')).toBe('');
  });
});

describe('linkFor()', () => {
  it.each([
    ['https://ada:pl4nted@github.com/ada/cells.git', undefined, 'https://github.com/ada/cells/commit/c0'],
    ['git@github.com:ada/cells.git', undefined, 'https://github.com/ada/cells/commit/c0'],
    ['ssh://git@git.example:2222/ada/cells', 'gitea', 'https://git.example/ada/cells/commit/c0'],
    ['https://gitlab.com/a/b/cells.git', undefined, 'https://gitlab.com/a/b/cells/-/commit/c0'],
    ['https://git.example:8443/a/b', 'gitlab', 'https://git.example:8443/a/b/-/commit/c0'],
    ['http://127.0.0.1:3000/ada/cells', 'gitea', 'http://127.0.0.1:3000/ada/cells/commit/c0'],
    ['file:///srv/git/cells.git', undefined, undefined],
    ['/srv/git/cells.git', undefined, undefined],
    ['https://git.example/ada/ce>lls|x', undefined, undefined],
    [undefined, undefined, undefined],
  ] as const)('makes of %s on %s %s', (remote, host, link) => {
    expect(linkFor(remote, host)('c0')).toBe(link);
  });
});
