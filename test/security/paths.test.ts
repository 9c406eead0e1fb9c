import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeWorkingFile, writeWorkingFile } from '../../src/gitops/working-tree.js';
import { loadProject } from '../../src/values/project.js';
import { evaluationValues, hashOf, reviewsValues, ScratchWorkspace, scratchFolder } from '../cli/workspace.js';

const file = 'releases/reviews/values.yaml';
const values = reviewsValues + evaluationValues;
const settings = 'namespace: default\n';

/** What stands in a file that is none of the repository's. */
const secret = 'pa55word-of-somebody';

const commands = [
  ['validate'],
  ['validate', file],
  ['diff'],
  ['synth'],
  ['status'],
  ['evaluate'],
  ['pause', 'reviews'],
  ['pause', 'reviews', '--dry-run'],
  ['rollback', 'reviews', '--to', 'HEAD'],
  ['freeze'],
  ['chart', '-o', 'charts'],
];

describe('a file of a commit that is a link', () => {
  it.each([
    [file, 'outside'],
    ['sluice.yaml', 'outside'],
    ['releases/reviews/status.yaml', 'outside'],
    [file, '.git'],
    ['sluice.yaml', '.git'],
  ])('%s, which leads to %s: nothing of what it leads to is shown', async (link, where) => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': settings, [file]: values });
    const folder = where === '.git' ? join(workspace.folder, '.git') : scratchFolder();
    writeFileSync(join(folder, 'passwords'), `${secret}: {${secret}: *${secret}}\n`);
    if (workspace.exists(link)) workspace.remove(link);
    symlinkSync(join(folder, 'passwords'), join(workspace.folder, link));
    const before = where === 'outside' ? hashOf(folder) : '';
    for (const committed of [false, true]) {
      if (committed) workspace.commit({});
      for (const call of commands) {
        const { stdout, stderr } = await workspace.run(...call);
        expect.soft(stdout + stderr, call.join(' ')).not.toContain(secret);
      }
    }
    if (where === 'outside') expect(hashOf(folder)).toBe(before);
    const { code, stdout, stderr } = await workspace.run('status');
    expect(code).toBe(2);
    expect(stdout + stderr).toMatch(/Cannot read \S+ as a file of the repository: it leads to/);
  });

  it('or a folder that is one holds no canary config: nothing of it is shown', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'passwords'), `${secret}:x:0:0\n`);
    const analyses = 'analyses: {a: {interval: 60s, kayenta: {config: canary/passwords}}}\n';
    const workspace = new ScratchWorkspace({ 'sluice.yaml': settings + analyses, [file]: values });
    symlinkSync(folder, join(workspace.folder, 'canary'));
    for (const committed of [false, true]) {
      if (committed) workspace.commit({});
      for (const call of commands) {
        const { stdout, stderr } = await workspace.run(...call);
        expect.soft(stdout + stderr, call.join(' ')).not.toContain(secret);
      }
    }
    const { code, stderr } = await workspace.run('status');
    expect(code).toBe(2);
    expect(stderr).toMatch(/Cannot read canary\/passwords as a file of the repository: it leads to/);
  });

  it('to a device is not read without an end', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': settings });
    mkdirSync(join(workspace.folder, 'releases/reviews'), { recursive: true });
    symlinkSync('/dev/zero', join(workspace.folder, file));
    expect(await workspace.run('validate')).toMatchObject({ code: 1 });
  });
});

describe('folders of the settings', () => {
  it.each(['../out', '/etc', 'a/../../b', '.git', '.git/hooks', 'a/.GIT/x', 'a\\b', './x'])(
    'are never %s',
    (folder) => {
      for (const key of ['releases', 'rendered']) {
        const text = `${key}: ${JSON.stringify(folder)}\n`;
        expect(() => loadProject(text, 'sluice.yaml')).toThrow('leaves the repository');
      }
    },
  );
});

describe('a link that comes between the look and the write', () => {
  it('is not written through', async () => {
    const root = scratchFolder();
    const outside = scratchFolder();
    mkdirSync(join(root, 'a'));
    writeFileSync(join(outside, 'f'), 'theirs');
    renameSync(join(root, 'a'), join(root, 'b'));
    symlinkSync(outside, join(root, 'a'));
    const written = { content: Buffer.from('ours'), mode: undefined, id: '1' };
    for (const path of ['a/f', 'a/g', 'a/deep/f']) {
      await expect(writeWorkingFile(root, path, written)).rejects.toMatchObject({ code: 'git/not-plain' });
    }
    await expect(removeWorkingFile(root, 'a/f')).rejects.toMatchObject({ code: 'git/not-plain' });
    expect(readdirSync(outside)).toEqual(['f']);
  });

  it('in the place of a file is replaced, and what it leads to stays', async () => {
    const root = scratchFolder();
    const outside = scratchFolder();
    writeFileSync(join(outside, 'f'), 'theirs');
    symlinkSync(join(outside, 'f'), join(root, 'f'));
    const before = hashOf(outside);
    await writeWorkingFile(root, 'f', { content: Buffer.from('ours'), mode: undefined, id: '1' });
    expect(hashOf(outside)).toBe(before);
  });
});

describe('a tree that no git would make', () => {
  /** Makes a commit whose tree has entries of any name, beside those of the last one. */
  function commitTree(workspace: ScratchWorkspace, name: string): string {
    const mktree = (input: string) =>
      execFileSync('git', ['mktree', '--missing'], { cwd: workspace.folder, input, encoding: 'utf8' }).trim();
    const blob = workspace.git('rev-parse', `HEAD:${file}`);
    const inner = mktree(`100644 blob ${blob}\tvalues.yaml\n`);
    const releases = mktree(`040000 tree ${inner}\t${name}\n`);
    const top = mktree(`040000 tree ${releases}\treleases\n`);
    return workspace.git('commit-tree', '-m', 'x', top);
  }

  it.each(['..', '.git', '.GIT', 'git~1'])(
    'with the folder %s is refused by diff, validate and rollback',
    async (name) => {
      const workspace = new ScratchWorkspace({ 'sluice.yaml': settings, [file]: values });
      const commit = commitTree(workspace, name);
      const before = workspace.fingerprint();
      for (const call of [
        ['diff', '--against', commit],
        ['validate', '--against', commit],
        ['rollback', 'reviews', '--to', commit],
      ]) {
        const { code, stderr, stdout } = await workspace.run(...call);
        // To a commit that only renames, there is nothing to go back to.
        if (call[0] !== 'rollback') expect.soft(code, call.join(' ')).not.toBe(0);
        expect.soft(stderr + stdout).not.toContain('a defect of sluice');
      }
      expect(workspace.fingerprint()).toEqual(before);
      expect(existsSync(join(workspace.folder, '../values.yaml'))).toBe(false);
    },
  );
});

describe('--from and --file', () => {
  it('read any file that the caller may read, and write none', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': settings, [file]: values });
    const outside = join(scratchFolder(), 'v3.yaml');
    writeFileSync(outside, 'image: registry.example/reviews:v3\n');
    await workspace.ran('candidate', 'reviews', '--from', outside);
    const changed = workspace.git('show', '--name-only', '--format=', 'HEAD').split('\n');
    expect(changed.every((path) => path.startsWith('releases/reviews/') || path.startsWith('rendered/'))).toBe(true);
    expect(readdirSync(join(outside, '..'))).toEqual(['v3.yaml']);
  });
});
