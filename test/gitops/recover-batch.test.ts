import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { follow } from '../../src/gitops/follow.js';
import { recover } from '../../src/gitops/recover.js';
import { openRepository } from '../../src/gitops/repository.js';
import { programOf } from '../program.js';
import { change, planOf, publish } from './conformance/backend-suite.js';
import { localGround, pushGround } from './grounds.js';
import type { ScratchRepository } from './scratch-repository.js';

const files = { 'r/a': 'a0\n', 'r/b': 'b0\n', 'gone/x': '1\n', foreign: '1\n' };
const plans = [
  planOf('one', [change('r/a', 'a1\n'), change('r/new/c', 'c1\n')]),
  planOf('two', [change('r/a', 'a2\n'), change('r/b', 'b2\n'), change('gone/x', null)]),
];

const kill = 'kill -9 "$WRITER"; sleep 0.2; touch .git/hook-over';
/** Hooks that git runs as the index is written, before the branch moves, and after. */
const moments: readonly (readonly [string, string, string, 'undone' | 'finished'])[] = [
  ['between the index and the branch', 'post-index-change', `${kill}; exit 1`, 'undone'],
  [
    'as the branch is about to move',
    'reference-transaction',
    `[ "$1" = prepared ] && grep -q refs/heads/main && { ${kill}; exit 1; }; exit 0`,
    'undone',
  ],
  [
    'after the branch has moved',
    'reference-transaction',
    `[ "$1" = committed ] && grep -q refs/heads/main && { ${kill}; }; exit 0`,
    'finished',
  ],
];

describe('recover() of a pass', () => {
  it.each(moments)('killed %s', async (_, hook, script, outcome) => {
    const { copy, backend } = disturbed(localGround(files));
    copy.hook(hook, script);
    expect(await runPublisher('local', copy)).toBe('SIGKILL');
    await settled(copy, hook);
    expect(await recover(await openRepository(copy.root))).toBe(outcome);
    expect(copy.git('rev-list', '--count', 'HEAD')).toBe(outcome === 'undone' ? '1' : '3');
    assertWhole(copy, outcome === 'undone' ? 'before' : 'after');
    if (outcome === 'undone') await publish(backend, plans);
    expect(copy.git('rev-list', '--count', 'HEAD')).toBe('3');
    assertWhole(copy, 'after');
  });

  it('undoes a pass whose git was killed with it, and removes the lock that this leaves on the branch', async () => {
    const { copy } = disturbed(localGround(files));
    const script = `[ "$1" = prepared ] && grep -q refs/heads/main && kill -9 "$WRITER" "$PPID"; exit 0`;
    copy.hook('reference-transaction', script);
    expect(await runPublisher('local', copy)).toBe('SIGKILL');
    expect(copy.exists('.git/refs/heads/main.lock')).toBe(true);
    await gitGone(copy);
    rmSync(join(copy.root, '.git/hooks/reference-transaction'));
    expect(await recover(await openRepository(copy.root))).toBe('undone');
    expect(copy.exists('.git/refs/heads/main.lock')).toBe(false);
    assertWhole(copy, 'before');
  });

  it('undoes a pass of which only some files were written', async () => {
    const { copy } = disturbed(localGround(files));
    copy.hook('post-index-change', `${kill}; exit 1`);
    await runPublisher('local', copy);
    await settled(copy, 'post-index-change');
    copy.git('reset', '--quiet', '--', 'r', 'gone');
    copy.write('r/b', 'b0\n');
    rmSync(join(copy.root, 'r/new'), { recursive: true });
    expect(await recover(await openRepository(copy.root))).toBe('undone');
    assertWhole(copy, 'before');
  });

  it('leaves no trace of one killed while git made its commits', async () => {
    const { copy } = disturbed(localGround(files));
    const wrapper = join(copy.root, '.git/bin');
    copy.write(
      '.git/bin/git',
      `#!/bin/sh\ncase "$*" in *fast-import*) ${kill}; exit 1;; esac\nexec /usr/bin/git "$@"\n`,
    );
    copy.git('update-index', '--refresh');
    await import('node:fs').then(({ chmodSync }) => chmodSync(join(wrapper, 'git'), 0o755));
    expect(await runPublisher('local', copy, `${wrapper}:${process.env.PATH}`)).toBe('SIGKILL');
    expect(await recover(await openRepository(copy.root))).toBe('nothing');
    expect(copy.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    assertWhole(copy, 'before');
  });
});

describe('recover() of a working copy on its way to the tip of a server', () => {
  it.each(moments)('killed %s', async (_, hook, script) => {
    const ground = pushGround(files);
    const { copy, git } = disturbed(ground);
    copy.hook(hook, script);
    expect(await runPublisher('push', copy)).toBe('SIGKILL');
    await settled(copy, hook);
    expect(git('rev-list', '--count', 'main')).toBe('3');
    // Refreshing the index may be what the hook saw first: then nothing is done yet.
    expect(['finished', 'undone', 'nothing']).toContain(await recover(await openRepository(copy.root)));
    await ground.backend.sync();
    expect(copy.git('rev-parse', 'HEAD')).toBe(git('rev-parse', 'main'));
    assertWhole(copy, 'after');
  });

  it.each([
    ['nothing was written', () => {}],
    ['some files were', (copy: ScratchRepository) => copy.write('r/a', 'a2\n')],
    ['a file was half written', (copy: ScratchRepository) => copy.write('r/a', 'a')],
    ['a file was removed and not written yet', (copy: ScratchRepository) => rmSync(join(copy.root, 'r/a'))],
    ['a new file was begun', (copy: ScratchRepository) => copy.write('r/new/c', 'c')],
  ])('undoes it where %s', async (_, disturb) => {
    const copy = await died();
    disturb(copy);
    expect(await recover(await openRepository(copy.root))).toBe('undone');
    assertWhole(copy, 'before');
  });

  it('goes to the end where only the branch was left to move', async () => {
    const copy = await died();
    copy.git('read-tree', '-m', '-u', 'HEAD', 'tip');
    expect(await recover(await openRepository(copy.root))).toBe('finished');
    expect(copy.git('rev-parse', 'HEAD')).toBe(copy.git('rev-parse', 'tip'));
    assertWhole(copy, 'after');
  });

  it('refuses and loses nothing where a person has changed a file since', async () => {
    const copy = await died();
    copy.write('r/a', 'mine\n');
    await expect(recover(await openRepository(copy.root))).rejects.toMatchObject({
      code: 'git/touched',
      message: expect.stringMatching(/: r\/a$/),
    });
    expect(copy.read('r/a')).toBe('mine\n');
    copy.git('restore', 'r/a');
    expect(await recover(await openRepository(copy.root))).toBe('undone');
  });
});

/** Somebody else's changes, staged and not. */
function disturbed<Ground extends { readonly copy: ScratchRepository }>(ground: Ground): Ground {
  ground.copy.write('foreign', '2\n');
  ground.copy.git('add', 'foreign');
  ground.copy.write('mine', '1\n');
  return ground;
}

function assertWhole(copy: ScratchRepository, when: 'before' | 'after'): void {
  expect(copy.status()).toEqual(['M  foreign', '?? mine']);
  const read = ['r/a', 'r/b', 'r/new/c', 'gone/x'].map((path) => (copy.exists(path) ? copy.read(path) : undefined));
  expect(read).toEqual(when === 'before' ? ['a0\n', 'b0\n', undefined, '1\n'] : ['a2\n', 'b2\n', 'c1\n', undefined]);
  if (copy.exists('.git/sluice')) expect(readdirSync(join(copy.root, '.git/sluice'))).toEqual([]);
}

/** A repository whose process died on the way to the commit that `tip` names, before it changed anything. */
async function died(): Promise<ScratchRepository> {
  const { copy, backend } = localGround(files);
  await publish(backend, plans);
  copy.git('tag', 'tip');
  copy.git('reset', '--quiet', '--hard', 'HEAD~2');
  disturbed({ copy });
  const repository = await openRepository(copy.root);
  const to = copy.git('rev-parse', 'tip');
  // A journal as `follow` writes it, of a process that is no more.
  copy.hook('post-index-change', 'cp .git/sluice/journal.json .git/kept; exit 0');
  await follow(repository, to);
  rmSync(join(copy.root, '.git/hooks/post-index-change'));
  copy.git('read-tree', '-m', '-u', 'tip', repository.head ?? '');
  copy.git('update-ref', 'refs/heads/main', repository.head ?? '');
  const journal = JSON.parse(copy.read('.git/kept'));
  copy.write('.git/sluice/journal.json', JSON.stringify({ ...journal, owner: { ...journal.owner, started: 0 } }));
  return copy;
}

async function runPublisher(
  backend: string,
  { root }: ScratchRepository,
  path = process.env.PATH,
): Promise<string | null> {
  const program = programOf(new URL('./publisher.ts', import.meta.url));
  const args = [program, backend, root, JSON.stringify(plans)];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  const [, signal] = await once(child, 'exit');
  return signal;
}

/** Waits for the hook of the git that the killed process started, and for that git; then there is no hook any more. */
async function settled(copy: ScratchRepository, hook: string): Promise<void> {
  await vi.waitFor(() => expect(copy.exists('.git/hook-over')).toBe(true), { timeout: 30_000 });
  await gitGone(copy);
  rmSync(join(copy.root, '.git/hooks', hook));
}

/** Waits until no git runs in a repository: how long it takes to end depends on what else the machine does. */
async function gitGone({ root }: ScratchRepository): Promise<void> {
  await vi.waitFor(() => expect(gitsIn(root)).toEqual([]), { timeout: 30_000 });
}

function gitsIn(root: string): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('git') && readlinkSync(`/proc/${pid}/cwd`) === root;
    } catch {
      // It has ended.
      return false;
    }
  });
}
