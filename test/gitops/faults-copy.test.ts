import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { makeBackend as openLocal } from '../../src/gitops/backends/local.js';
import { defaultGit } from '../../src/values/project/git.js';
import { hashOf } from '../cli/workspace.js';
import { change, planOf, publish } from './conformance/backend-suite.js';
import { type Fault, faults, faultsAtHome, faultsOnTheWay } from './copy-faults.js';
import { localGround, pushGround } from './grounds.js';
import type { ScratchRepository } from './scratch-repository.js';

const files = { 'r/a': '1\n', other: '1\n', foreign: '1\n' };
const plan = planOf('one', [change('r/a', '2\n'), change('r/new/b', '2\n')]);

describe('a working copy in which no commit can be made: said, nothing is lost, and the next pass goes on', () => {
  it.each(Object.entries({ ...faults, ...faultsAtHome }))('local: %s', async (_, fault) => {
    const { backend, copy } = localGround(files);
    await meets(copy, fault, () => publish(backend, [plan]));
  });

  it.each(Object.entries({ ...faults, ...faultsOnTheWay }))('push: %s', async (_, fault) => {
    const { backend, copy, person, git } = pushGround(files);
    person({ 'r/a': '1\n', other: 'theirs\n' });
    await meets(copy, fault, () => publish(backend, [plan]));
    expect(git('log', '--format=%s', 'main').split('\n')).toEqual([
      'chore(one): do one',
      'feat: theirs',
      'chore: ground',
    ]);
    expect(copy.read('other')).toBe('theirs\n');
  });

  it('another branch than that of the settings', async () => {
    const { copy } = localGround(files);
    const backend = openLocal({ directory: copy.root, settings: { ...defaultGit, branch: 'live' }, tell: () => {} });
    const says = ['git/other-branch', 'as the branch live: main is checked out', 'git switch live'] as const;
    await meets(copy, { arrange: '', says, cure: 'git switch -q -c live' }, () => publish(backend, [plan]));
  });
});

describe('locks that are in nobody’s way', () => {
  it.each(['packed-refs', 'shallow', 'config', 'objects/info/commit-graph'])('%s.lock', async (name) => {
    for (const { backend, copy } of [localGround(files), pushGround(files)]) {
      copy.write(`.git/${name}.lock`, '');
      await publish(backend, [plan]);
      expect(copy.git('show', 'HEAD:r/a')).toBe('2');
    }
  });
});

describe('a working copy that cannot follow what it has pushed: the commits count, and the next pass catches up', () => {
  it.each(
    ['index', 'HEAD', 'refs/heads/main', 'refs/remotes/origin/main'].map((name) => [`the lock ${name}.lock`, name]),
  )('%s', async (_, name) => {
    const { backend, copy, git, told } = pushGround(files);
    const repository = await backend.sync();
    disturb(copy);
    copy.write(`.git/${name}.lock`, '');
    const result = await backend.publish(repository, [plan]);
    expect(result).toMatchObject({ kind: 'published', commits: [git('rev-parse', 'main')] });
    expect(told.join('')).toMatch(
      new RegExp(`^published, but the working copy stays behind: .*hint: .*\\.git/${name}\\.lock\n$`, 's'),
    );
    shell(copy, `rm .git/${name}.lock`);
    expect((await backend.sync()).head).toBe(git('rev-parse', 'main'));
    assertWhole(copy, '2\n');
  });
});

async function meets(copy: ScratchRepository, fault: Fault, pass: () => Promise<unknown>): Promise<void> {
  const [code, message, hint] = fault.says;
  disturb(copy);
  shell(copy, fault.arrange);
  const before = hashOf(copy.root);
  const matching = (text: string | RegExp) =>
    typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);
  // Twice: an error is no reason for another one.
  for (let turn = 0; turn < 2; turn++) {
    await expect(pass()).rejects.toMatchObject({
      code: matching(code),
      message: matching(message),
      hint: matching(hint),
    });
    expect(hashOf(copy.root)).toBe(before);
  }
  shell(copy, fault.cure);
  await pass();
  assertWhole(copy, '2\n');
}

/** Somebody else's changes, which stay as they are. */
function disturb(copy: ScratchRepository): void {
  copy.write('foreign', 'mine\n');
  copy.write('new', 'mine\n');
}

function assertWhole(copy: ScratchRepository, content: string): void {
  expect([copy.read('r/a'), copy.read('r/new/b')]).toEqual([content, content]);
  expect([copy.read('foreign'), copy.read('new')]).toEqual(['mine\n', 'mine\n']);
  expect(copy.status()).toEqual([' M foreign', '?? new']);
  expect(copy.exists('.git/sluice/journal.json')).toBe(false);
}

/** What fails on the way, a merge that is to conflict say, is no failure of the test. */
function shell(copy: ScratchRepository, script: string): void {
  execFileSync('sh', ['-c', `{ ${script || ':'}\n} > /dev/null 2>&1 || true`], { cwd: copy.root });
}
