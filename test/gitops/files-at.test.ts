import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileAt, filesAt, openSnapshot, type Snapshot } from '../../src/gitops/files-at.js';
import { ScratchRepository, scratchFolder } from './scratch-repository.js';

async function snapshotOf(cwd: string, revision = 'HEAD'): Promise<Snapshot> {
  const snapshot = await openSnapshot(cwd, revision);
  if (snapshot === undefined) throw new Error(`no ${revision}`);
  return snapshot;
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

describe('fileAt() and filesAt()', () => {
  it('give the files of the commit, whatever the working tree holds', async () => {
    const repository = new ScratchRepository({
      'r/a/v.yaml': 'a',
      'r/b c/ü/v.yaml': 'b\n',
      'r/a/other': 'x',
      'v.yaml': 'top',
    });
    const snapshot = await snapshotOf(repository.root);
    repository.write('r/a/v.yaml', 'changed');
    expect(textsOf(await filesAt(snapshot, 'r', { name: 'v.yaml' }))).toEqual({
      'a/v.yaml': 'a',
      'b c/ü/v.yaml': 'b\n',
    });
    expect((await fileAt(snapshot, 'v.yaml'))?.toString()).toBe('top');
    expect(await fileAt(snapshot, 'none.yaml')).toBeUndefined();
    expect(await fileAt(snapshot, 'r')).toBeUndefined();
    expect((await filesAt(snapshot, 'none', { name: 'v.yaml' })).size).toBe(0);
  });

  it('give every byte, also of files that are no text', async () => {
    const repository = new ScratchRepository();
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    for (const name of ['a', 'b']) repository.write(`r/${name}/v.yaml`, bytes as unknown as string);
    repository.commit({ last: '' });
    const files = await filesAt(await snapshotOf(repository.root), 'r', { name: 'v.yaml' });
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
    expect(textsOf(await filesAt(await snapshotOf(repository.root), 'r', { name: 'v.yaml' }))).toEqual({
      'a/v.yaml': 'a',
      'linked/v.yaml': 's',
      'zuletzt/v.yaml': 's',
    });
  });
});
