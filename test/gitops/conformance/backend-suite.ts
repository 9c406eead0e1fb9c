import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Backend, Published } from '../../../src/gitops/backend.js';
import type { CommitPlan } from '../../../src/gitops/plan.js';
import { change, planOf } from '../plans.js';
import { type ScratchRepository, scratchFolder } from '../scratch-repository.js';

export { change, planOf };

/** A backend and all that its tests look at. */
export interface Ground {
  readonly backend: Backend;
  /** The working copy of the backend. */
  readonly copy: ScratchRepository;
  /** Returns a second writer to the same branch. */
  second(): Promise<Backend>;
  /** Runs git where others see the branch, which is `main`. */
  git(...args: readonly string[]): string;
  /** Has somebody else commit to the branch. */
  person(files: { readonly [path: string]: string }): void;
}

/** Returns a backend over a repository that holds these files in one commit. */
export type MakeGround = (files: { readonly [path: string]: string }) => Promise<Ground>;

const ground = { 'r/a.yaml': 'weight: 0\n', 'r/b.yaml': 'weight: 0\n', 'r/tool.sh': 'true\n', other: '1\n' };

/** What not every backend can do. */
interface Abilities {
  /** What becomes of a plan for a file that is executable. @default kept */
  readonly modes?: 'kept' | 'refused';
}

/** What every backend does, whatever it is made of. */
export function backendSuite(name: string, makeGround: MakeGround, { modes = 'kept' }: Abilities = {}): void {
  describe(`${name}, as every backend`, () => {
    it('publishes a chain in its order, a commit for each plan', async () => {
      const { backend, copy, git } = await makeGround(ground);
      const base = git('rev-parse', 'main');
      const published = await publish(backend, [
        planOf('one', [change('r/a.yaml', 'weight: 5\n')]),
        planOf('two', [change('r/b.yaml', 'weight: 6\n'), change('r/a.yaml', 'weight: 7\n')]),
        planOf('three', [change('r/new/c.yaml', 'weight: 8\n')]),
      ]);
      expect(published.commits).toEqual(git('rev-list', '--reverse', `${base}..main`).split('\n'));
      expect(published.head).toBe(git('rev-parse', 'main'));
      expect(git('log', '--reverse', '--format=%s', `${base}..main`).split('\n')).toEqual([
        'chore(one): do one',
        'chore(two): do two',
        'chore(three): do three',
      ]);
      expect(git('show', '--format=', '--name-status', 'main~1')).toBe('M\tr/a.yaml\nM\tr/b.yaml');
      expect(git('show', 'main~2:r/a.yaml')).toBe('weight: 5');
      expect(git('show', 'main:r/a.yaml')).toBe('weight: 7');
      expect(git('show', 'main:r/new/c.yaml')).toBe('weight: 8');
      expect(copy.git('rev-parse', 'HEAD')).toBe(published.head);
      expect(copy.read('r/new/c.yaml')).toBe('weight: 8\n');
      expect(copy.status()).toEqual([]);
    });

    it('goes on from its own tip', async () => {
      const { backend, git } = await makeGround(ground);
      await publish(backend, [planOf('one', [change('r/a.yaml', '1\n')])]);
      await publish(backend, [planOf('two', [change('r/a.yaml', '2\n')])]);
      expect(git('rev-list', '--count', 'main')).toBe('3');
      expect(git('show', 'main:r/a.yaml')).toBe('2');
    });

    it('publishes nothing on a tip that has moved, and takes that up with the next sync', async () => {
      const { backend, copy, git, person } = await makeGround(ground);
      const repository = await backend.sync();
      person({ other: 'mine\n' });
      const tip = git('rev-parse', 'main');
      const plan = planOf('one', [change('r/a.yaml', 'weight: 5\n')]);
      expect(await backend.publish(repository, [plan])).toMatchObject({ kind: 'moved', reason: expect.any(String) });
      expect(git('rev-parse', 'main')).toBe(tip);
      expect(copy.read('r/a.yaml')).toBe('weight: 0\n');
      await publish(backend, [plan]);
      expect(git('rev-parse', 'main~1')).toBe(tip);
      expect(git('show', 'main:other')).toBe('mine');
    });

    it('makes no commit of what changes nothing, and moves no branch', async () => {
      const { backend, git } = await makeGround(ground);
      const tip = git('rev-parse', 'main');
      const nothing = planOf('one', [change('r/a.yaml', 'weight: 0\n'), change('gone', null)]);
      expect(await publish(backend, [nothing, planOf('two', [])])).toEqual({
        ...{ kind: 'published', head: tip, commits: [undefined, undefined] },
      });
      const { commits } = await publish(backend, [nothing, planOf('three', [change('r/a.yaml', 'x\n')])]);
      expect(commits).toEqual([undefined, git('rev-parse', 'main')]);
      expect(git('rev-list', '--count', 'main')).toBe('2');
    });

    it('removes files, and the folders that this leaves empty', async () => {
      const { backend, copy, git } = await makeGround({ ...ground, 'gone/deep/x': '1', 'gone/y': '1' });
      await publish(backend, [planOf('one', [change('gone/deep/x', null)])]);
      expect(git('ls-tree', '-r', '--name-only', 'main').split('\n')).toEqual([
        ...['gone/y', 'other', 'r/a.yaml', 'r/b.yaml', 'r/tool.sh'],
      ]);
      expect(copy.exists('gone/deep')).toBe(false);
    });

    it(modes === 'kept' ? 'keeps the mode of a file' : 'refuses what would lose the mode of a file', async () => {
      const { backend, copy, git, person } = await makeGround(ground);
      person({ 'r/tool.sh': 'executable' });
      const plan = planOf('one', [change('r/tool.sh', 'false\n'), change('r/a.yaml', '1\n')]);
      if (modes === 'refused') {
        const refused = await backend.publish(await backend.sync(), [planOf('two', [change('r/a.yaml', '2\n')]), plan]);
        expect(refused).toMatchObject({ kind: 'unfit', plan, error: { code: 'git/not-plain' } });
        expect(git('rev-list', '--count', 'main')).toBe('2');
        await publish(backend, [planOf('two', [change('r/tool.sh', null)])]);
        expect(copy.exists('r/tool.sh')).toBe(false);
        return;
      }
      await publish(backend, [plan]);
      expect(git('ls-tree', '--format=%(objectmode)', 'main', 'r/tool.sh', 'r/a.yaml')).toBe('100644\n100755');
      expect(statSync(join(copy.root, 'r/tool.sh')).mode & 0o111).not.toBe(0);
    });

    it.each(['a b/ü é.yaml', '日本/🚦', "it's $HOME", '"quoted"', '--/-x', ':(top)x', '*', 'a"b/c d'])(
      'takes %j as a plain path',
      async (path) => {
        const { backend, copy, git } = await makeGround(ground);
        await publish(backend, [planOf('one', [change(path, '1\n')]), planOf('two', [change(path, 'ü\n')])]);
        expect(git('show', `main:${path}`)).toBe('ü');
        expect(copy.read(path)).toBe('ü\n');
        expect(copy.status()).toEqual([]);
        await publish(backend, [planOf('three', [change(path, null)])]);
        expect(copy.exists(path)).toBe(false);
      },
    );

    it('takes large files, and such without a last line end or with nothing in them', async () => {
      const { backend, git } = await makeGround(ground);
      const large = 'ä234567890\n'.repeat(500_000);
      const changes = [change('large', large), change('open', 'x'), change('empty', '')];
      await publish(backend, [planOf('one', changes)]);
      expect(git('cat-file', '-s', 'main:large')).toBe(`${Buffer.byteLength(large)}`);
      expect(git('cat-file', '-s', 'main:open')).toBe('1');
      expect(git('cat-file', '-s', 'main:empty')).toBe('0');
    });

    it('writes the message with its trailers', async () => {
      const { backend, git } = await makeGround(ground);
      const trailers = { decision: 'advance', iteration: 7, verdict: 'pass', evidence: 'sha256:0123' };
      const plan = { ...planOf('one', [change('r/a.yaml', '1\n')]), body: 'It is as good: 20 % → 35 %', trailers };
      await publish(backend, [plan]);
      expect(git('log', '-1', '--format=%B', 'main')).toMatch(
        /^chore\(one\): do one\n\nIt is as good: 20 % → 35 %\n\nSluice-/,
      );
      const written = git('log', '-1', '--format=%(trailers)', 'main').trim().split('\n');
      expect(written.filter((line) => !/^Sluice-Pass: [0-9a-f]{8}$/.test(line))).toEqual([
        'Sluice-Release: one',
        'Sluice-Decision: advance',
        'Sluice-Iteration: 7',
        'Sluice-Verdict: pass',
        'Sluice-Evidence: sha256:0123',
      ]);
    });

    it('leaves alone what a person has changed, staged or made in the working copy', async () => {
      const { backend, copy } = await makeGround({ ...ground, staged: '1\n' });
      copy.write('other', 'mine\n');
      copy.write('staged', 'mine\n');
      copy.git('add', 'staged');
      copy.write('new', 'mine\n');
      await publish(backend, [planOf('one', [change('r/a.yaml', '1\n')])]);
      expect(copy.status().sort()).toEqual([' M other', '?? new', 'M  staged']);
      expect(copy.read('r/a.yaml')).toBe('1\n');
    });

    it.each([
      ['a link', 'link', 'it is a symbolic link'],
      ['what lies beyond a link', 'link/x', 'it is a symbolic link'],
      ['a folder', 'r', 'a folder'],
      ['what lies beyond a file', 'other/x', 'it is a file where a folder is needed'],
      ['what lies outside', '../x', 'climbs'],
      ['the folder of git', '.git/config', 'folder of git'],
    ])('refuses the plan that writes to %s, and that alone', async (_, path, reason) => {
      const { backend, git, person } = await makeGround(ground);
      person({ link: 'symbolic link' });
      const tip = git('rev-parse', 'main');
      const bad = planOf('bad', [change(path, '1\n')]);
      const published = await backend.publish(await backend.sync(), [planOf('good', [change('r/a.yaml', '1\n')]), bad]);
      expect(published).toMatchObject({ kind: 'unfit', plan: { release: 'bad' } });
      expect(published.kind === 'unfit' && published.error.message).toContain(reason);
      expect(git('rev-parse', 'main')).toBe(tip);
    });

    it('lets one of two writers win, and loses nothing of the other', async () => {
      const { backend, git, second } = await makeGround(ground);
      const writers = [backend, await second()];
      const repositories = [await writers[0]?.sync(), await writers[1]?.sync()];
      const plans = [planOf('one', [change('r/a.yaml', '1\n')]), planOf('two', [change('r/b.yaml', '2\n')])];
      const results = await Promise.allSettled(
        writers.map((writer, i) => writer.publish(repositories[i] as never, [plans[i] as CommitPlan])),
      );
      const won = results.map((result) => result.status === 'fulfilled' && result.value.kind === 'published');
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(git('rev-list', '--count', 'main')).toBe('2');
      const loser = won.indexOf(false);
      await publish(writers[loser] as Backend, [plans[loser] as CommitPlan]);
      expect([git('show', 'main:r/a.yaml'), git('show', 'main:r/b.yaml')]).toEqual(['1', '2']);
      expect(git('rev-list', '--count', 'main')).toBe('3');
    });
  });
}

/** Signing as git itself does it: for backends whose commits git makes. */
export function signingSuite(name: string, makeGround: MakeGround): void {
  it(`${name} signs every commit of a chain with an SSH key, as git's settings say`, async () => {
    const { backend, copy, git } = await makeGround(ground);
    const folder = scratchFolder();
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada', '-f', join(folder, 'key')]);
    chmodSync(join(folder, 'key'), 0o600);
    const key = execFileSync('cat', [join(folder, 'key.pub')], { encoding: 'utf8' });
    execFileSync('sh', ['-c', 'cat > "$0"', join(folder, 'allowed')], { input: `ada@example.test ${key}` });
    copy.git('config', 'gpg.format', 'ssh');
    copy.git('config', 'user.signingKey', join(folder, 'key.pub'));
    copy.git('config', 'commit.gpgSign', 'true');
    const plans = ['1', '2'].map((text) => planOf(text, [change('r/a.yaml', `${text}\n`)]));
    const { commits } = await publish(backend, plans);
    const allowed = ['-c', `gpg.ssh.allowedSignersFile=${join(folder, 'allowed')}`];
    for (const commit of commits) git(...allowed, 'verify-commit', `${commit}`);
    expect(git('log', '--format=%an <%ae> %s', 'main~2..main')).toBe(
      'Ada <ada@example.test> chore(2): do 2\nAda <ada@example.test> chore(1): do 1',
    );
    expect(git('log', '--format=%(trailers:key=Sluice-Release)', '-1', 'main').trim()).toBe('Sluice-Release: 2');
  });

  it(`${name} publishes nothing where git cannot sign`, async () => {
    const { backend, copy, git } = await makeGround(ground);
    copy.git('config', 'gpg.format', 'ssh');
    copy.git('config', 'user.signingKey', join(copy.root, 'no-such-key'));
    copy.git('config', 'commit.gpgSign', 'true');
    const failing = publish(backend, [planOf('one', [change('r/a.yaml', '1\n')])]);
    await expect(failing).rejects.toMatchObject({ hint: expect.stringContaining('sign') });
    expect(git('rev-list', '--count', 'main')).toBe('1');
    expect(copy.status()).toEqual([]);
  });
}

/** Publishes on the tip that is there, and returns what came of it. */
export async function publish(
  backend: Backend,
  plans: readonly CommitPlan[],
): Promise<Extract<Published, { kind: 'published' }>> {
  const published = await backend.publish(await backend.sync(), plans);
  if (published.kind === 'unfit') throw published.error;
  if (published.kind !== 'published') throw new Error(`${published.kind}: ${published.reason}`);
  return published;
}
