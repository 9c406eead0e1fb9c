import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { commitLocally } from '../../src/gitops/commit.js';
import { openJournal } from '../../src/gitops/journal.js';
import { openSettled } from '../../src/gitops/open-settled.js';
import type { CommitPlan } from '../../src/gitops/plan.js';
import { recover } from '../../src/gitops/recover.js';
import { openRepository } from '../../src/gitops/repository.js';
import { temporaryFor } from '../../src/gitops/working-tree.js';
import { programOf } from '../program.js';
import { ScratchRepository } from './scratch-repository.js';

const plan: CommitPlan = {
  release: 'reviews',
  summary: 'candidate 0 % → 5 %',
  trailers: {},
  changes: [
    { path: 'r/values.yaml', content: 'weight: 5\r\n' },
    { path: 'r/new folder/status.yaml', content: 'phase: rising\n' },
    { path: 'gone/x', content: null },
  ],
};

/** For a hook: waits until the test says go, and never for ever. */
const waitForGo = 'for i in $(seq 1200); do [ -e .git/go ] && exit 0; sleep 0.05; done; exit 1';

describe('recover()', () => {
  it('does nothing in a repository at rest', async () => {
    const scratch = ground();
    expect(await recover(await openRepository(scratch.root))).toBe('nothing');
    expect(scratch.status()).toEqual(['M  foreign', '?? mine']);
  });

  it('undoes what a process left that was killed between writing and committing', async () => {
    const scratch = ground();
    scratch.hook('pre-commit', 'kill -9 "$WRITER"; exit 1');
    expect(await runWriter(scratch)).toBe('SIGKILL');
    await gitAtRest(scratch);
    // What the crash left is really there.
    expect(scratch.read('r/values.yaml')).toBe('weight: 5\r\n');
    expect(scratch.status()).toContain('A  r/new folder/status.yaml');

    expect(await recover(await openRepository(scratch.root))).toBe('undone');
    assertGround(scratch);
    expect(await recover(await openRepository(scratch.root))).toBe('nothing');
    rmSync(join(scratch.root, '.git/hooks/pre-commit'));
    expect(await commitLocally(await openRepository(scratch.root), plan)).toBe(scratch.git('rev-parse', 'HEAD'));
  });

  it('undoes the first commit of a repository', async () => {
    const scratch = new ScratchRepository();
    scratch.hook('pre-commit', 'kill -9 "$WRITER"; exit 1');
    expect(await runWriter(scratch)).toBe('SIGKILL');
    await gitAtRest(scratch);
    expect(await recover(await openRepository(scratch.root))).toBe('undone');
    expect(scratch.status()).toEqual([]);
    expect(readdirSync(scratch.root)).toEqual(['.git']);
  });

  // In commit-msg git has read the message; before, it gives up when its sluice dies.
  it('finds a commit finished that git made after its sluice was killed', async () => {
    const scratch = ground();
    scratch.hook('commit-msg', 'kill -9 "$WRITER"; exit 0');
    expect(await runWriter(scratch)).toBe('SIGKILL');
    await gitAtRest(scratch);
    expect(await recover(await openRepository(scratch.root))).toBe('finished');
    expect(scratch.git('show', 'HEAD:r/values.yaml')).toBe('weight: 5\r');
    expect(scratch.status()).toEqual(['M  foreign', '?? mine']);
    expect(readdirSync(join(scratch.root, '.git/sluice'))).toEqual([]);
  });

  it('waits for a git that outlived its sluice', async () => {
    const scratch = ground();
    scratch.hook('commit-msg', `kill -9 "$WRITER"; ${waitForGo}`);
    expect(await runWriter(scratch)).toBe('SIGKILL');
    const repository = await openRepository(scratch.root);
    await expect(recover(repository)).rejects.toMatchObject({
      code: 'git/busy',
      hint: expect.stringContaining('Wait'),
    });
    scratch.write('.git/go', '');
    await gitAtRest(scratch);
    expect(await recover(repository)).toBe('finished');
  });

  it('undoes what is left when sluice and its git are killed together, the lock of git included', async () => {
    const scratch = ground();
    scratch.hook('commit-msg', 'kill -9 "$WRITER" "$PPID"');
    expect(await runWriter(scratch)).toBe('SIGKILL');
    expect(scratch.exists('.git/index.lock')).toBe(true);
    const { head } = await openRepository(scratch.root);
    // A machine that is busy takes its time to end the killed git.
    const recovered = async () => expect(await recover(await openRepository(scratch.root))).toBe('undone');
    await vi.waitFor(recovered, { timeout: 20_000 });
    expect(scratch.exists('.git/index.lock')).toBe(false);
    expect((await openRepository(scratch.root)).head).toBe(head);
    expect(scratch.status()).toEqual(['M  foreign', '?? mine']);
  });

  it('leaves a lock that was there before the killed process began to write', async () => {
    const scratch = await crashed();
    scratch.write('.git/index.lock', '');
    utimesSync(join(scratch.root, '.git/index.lock'), 1, 1);
    await expect(recover(await openRepository(scratch.root))).rejects.toMatchObject({ code: 'git/busy' });
  });

  it('undoes a process that was killed while it wrote its files', async () => {
    const scratch = await crashed();
    // As if it had died earlier: one file written, one still temporary, one untouched.
    const { id } = JSON.parse(scratch.read('.git/sluice/journal.json'));
    scratch.git('reset', '--quiet');
    scratch.git('add', 'foreign');
    rmSync(join(scratch.root, 'r/new folder/status.yaml'));
    scratch.write(temporaryFor('r/new folder/status.yaml', id), 'pha');
    scratch.write('gone/x', '1');
    expect(await recover(await openRepository(scratch.root))).toBe('undone');
    assertGround(scratch);
  });

  it('undoes also when a person has committed something else since', async () => {
    const scratch = await crashed();
    scratch.git('commit', '--quiet', '--only', '--message', 'feat: foreign', '--', 'foreign');
    expect(await recover(await openRepository(scratch.root))).toBe('undone');
    expect(scratch.read('r/values.yaml')).toBe('weight: 0\r\n');
    expect(scratch.status()).toEqual(['?? mine']);
  });

  it('takes a file for done that a person has put back', async () => {
    const scratch = await crashed();
    scratch.git('restore', '--staged', '--worktree', '--', 'r/values.yaml');
    expect(await recover(await openRepository(scratch.root))).toBe('undone');
    assertGround(scratch);
  });

  it('refuses, loses nothing and keeps the journal when a person has changed a file since', async () => {
    const scratch = await crashed();
    scratch.write('r/values.yaml', 'weight: 7\n');
    const before = scratch.status();
    const repository = await openRepository(scratch.root);
    await expect(recover(repository)).rejects.toMatchObject({
      code: 'git/touched',
      message: expect.stringMatching(/as nobody else changed it: r\/values\.yaml$/),
      hint: expect.stringContaining('git restore'),
    });
    expect(scratch.read('r/values.yaml')).toBe('weight: 7\n');
    expect(scratch.status()).toEqual(before);
    scratch.git('restore', '--staged', '--worktree', '--', 'r/values.yaml');
    expect(await recover(repository)).toBe('undone');
    assertGround(scratch);
  });

  it('refuses while the process is alive, and so does a second writer', async () => {
    const scratch = ground();
    scratch.hook('pre-commit', `touch .git/reached; ${waitForGo}`);
    const repository = await openRepository(scratch.root);
    const first = commitLocally(repository, plan);
    await vi.waitFor(() => expect(scratch.exists('.git/reached')).toBe(true), { timeout: 30_000 });
    const holder = `process ${process.pid} on ${hostname()} has been writing since ${new Date().getUTCFullYear()}-`;
    const locked = { code: 'git/locked', message: expect.stringContaining(holder) };
    await expect(openJournal(repository, { patience: 0 })).rejects.toMatchObject(locked);
    await expect(openSettled(scratch.root, () => {}, { patience: 120 })).rejects.toMatchObject(locked);
    await expect(recover(repository)).rejects.toMatchObject(locked);
    scratch.write('.git/go', '');
    expect(await first).toBe(scratch.git('rev-parse', 'HEAD'));
  });

  it('waits for another process that is writing, says so once, and goes on from what it left', async () => {
    const scratch = ground();
    scratch.hook('pre-commit', `touch .git/reached; ${waitForGo}`);
    const repository = await openRepository(scratch.root);
    const first = commitLocally(repository, plan);
    await vi.waitFor(() => expect(scratch.exists('.git/reached')).toBe(true), { timeout: 30_000 });
    const said: string[] = [];
    const opened = openSettled(scratch.root, () => {}, { waiting: (text) => void said.push(text) });
    const second = commitLocally(repository, plan);
    const outcomes = Promise.allSettled([opened, second]);
    await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 30_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    scratch.write('.git/go', '');
    const head = await first;
    expect(await outcomes).toMatchObject([
      { status: 'fulfilled', value: { head } },
      { status: 'rejected', reason: { code: 'git/moved' } },
    ]);
    const words = `waiting for another sluice: process ${process.pid} on ${hostname()} has been writing since `;
    expect(said).toEqual([expect.stringContaining(words)]);
  });

  it('lets exactly one of several writers at once commit', async () => {
    const scratch = ground();
    const repository = await openRepository(scratch.root);
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => commitLocally(repository, plan)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(scratch.git('rev-list', '--count', 'HEAD')).toBe('2');
    expect(scratch.status()).toEqual(['M  foreign', '?? mine']);
  });

  it('is done once when several processes recover at once', async () => {
    const scratch = await crashed();
    const repository = await openRepository(scratch.root);
    const results = await Promise.allSettled([1, 2, 3].map(() => recover(repository)));
    expect(results.filter((result) => result.status === 'fulfilled' && result.value === 'undone')).toHaveLength(1);
    assertGround(scratch);
  });

  it('takes over from a process that died recovering', async () => {
    const scratch = await crashed();
    const journal = JSON.parse(scratch.read('.git/sluice/journal.json'));
    scratch.write(`.git/sluice/claim-${journal.id}-1.json`, JSON.stringify(journal.owner));
    expect(await recover(await openRepository(scratch.root))).toBe('undone');
    assertGround(scratch);
  });

  it('knows an earlier process by its start where both have the same id', async () => {
    const scratch = await crashed();
    changeOwner(scratch, { pid: process.pid });
    expect(await recover(await openRepository(scratch.root))).toBe('undone');
  });

  it('gives a process of another host ten minutes', async () => {
    const scratch = await crashed();
    const repository = await openRepository(scratch.root);
    changeOwner(scratch, { host: 'elsewhere' });
    await expect(recover(repository)).rejects.toMatchObject({ code: 'git/locked' });
    changeOwner(scratch, { at: Date.now() - 11 * 60 * 1000 });
    expect(await recover(repository)).toBe('undone');
  });

  it('asks to be run before a commit where a process died', async () => {
    const scratch = await crashed();
    const commit = commitLocally(await openRepository(scratch.root), plan);
    await expect(commit).rejects.toMatchObject({ code: 'git/unrecovered' });
  });

  it('removes a lock under which nothing was written yet', async () => {
    const scratch = await crashed();
    await recover(await openRepository(scratch.root));
    const owner = { pid: 2 ** 22 + 1, host: 'elsewhere', started: 0, at: 0 };
    const journal = { version: 1, id: '0123456789abcdef', owner, head: null, folders: [], files: [] };
    scratch.write('.git/sluice/journal.json', JSON.stringify(journal));
    expect(await recover(await openRepository(scratch.root))).toBe('nothing');
    assertGround(scratch);
  });

  it.each(['', '{"version":1,"id":"01', '{"version":2}', '[]'])(
    'says that a journal of %j is damaged',
    async (text) => {
      const scratch = ground();
      scratch.write('.git/sluice/journal.json', text);
      const repository = await openRepository(scratch.root);
      const damaged = { code: 'git/journal-damaged', hint: expect.stringContaining('git status') };
      await expect(recover(repository)).rejects.toMatchObject(damaged);
      await expect(commitLocally(repository, plan)).rejects.toMatchObject(damaged);
      expect(scratch.read('.git/sluice/journal.json')).toBe(text);
    },
  );

  it('writes no path of a journal that leaves the repository', async () => {
    const scratch = await crashed();
    const file = join(scratch.root, '.git/sluice/journal.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('r/values.yaml', '../escaped'));
    await expect(recover(await openRepository(scratch.root))).rejects.toMatchObject({ code: 'git/unsafe-path' });
  });
});

/** A repository with files of sluice's and, staged or new, of someone else's. */
function ground(): ScratchRepository {
  const scratch = new ScratchRepository({ 'r/values.yaml': 'weight: 0\r\n', 'gone/x': '1', foreign: '1' });
  scratch.write('foreign', '2');
  scratch.git('add', 'foreign');
  scratch.write('mine', '1');
  return scratch;
}

function assertGround(scratch: ScratchRepository): void {
  expect(scratch.status()).toEqual(['M  foreign', '?? mine']);
  expect(scratch.read('r/values.yaml')).toBe('weight: 0\r\n');
  expect(readdirSync(join(scratch.root, 'r'))).toEqual(['values.yaml']);
  expect(readdirSync(join(scratch.root, '.git/sluice'))).toEqual([]);
}

/** A repository in which a real process was killed with all its files written and staged, and nothing committed. */
async function crashed(): Promise<ScratchRepository> {
  const scratch = ground();
  scratch.hook('pre-commit', 'kill -9 "$WRITER"; exit 1');
  expect(await runWriter(scratch)).toBe('SIGKILL');
  await gitAtRest(scratch);
  rmSync(join(scratch.root, '.git/hooks/pre-commit'));
  return scratch;
}

/** Returns the signal that ended the process. */
async function runWriter({ root }: ScratchRepository): Promise<string | null> {
  const writer = programOf(new URL('./writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, root, JSON.stringify(plan)], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  return signal;
}

/** Waits for the git that the killed process started: its lock goes once the commit is made or refused. */
async function gitAtRest(scratch: ScratchRepository): Promise<void> {
  await vi.waitFor(() => expect(scratch.exists('.git/index.lock')).toBe(false), { timeout: 30_000 });
}

function changeOwner(scratch: ScratchRepository, changes: object): void {
  const journal = JSON.parse(scratch.read('.git/sluice/journal.json'));
  scratch.write('.git/sluice/journal.json', JSON.stringify({ ...journal, owner: { ...journal.owner, ...changes } }));
}
