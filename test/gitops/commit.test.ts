import { chmodSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitLocally } from '../../src/gitops/commit.js';
import type { CommitPlan } from '../../src/gitops/plan.js';
import { openRepository } from '../../src/gitops/repository.js';
import type { FileChange } from '../../src/release/file-change.js';
import { ScratchRepository, scratchFolder } from './scratch-repository.js';

describe('commitLocally()', () => {
  it('commits changed, new and removed files with the message, and returns the commit', async () => {
    const scratch = new ScratchRepository({ 'r/values.yaml': 'weight: 0\n', 'gone/deep/x': '1', 'gone/y': '1' });
    const changes = [
      change('r/values.yaml', 'weight: 5\n'),
      change('r/new/s.yaml', 'a: 1\n'),
      change('gone/deep/x', null),
    ];
    const commit = await commit1(scratch, changes);
    expect(commit).toBe(scratch.git('rev-parse', 'HEAD'));
    expect(scratch.git('diff', '--name-status', '--no-renames', 'HEAD~1')).toBe(
      'D\tgone/deep/x\nA\tr/new/s.yaml\nM\tr/values.yaml',
    );
    expect(scratch.git('log', '-1', '--format=%an|%s|%(trailers:separator=%x2C)')).toBe(
      'Ada|chore(reviews): candidate 0 % → 5 %|Sluice-Release: reviews,Sluice-Decision: advance',
    );
    expect(scratch.exists('gone/deep')).toBe(false);
    expect(scratch.exists('gone/y')).toBe(true);
    assertAtRest(scratch);
  });

  it('makes the first commit of a repository', async () => {
    const scratch = new ScratchRepository();
    const commit = await commit1(scratch, [change('r/v', '1')]);
    expect(scratch.git('rev-list', 'HEAD')).toBe(commit);
    assertAtRest(scratch);
  });

  it('commits on top of its own commit when given the new head', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const repository = await openRepository(scratch.root);
    const head = await commitLocally(repository, planOf([change('a', '2')]));
    const next = await commitLocally({ ...repository, head }, planOf([change('a', '3')]));
    expect(scratch.git('rev-list', 'HEAD').split('\n').slice(0, 2)).toEqual([next, head]);
  });

  it('returns undefined and commits nothing when nothing changes', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const head = scratch.git('rev-parse', 'HEAD');
    expect(await commit1(scratch, [change('a', '1'), change('none', null)])).toBeUndefined();
    expect(await commit1(scratch, [])).toBeUndefined();
    expect(scratch.git('rev-parse', 'HEAD')).toBe(head);
    assertAtRest(scratch);
  });

  it('leaves what others have staged, modified or not yet added as it is', async () => {
    const scratch = new ScratchRepository({ a: '1', staged: '1', modified: '1', both: '1', removed: '1' });
    scratch.write('staged', '2');
    scratch.write('both', '2');
    scratch.write('added', '2');
    scratch.git('add', 'staged', 'both', 'added');
    scratch.git('rm', '--quiet', '--cached', 'removed');
    scratch.write('both', '3');
    scratch.write('modified', '2');
    const before = scratch.status();
    await commit1(scratch, [change('a', '2'), change('new', '1')]);
    expect(scratch.status()).toEqual(before);
    expect(before).toHaveLength(6);
    expect(scratch.git('diff', '--name-only', 'HEAD~1', 'HEAD')).toBe('a\nnew');
  });

  it('keeps the line ends of files, CRLF too', async () => {
    const scratch = new ScratchRepository({ 'r/v': 'a: 1\r\nb: 2\r\n' });
    await commit1(scratch, [change('r/v', 'a: 1\r\nb: 3\r\n')]);
    expect(scratch.read('r/v')).toBe('a: 1\r\nb: 3\r\n');
    expect(scratch.git('diff', '--numstat', 'HEAD~1', 'HEAD')).toBe('1\t1\tr/v');
    assertAtRest(scratch);
  });

  it('makes no empty commit when git sees no change in other line ends', async () => {
    const scratch = new ScratchRepository({ '.gitattributes': '* text=auto\n', v: 'a: 1\n' });
    expect(await commit1(scratch, [change('v', 'a: 1\r\n')])).toBeUndefined();
    expect(scratch.read('v')).toBe('a: 1\r\n');
    assertAtRest(scratch);
  });

  it.each(['a b/ü é.yaml', '-rf', '--/-x', ':(top)x', '*', '"quoted"', "it's $HOME", '日本/🚦'])(
    'takes %j as a plain name',
    async (path) => {
      const scratch = new ScratchRepository({ other: '1' });
      await commit1(scratch, [change(path, '1')]);
      expect(scratch.git('ls-tree', '-r', '-z', '--name-only', 'HEAD').split('\0').filter(Boolean)).toEqual(
        [path, 'other'].sort(),
      );
      const head = scratch.git('rev-parse', 'HEAD');
      expect(await commit1(scratch, [change(path, null)])).not.toBe(head);
      expect(scratch.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('other');
      assertAtRest(scratch);
    },
  );

  it('keeps the mode of a file', async () => {
    const scratch = new ScratchRepository({ other: '1' });
    scratch.write('run', '1');
    chmodSync(join(scratch.root, 'run'), 0o755);
    scratch.git('add', 'run');
    scratch.git('commit', '--quiet', '-m', 'chore: run');
    await commit1(scratch, [change('run', '2')]);
    expect(lstatSync(join(scratch.root, 'run')).mode & 0o777).toBe(0o755);
    expect(scratch.git('ls-tree', 'HEAD', 'run')).toMatch(/^100755/);
  });

  it('works in a linked worktree', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const linked = join(scratchFolder(), 'linked');
    scratch.git('worktree', 'add', '--quiet', '-b', 'other', linked);
    const commit = await commitLocally(await openRepository(linked), planOf([change('a', '2')]));
    expect(scratch.git('rev-parse', 'other')).toBe(commit);
    expect(scratch.read('a')).toBe('1');
  });

  it('undoes its files and keeps the words of a hook that refuses', async () => {
    const scratch = new ScratchRepository({ 'r/v': '1', 'gone/x': '1', foreign: '1' });
    scratch.write('foreign', '2');
    scratch.git('add', 'foreign');
    scratch.hook('pre-commit', 'echo "no commits on Fridays" >&2; exit 1');
    const commit = commit1(scratch, [change('r/v', '2'), change('new/deep/x', '1'), change('gone/x', null)]);
    await expect(commit).rejects.toThrow(/^Cannot run git commit: no commits on Fridays$/);
    await expect(commit).rejects.toMatchObject({ code: 'git/commit-failed', hint: expect.stringContaining('hook') });
    expect([scratch.read('r/v'), scratch.read('gone/x'), scratch.exists('new')]).toEqual(['1', '1', false]);
    assertAtRest(scratch, ['M  foreign']);
  });

  it('lets the hooks of the repository have their say in the message', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.hook('commit-msg', 'git interpret-trailers --in-place --trailer "Signed-off-by: Ada" "$1"');
    await commit1(scratch, [change('a', '2')]);
    expect(scratch.git('log', '-1', '--format=%(trailers:key=Signed-off-by)')).toContain('Ada');
    expect(scratch.git('log', '-1', '--format=%(trailers:key=Sluice-Release,valueonly)')).toContain('reviews');
  });

  it('undoes its files when git does not know who commits', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.git('config', 'user.useConfigOnly', 'true');
    scratch.git('config', 'user.email', '');
    scratch.git('config', 'user.name', '');
    const commit = commit1(scratch, [change('a', '2')]);
    await expect(commit).rejects.toMatchObject({ hint: expect.stringContaining('git config user.name') });
    expect(scratch.read('a')).toBe('1');
    assertAtRest(scratch);
  });

  it('undoes its files without the index while another git holds it', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.write('.git/index.lock', '');
    const commit = commit1(scratch, [change('a', '2')]);
    await expect(commit).rejects.toMatchObject({ hint: expect.stringContaining('index.lock') });
    expect(scratch.read('a')).toBe('1');
    assertAtRest(scratch);
  });

  it('undoes the files before one that cannot be written', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const commit = commit1(scratch, [change('a', '2'), change('new/x', '1'), change(`${'n'.repeat(300)}/x`, '1')]);
    await expect(commit).rejects.toMatchObject({ name: 'GitError', message: expect.stringContaining('ENAMETOOLONG') });
    expect([scratch.read('a'), scratch.exists('new')]).toEqual(['1', false]);
    assertAtRest(scratch);
  });

  it('keeps a journal and says so when a hook has rewritten a file and then refuses', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.hook('pre-commit', 'echo formatted > a; echo refused >&2; exit 1');
    const commit = commit1(scratch, [change('a', '2')]);
    await expect(commit).rejects.toMatchObject({
      code: 'git/not-undone',
      message: expect.stringMatching(/refused\nCannot undo .*: a$/),
      hint: expect.stringContaining('git restore'),
    });
    expect(scratch.read('a')).toBe('formatted\n');
    expect(scratch.exists('.git/sluice/journal.json')).toBe(true);
  });

  it('counts a commit after which git still failed', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    // Without its lock git cannot write the index once the branch has moved.
    scratch.hook('reference-transaction', 'if [ "$1" = committed ]; then rm -f .git/index.lock; fi');
    expect(await commit1(scratch, [change('a', '2')])).toBe(scratch.git('rev-parse', 'HEAD'));
    expect(scratch.git('show', 'HEAD:a')).toBe('2');
    assertAtRest(scratch);
  });

  it('refuses files that differ from HEAD, and leaves them', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    scratch.write('a', 'mine');
    await expect(commit1(scratch, [change('a', '2')])).rejects.toMatchObject({ code: 'git/dirty' });
    expect(scratch.read('a')).toBe('mine');
    assertAtRest(scratch, [' M a']);
  });

  it('refuses a file that git ignores, and leaves it', async () => {
    const scratch = new ScratchRepository({ '.gitignore': 'x\n' });
    scratch.write('x', 'mine');
    await expect(commit1(scratch, [change('x', '2')])).rejects.toThrow('git ignores it');
    expect(scratch.read('x')).toBe('mine');
    assertAtRest(scratch, ['!! x']);
  });

  it('undoes a new file that git ignores', async () => {
    const scratch = new ScratchRepository({ '.gitignore': 'rendered\n' });
    const commit = commit1(scratch, [change('rendered/x', '2')]);
    await expect(commit).rejects.toMatchObject({ hint: expect.stringContaining('.gitignore') });
    assertAtRest(scratch);
  });

  it('refuses when HEAD or the branch has moved since the plan was made', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const repository = await openRepository(scratch.root);
    scratch.git('switch', '--quiet', '-c', 'other');
    await expect(commitLocally(repository, planOf([change('a', '2')]))).rejects.toMatchObject({ code: 'git/moved' });
    scratch.git('switch', '--quiet', 'main');
    scratch.commit({ a: '3' });
    await expect(commitLocally(repository, planOf([change('a', '2')]))).rejects.toMatchObject({ code: 'git/moved' });
    expect(scratch.read('a')).toBe('3');
    assertAtRest(scratch);
  });

  it('refuses paths that leave the repository, before it writes anything', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    await expect(commit1(scratch, [change('a', '2'), change('../x', '1')])).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'git/unsafe-path',
    });
    expect(scratch.read('a')).toBe('1');
  });

  it('refuses symbolic links, other repositories and files on the way', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    const outside = scratchFolder();
    symlinkSync(outside, join(scratch.root, 'link'));
    symlinkSync('a', join(scratch.root, 'alias'));
    scratch.git('add', 'link', 'alias');
    scratch.git('commit', '--quiet', '-m', 'chore: links');
    mkdirSync(join(scratch.root, 'nested'));
    scratch.git('init', '--quiet', 'nested');
    await expect(commit1(scratch, [change('link/x', '1')])).rejects.toThrow('it is a symbolic link');
    await expect(commit1(scratch, [change('alias', '2')])).rejects.toThrow('it is a symbolic link');
    await expect(commit1(scratch, [change('nested/x', '1')])).rejects.toThrow('it is another repository');
    await expect(commit1(scratch, [change('a/x', '1')])).rejects.toThrow('it is a file where a folder is needed');
    expect(lstatSync(join(scratch.root, 'alias')).isSymbolicLink()).toBe(true);
    expect(scratch.git('ls-files')).toBe('a\nalias\nlink');
  });

  it('refuses a plan that changes a path twice', async () => {
    const scratch = new ScratchRepository({ a: '1' });
    await expect(commit1(scratch, [change('a', '2'), change('a', '3')])).rejects.toMatchObject({ code: 'git/twice' });
  });
});

function change(path: string, content: string | null): FileChange {
  return { path, content };
}

function planOf(changes: readonly FileChange[]): CommitPlan {
  return { release: 'reviews', summary: 'candidate 0 % → 5 %', trailers: { decision: 'advance' }, changes };
}

async function commit1(scratch: ScratchRepository, changes: readonly FileChange[]): Promise<string | undefined> {
  return commitLocally(await openRepository(scratch.root), planOf(changes));
}

/** Nothing differs from HEAD but what is named, and no journal or temporary file is left. */
function assertAtRest(scratch: ScratchRepository, status: readonly string[] = []): void {
  expect(scratch.status()).toEqual(status);
  expect(scratch.exists('.git/sluice/journal.json')).toBe(false);
}
