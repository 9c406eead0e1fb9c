import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesAt, openSnapshot, pathsBelow, type Snapshot, snapshotOf } from '../../src/gitops/files-at.js';
import { ScratchRepository, scratchFolder } from './scratch-repository.js';

/** The files of one name below a folder, as a caller reads them. */
async function below(snapshot: Snapshot, folder: string, name: string): Promise<ReadonlyMap<string, Buffer>> {
  const paths = await pathsBelow(snapshot, folder, name);
  const files = await filesAt(
    snapshot,
    paths.map((path) => `${folder}/${path}`),
  );
  return new Map([...files].map(([path, content]) => [path.slice(folder.length + 1), content]));
}

function textsOf(files: ReadonlyMap<string, Buffer>) {
  return Object.fromEntries([...files].map(([path, content]) => [path, content.toString()]));
}

describe('openSnapshot()', () => {
  const repository = new ScratchRepository({ 'a.txt': '1', 'below/b.txt': '2' });
  const head = repository.git('rev-parse', 'HEAD');

  it.each(['HEAD', 'main', head.slice(0, 8), 'HEAD@{0}'])(
    'knows a commit as %s, HEAD detached or not',
    async (name) => {
      expect(await openSnapshot(repository.root, name)).toMatchObject({ commit: head, prefix: '' });
      repository.git('checkout', '--quiet', '--detach');
      expect(await openSnapshot(repository.root, name)).toMatchObject({ commit: head });
      repository.git('checkout', '--quiet', 'main');
    },
  );

  it('knows the folder that it is asked from', async () => {
    expect(await openSnapshot(join(repository.root, 'below'), 'main')).toMatchObject({ prefix: 'below/' });
  });

  it.each(['nope', 'HEAD..main', '', 'HEAD:a.txt'])('knows no commit %j', async (name) => {
    expect(await openSnapshot(repository.root, name)).toBeUndefined();
  });

  it('knows none outside of a repository, and none before the first commit', async () => {
    expect(await openSnapshot(scratchFolder(), 'HEAD')).toBeUndefined();
    expect(await openSnapshot(new ScratchRepository().root, 'HEAD')).toBeUndefined();
  });

  it('hands no option to git', async () => {
    await expect(openSnapshot(repository.root, '--all')).rejects.toThrow('Cannot hand a value to git as a revision');
  });
});

describe('snapshotOf()', () => {
  it('says that there is no such commit, and how to get it', async () => {
    const { root } = new ScratchRepository({ 'a.txt': '1' });
    await expect(snapshotOf(root, 'HEAD~1')).rejects.toMatchObject({
      code: 'git/no-such-commit',
      message: expect.stringContaining('Cannot compare with "HEAD~1" as a commit'),
      hint: expect.stringContaining('git fetch --unshallow'),
    });
    await expect(snapshotOf(scratchFolder(), 'HEAD')).rejects.toThrow(/not a git repository/i);
  });
});

describe('pathsBelow() and filesAt()', () => {
  it('give the files of the commit, whatever the working tree holds', async () => {
    const repository = new ScratchRepository({
      'r/a/v.yaml': 'a',
      'r/b c/ü/v.yaml': 'b\n',
      'r/a/other': 'x',
      'v.yaml': 'top',
    });
    const snapshot = await snapshotOf(repository.root, 'HEAD');
    repository.write('r/a/v.yaml', 'changed');
    expect(textsOf(await below(snapshot, 'r', 'v.yaml'))).toEqual({
      'a/v.yaml': 'a',
      'b c/ü/v.yaml': 'b\n',
    });
    expect(textsOf(await filesAt(snapshot, ['v.yaml', 'none.yaml', 'r', './r/a/other', '../v.yaml']))).toEqual({
      'v.yaml': 'top',
      './r/a/other': 'x',
    });
    const inside = await snapshotOf(join(repository.root, 'r'), 'main');
    expect(textsOf(await filesAt(inside, ['../v.yaml', '../../v.yaml', 'a/v.yaml']))).toEqual({
      '../v.yaml': 'top',
      'a/v.yaml': 'a',
    });
    expect((await below(snapshot, 'none', 'v.yaml')).size).toBe(0);
  });

  it('give every byte, also of files that are no text', async () => {
    const repository = new ScratchRepository();
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    for (const name of ['a', 'b']) repository.write(`r/${name}/v.yaml`, bytes as unknown as string);
    repository.commit({ last: '' });
    const files = await below(await snapshotOf(repository.root, 'HEAD'), 'r', 'v.yaml');
    expect([...files.values()].map((content) => content.equals(bytes))).toEqual([true, true]);
  });

  it('follow links inside the repository, and leave out those that lead nowhere or out', async () => {
    const repository = new ScratchRepository({ 'real/a/v.yaml': 'a', 'shared.yaml': 's' });
    symlinkSync('real', join(repository.root, 'r'));
    for (const [name, target] of [
      ['linked', '../../shared.yaml'],
      ['dangling', 'none'],
      ['out', '/etc/hostname'],
      ['zuletzt', '../../shared.yaml'],
    ] as const) {
      mkdirSync(join(repository.root, 'real', name));
      symlinkSync(target, join(repository.root, 'real', name, 'v.yaml'));
    }
    repository.commit({ last: '' });
    expect(textsOf(await below(await snapshotOf(repository.root, 'HEAD'), 'r', 'v.yaml'))).toEqual({
      'a/v.yaml': 'a',
      'linked/v.yaml': 's',
      'zuletzt/v.yaml': 's',
    });
  });
});
