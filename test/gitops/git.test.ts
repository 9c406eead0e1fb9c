import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GitError } from '../../src/errors.js';
import { askGit, runGit } from '../../src/gitops/git.js';
import { ScratchRepository, scratchFolder } from './scratch-repository.js';

afterEach(() => vi.unstubAllEnvs());

describe('runGit()', () => {
  it('returns what git prints and feeds its input', async () => {
    const { root } = new ScratchRepository();
    const id = await runGit(['hash-object', '--stdin'], { cwd: root, input: 'hello\n' });
    expect(id).toBe('ce013625030ba8dba906f756967f9e9ca394464a\n');
  });

  it('takes paths literally, as neither options nor patterns', async () => {
    const repository = new ScratchRepository({ '--version': '1', '*.yaml': '2', 'a.yaml': '3' });
    expect(await runGit(['ls-files'], { cwd: repository.root, paths: ['--version'] })).toBe('--version\n');
    expect(await runGit(['ls-files'], { cwd: repository.root, paths: ['*.yaml'] })).toBe('*.yaml\n');
  });

  it('refuses a revision that reads like an option', async () => {
    const { root } = new ScratchRepository();
    const run = runGit(['rev-parse', '--verify'], { cwd: root, revisions: ['--git-dir'] });
    await expect(run).rejects.toMatchObject({ name: 'GitError', code: 'git/unsafe-value' });
  });

  it('refuses a NUL character', async () => {
    const run = runGit(['ls-files'], { cwd: scratchFolder(), paths: ['a\0b'] });
    await expect(run).rejects.toMatchObject({ code: 'git/unsafe-value' });
  });

  it('keeps the words of git', async () => {
    const run = runGit(['ls-files'], { cwd: scratchFolder() });
    await expect(run).rejects.toThrow(/^Cannot run git ls-files: fatal: not a git repository/);
    await expect(run).rejects.toBeInstanceOf(GitError);
  });

  it('ends the lines of ssh as others', async () => {
    const { root } = new ScratchRepository();
    const ssh = join(scratchFolder(), 'ssh');
    writeFileSync(ssh, "#!/bin/sh\nprintf 'Host key is new.\\r\\nHost key verification failed.\\r\\n' >&2; exit 255\n");
    chmodSync(ssh, 0o755);
    const run = runGit(['fetch', 'ssh://h.invalid/x'], { cwd: root, env: { GIT_SSH: ssh } });
    await expect(run).rejects.toThrow(/: Host key is new\.\nHost key verification failed\.\n/);
  });

  it('masks the credentials of URLs, also where a password holds an @', async () => {
    const { root } = new ScratchRepository();
    const url = 'https://ada:pass@word@localhost.invalid:1/x.git';
    const error = await runGit(['fetch', url], { cwd: root }).catch((reason: unknown) => reason);
    expect(`${error}`).toContain('https://***@localhost.invalid');
    expect(JSON.stringify([`${error}`, error])).not.toMatch(/ada|pass|word/);
  });

  it('says what to do when git is not installed', async () => {
    const { root } = new ScratchRepository();
    vi.stubEnv('PATH', scratchFolder());
    await expect(runGit(['status'], { cwd: root })).rejects.toMatchObject({
      code: 'git/not-installed',
      hint: expect.stringContaining('Install git'),
    });
  });

  it('tells a missing folder from a missing git', async () => {
    const run = runGit(['status'], { cwd: join(scratchFolder(), 'none') });
    await expect(run).rejects.toMatchObject({ code: 'git/no-folder' });
  });

  it('works in its folder also inside a hook of another repository', async () => {
    const repository = new ScratchRepository({ a: '1' });
    const other = new ScratchRepository();
    vi.stubEnv('GIT_DIR', join(other.root, '.git'));
    vi.stubEnv('GIT_INDEX_FILE', join(other.root, '.git/index'));
    expect(await runGit(['ls-files'], { cwd: repository.root })).toBe('a\n');
  });

  it('asks nothing, pages nothing and locks nothing just to read', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'git'), '#!/bin/sh\necho "$LC_ALL $GIT_TERMINAL_PROMPT $*"\n');
    chmodSync(join(folder, 'git'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    expect(await runGit(['status'], { cwd: folder })).toBe(
      'C 0 --no-pager --no-optional-locks -c safe.bareRepository=explicit status\n',
    );
    expect(await runGit(['add'], { cwd: folder, paths: ['x'] })).toBe('C 0 --no-pager add -- :(literal)x\n');
  });
});

describe('askGit()', () => {
  it('returns the exit status as an answer', async () => {
    const { root } = new ScratchRepository();
    const answer = await askGit(['rev-parse', '--verify', '--quiet'], { cwd: root, revisions: ['HEAD'] });
    expect(answer).toEqual({ status: 1, stdout: '', words: '' });
  });
});
