import { describe, expect, it } from 'vitest';
import { backendSuite, change, planOf, publish, signingSuite } from './conformance/backend-suite.js';
import { localGround } from './grounds.js';

backendSuite('local', async (files) => localGround(files));
signingSuite('local', async (files) => localGround(files));

describe('local alone', () => {
  it('leaves the commits to git commit where the repository has hooks for it, wherever they lie', async () => {
    const { backend, copy } = localGround({ a: '1\n' });
    copy.git('config', 'core.hooksPath', 'my hooks');
    copy.write('my hooks/commit-msg', '#!/bin/sh\necho "Checked-By: hook" >> "$1"\n');
    copy.git('update-index', '--add', '--chmod=+x', 'my hooks/commit-msg');
    copy.git('commit', '--quiet', '--message', 'test: hooks');
    copy.git('checkout', '--quiet', '--force');
    copy.git('checkout-index', '--force', '--all');
    const repository = await backend.sync();
    expect(await backend.oneByOne?.(repository)).toBe(true);
    await publish(backend, [planOf('one', [change('a', '2\n')]), planOf('two', [change('a', '3\n')])]);
    expect(copy.git('log', '-2', '--format=%s|%(trailers:key=Checked-By,valueonly,separator=%x2C)')).toBe(
      'chore(two): do two|hook\nchore(one): do one|hook',
    );
  });

  it('takes a hook that may not be run for none', async () => {
    const { backend, copy } = localGround({ a: '1\n' });
    copy.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n');
    expect(await backend.oneByOne?.(await backend.sync())).toBe(false);
    await publish(backend, [planOf('one', [change('a', '2\n')])]);
    expect(copy.git('show', 'HEAD:a')).toBe('2');
  });

  it('makes the first commits of a repository', async () => {
    const { backend, copy } = localGround({});
    const { commits } = await publish(backend, [
      planOf('one', [change('a', '1\n')]),
      planOf('two', [change('b', '1\n')]),
    ]);
    expect(copy.git('rev-list', '--reverse', 'HEAD').split('\n')).toEqual(commits);
    expect(copy.status()).toEqual([]);
  });

  it('stores line ends and filtered files as git does', async () => {
    const { backend, copy } = localGround({
      '.gitattributes': '*.txt text eol=crlf\n*.up filter=up\n',
      'a.txt': 'x\r\n',
    });
    copy.git('config', 'filter.up.clean', 'tr a-z A-Z');
    await publish(backend, [planOf('one', [change('a.txt', 'y\r\n'), change('b.up', 'loud\n')])]);
    expect(copy.git('cat-file', '-p', 'HEAD:a.txt')).toBe('y');
    expect(copy.git('cat-file', '-p', 'HEAD:b.up')).toBe('LOUD');
    expect([copy.read('a.txt'), copy.read('b.up')]).toEqual(['y\r\n', 'loud\n']);
    expect(copy.status()).toEqual([]);
  });

  it.each([
    ['differs from HEAD', (copy: Copy) => copy.write('a', 'mine\n'), 'git/dirty'],
    ['is ignored', (copy: Copy) => copy.write('.git/info/exclude', 'b\n') ?? copy.write('b', 'x'), 'git/not-tracked'],
  ])('finds the plan whose file %s, and goes on without it', async (_, disturb, code) => {
    const { backend, copy } = localGround({ a: '1\n', c: '1\n' });
    disturb(copy);
    const good = planOf('good', [change('c', '2\n')]);
    const bad = planOf('bad', [change('a', '2\n'), change('b', '2\n')]);
    const result = await backend.publish(await backend.sync(), [good, bad]);
    expect(result).toMatchObject({ kind: 'unfit', plan: { release: 'bad' }, error: { code } });
    await publish(backend, [good]);
    expect(copy.git('show', 'HEAD:c')).toBe('2');
  });

  it('takes more files than one git can be asked for', async () => {
    const { backend, copy } = localGround({ a: '1\n' });
    const changes = Array.from({ length: 4_100 }, (_, i) => change(`${'long/'.repeat(8)}${i % 50}/${i}`, `${i}\n`));
    await publish(backend, [planOf('one', changes)]);
    expect(copy.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toHaveLength(4_101);
    expect(copy.status()).toEqual([]);
  });

  it('undoes everything where git is refused the branch', async () => {
    const { backend, copy } = localGround({ a: '1\n' });
    copy.hook('reference-transaction', 'grep -q refs/heads/main && exit 1; exit 0');
    await expect(publish(backend, [planOf('one', [change('a', '2\n'), change('n/b', '2\n')])])).rejects.toMatchObject({
      code: 'git/update-ref-failed',
    });
    expect(copy.status()).toEqual([]);
    expect(copy.exists('n')).toBe(false);
    expect(copy.exists('.git/sluice/journal.json')).toBe(false);
  });

  it('leaves nothing of a chain behind that git could not make', async () => {
    const { backend, copy } = localGround({ a: '1\n' });
    copy.git('config', 'user.useConfigOnly', 'true');
    copy.git('config', 'user.email', '');
    copy.git('config', 'user.name', '');
    const failing = publish(backend, [planOf('one', [change('a', '2\n')])]);
    await expect(failing).rejects.toMatchObject({ hint: expect.stringContaining('user.name') });
    expect(copy.status()).toEqual([]);
    expect(copy.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });
});

type Copy = ReturnType<typeof localGround>['copy'];
