import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertClean, dirtyFiles, openRepository } from '../../src/gitops/repository.js';
import { ScratchRepository, scratchFolder } from './scratch-repository.js';

describe('openRepository()', () => {
  it('finds root, branch, head and the way to the folder that was opened', async () => {
    const scratch = new ScratchRepository({ 'apps/ü x/sluice.yaml': '' });
    expect(await openRepository(join(scratch.root, 'apps/ü x'))).toEqual({
      root: scratch.root,
      gitDir: join(scratch.root, '.git'),
      prefix: 'apps/ü x/',
      branch: 'refs/heads/main',
      head: scratch.git('rev-parse', 'HEAD'),
    });
  });

  it('has no head before the first commit', async () => {
    expect(await openRepository(new ScratchRepository().root)).toMatchObject({ prefix: '', head: undefined });
  });

  it('gives a linked worktree its own folder of git', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const linked = join(scratchFolder(), 'linked');
    scratch.git('worktree', 'add', '--quiet', '-b', 'other', linked);
    expect(await openRepository(linked)).toMatchObject({
      root: linked,
      gitDir: join(scratch.root, '.git/worktrees/linked'),
      branch: 'refs/heads/other',
    });
  });

  it('refuses a folder in no repository', async () => {
    const open = openRepository(scratchFolder());
    await expect(open).rejects.toThrow('it is in no Git repository');
    await expect(open).rejects.toMatchObject({ code: 'git/no-working-tree', hint: expect.any(String) });
  });

  it('refuses a bare repository and the folder of git', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const bare = scratchFolder();
    scratch.git('clone', '--quiet', '--bare', scratch.root, bare);
    await expect(openRepository(bare)).rejects.toThrow('the repository is bare');
    await expect(openRepository(join(scratch.root, '.git'))).rejects.toThrow('it is inside the folder of git');
  });

  it('refuses a detached HEAD', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.git('switch', '--quiet', '--detach');
    const open = openRepository(scratch.root);
    await expect(open).rejects.toMatchObject({ code: 'git/detached', hint: 'Switch to a branch: git switch BRANCH' });
  });

  it.each([
    ['merge', ['merge', 'other']],
    ['rebase', ['rebase', 'other']],
    ['cherry-pick', ['cherry-pick', 'other']],
    ['revert', ['revert', '--no-edit', 'HEAD~1']],
  ])('refuses a repository in the middle of a %s', async (name, command) => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.git('switch', '--quiet', '-c', 'other');
    scratch.commit({ a: '2' });
    scratch.git('switch', '--quiet', 'main');
    scratch.commit({ a: '3' });
    scratch.commit({ a: '4' });
    expect(() => scratch.git(...command)).toThrow();
    const open = openRepository(scratch.root);
    await expect(open).rejects.toThrow(`as a repository at rest: a ${name} is in progress`);
    await expect(open).rejects.toMatchObject({ hint: expect.stringContaining(`git ${name} --abort`) });
  });
});

describe('dirtyFiles()', () => {
  it('lists modified, staged, removed, renamed and untracked files under the paths and no others', async () => {
    const scratch = new ScratchRepository({
      'r/modified': '1',
      'r/removed': '1',
      'r/old': 'same',
      'r/same': '1',
      b: '1',
    });
    scratch.write('r/modified', '2');
    scratch.write('r/new folder/ü', '2');
    scratch.write('r/staged', '2');
    scratch.write('b', '2');
    scratch.write('c', '2');
    scratch.git('add', 'r/staged');
    scratch.git('rm', '--quiet', 'r/removed');
    scratch.git('mv', 'r/old', 'r/-new');
    // A person's setting must not hide anything.
    scratch.git('config', 'status.showUntrackedFiles', 'no');
    const repository = await openRepository(scratch.root);
    expect(await dirtyFiles(repository, ['r', 'sluice.yaml'])).toEqual([
      'r/-new',
      'r/modified',
      'r/new folder/ü',
      'r/old',
      'r/removed',
      'r/staged',
    ]);
    expect(await dirtyFiles(repository, [])).toEqual([]);
  });

  it('takes the paths literally', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.write('a', '2');
    scratch.write('-x', '2');
    const repository = await openRepository(scratch.root);
    expect(await dirtyFiles(repository, ['*'])).toEqual([]);
    expect(await dirtyFiles(repository, ['-x'])).toEqual(['-x']);
  });

  it('leaves out ignored files', async () => {
    const scratch = new ScratchRepository({ '.gitignore': 'r/*.log\n' });
    scratch.write('r/x.log', '1');
    expect(await dirtyFiles(await openRepository(scratch.root), ['r'])).toEqual([]);
  });
});

describe('assertClean()', () => {
  it('passes when only other files differ', async () => {
    const scratch = new ScratchRepository({ 'r/a': '1', b: '1' });
    scratch.write('b', '2');
    mkdirSync(join(scratch.root, 'empty'));
    symlinkSync('nowhere', join(scratch.root, 'link'));
    await expect(assertClean(await openRepository(scratch.root), ['r'])).resolves.toBeUndefined();
  });

  it('says that a branch has no commit yet', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.git('checkout', '--quiet', '--orphan', 'fresh');
    const check = assertClean(await openRepository(scratch.root), ['a']);
    await expect(check).rejects.toThrow('the branch fresh has no commit yet');
    await expect(check).rejects.toMatchObject({ code: 'git/unborn', hint: expect.stringContaining('git switch') });
  });

  it('names five files and counts the others', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    for (const index of [1, 2, 3, 4, 5, 6, 7]) scratch.write(`r/${index}`, '1');
    const check = assertClean(await openRepository(scratch.root), ['r']);
    await expect(check).rejects.toThrow('r/1, r/2, r/3, r/4, r/5 and 2 more differ from HEAD');
    await expect(check).rejects.toMatchObject({ code: 'git/dirty', hint: expect.stringContaining('Commit these') });
  });
});
