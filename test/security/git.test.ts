import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadProject } from '../../src/values/project.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder, sluice } from '../cli/workspace.js';

const file = 'releases/reviews/values.yaml';
const values = reviewsValues + evaluationValues;

/** A file that a program of an attacker would make, and that program. */
let mark = '';
let program = '';

beforeEach(() => {
  const folder = scratchFolder();
  mark = join(folder, 'pwned');
  program = join(folder, 'program');
  writeFileSync(program, `#!/bin/sh\ntouch ${mark}\ncat 2>/dev/null\n`);
  chmodSync(program, 0o755);
});
afterEach(() => vi.unstubAllEnvs());

function ground(settings = 'namespace: default\n'): ScratchWorkspace {
  return new ScratchWorkspace({ 'sluice.yaml': settings, [file]: values });
}

/** Words that some git would take for something else than a name. */
function hostileNames(): string[] {
  return [
    `--upload-pack=${program}`,
    `--output=${mark}`,
    `--exec=${program}`,
    '--git-dir=/',
    '-c',
    `ext::sh -c ${program}`,
    `$(${program})`,
    `\`${program}\``,
    `;${program};`,
    `HEAD\n--output=${mark}`,
    `HEAD --output=${mark}`,
    '../../../etc/passwd',
  ];
}

describe('words and names are never options of git', () => {
  it.each([
    ['rollback', 'reviews', '--to'],
    ['diff', '--against'],
    ['validate', '--against'],
    ['history', '--since'],
    ['candidate', 'reviews', '--from'],
    ['status'],
    ['history'],
    ['replay'],
    ['pause'],
  ])('after %s %s %s', async (...call) => {
    const workspace = ground();
    const before = workspace.fingerprint();
    for (const name of hostileNames()) {
      const { code } = await workspace.run(...call, name);
      expect.soft(code, name).toBe(2);
    }
    expect(existsSync(mark)).toBe(false);
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('in the folder of a release', async () => {
    for (const name of ['--output=pwned', '-rf', '--', ':(exclude)*', '*', '$(touch pwned)', 'a;touch pwned']) {
      const workspace = new ScratchWorkspace({ [`releases/${name}/values.yaml`]: values, [file]: values });
      const calls = [
        ['validate'],
        ['diff'],
        ['status'],
        ['history'],
        ['replay', '--all'],
        ['evaluate', '--dry-run'],
        ['pause', '--all'],
        ['abort', name],
      ];
      for (const call of calls) await workspace.run(...call);
      expect(workspace.exists('pwned')).toBe(false);
      // Only the one that has a name of Kubernetes was touched.
      expect(
        workspace
          .git('diff', '--name-only', 'HEAD~1', 'HEAD')
          .split('\n')
          .every((path) => /\/reviews\//.test(path)),
      ).toBe(true);
    }
  });

  it('in a template of messages and the name of who commits', async () => {
    const workspace = ground("git: {message: '--amend {{summary}}'}\n");
    workspace.git('config', 'user.name', '--amend');
    const before = workspace.head;
    await workspace.ran('pause', 'reviews');
    expect(workspace.git('rev-parse', 'HEAD~1')).toBe(before);
    expect(workspace.git('log', '-1', '--format=%s')).toMatch(/^--amend pause/);
  });

  it.each(['--upload-pack=x', '-x', 'ext::sh -c x', 'a b', 'a..b', '/etc', 'a\\b', 'x@{1}', 'https://evil.example/x'])(
    'no remote and no branch is called %s',
    (name) => {
      for (const key of ['remote', 'branch']) {
        const text = `git: {backend: push, ${key}: ${JSON.stringify(name)}}\n`;
        expect(() => loadProject(text, 'sluice.yaml')).toThrow('is no name of a branch or a remote');
      }
    },
  );

  it.each([
    ['ext::', () => `ext::${program}`],
    ['an option of ssh', () => `ssh://-oProxyCommand=${program}/x`],
    ['a host that is an option', () => `-oProxyCommand=${program}:x`],
  ])('the URL of a remote runs no program: %s', async (_, url) => {
    const workspace = ground('git: {backend: push}\n');
    workspace.git('config', 'remote.origin.url', url());
    const { code } = await workspace.run('pause', 'reviews');
    expect(code).toBe(2);
    expect(existsSync(mark)).toBe(false);
  });

  it('a branch that is called like an option is only a branch', async () => {
    const workspace = ground('git: {backend: push}\n');
    const server = scratchFolder();
    execFileSync('git', ['init', '-q', '--bare', server]);
    workspace.git('config', 'remote.origin.url', server);
    workspace.git('update-ref', `refs/heads/--receive-pack=${program}`, 'HEAD');
    workspace.git('symbolic-ref', 'HEAD', `refs/heads/--receive-pack=${program}`);
    await workspace.run('pause', 'reviews');
    expect(existsSync(mark)).toBe(false);
  });
});

describe('what a repository brings along', () => {
  const calls = [
    ['validate'],
    ['diff'],
    ['status'],
    ['history'],
    ['evaluate'],
    ['pause', 'reviews'],
    ['resume', 'reviews'],
    ['rollback', 'reviews', '--to', 'HEAD~1'],
  ];

  it('attributes and modules of a commit run nothing', async () => {
    const workspace = ground();
    workspace.commit({
      '.gitattributes': '* filter=evil diff=evil merge=evil text=auto\n',
      '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::${program}\n\tupdate = !${program}\n`,
      '.gitconfig': `[core]\n\tfsmonitor = ${program}\n`,
      'hooks/pre-commit': `#!/bin/sh\n${program}\n`,
    });
    for (const call of calls) await workspace.run(...call);
    expect(workspace.subjects().some((subject) => subject.includes('pause'))).toBe(true);
    expect(existsSync(mark)).toBe(false);
  });

  it('files of a commit that look like a bare repository are none', async () => {
    const workspace = ground();
    const folder = join(workspace.folder, 'releases/trap');
    mkdirSync(join(folder, 'objects'), { recursive: true });
    mkdirSync(join(folder, 'refs'));
    writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(
      join(folder, 'config'),
      `[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${program}\n`,
    );
    writeFileSync(join(folder, 'values.yaml'), values);
    for (const call of [...calls, ['freeze'], ['synth'], ['candidate', 'trap', '--image', 'a:v3']]) {
      await sluice(call, { cwd: folder });
    }
    expect(existsSync(mark)).toBe(false);
    // The trap is one.
    execFileSync('git', ['-c', 'safe.bareRepository=all', 'status'], { cwd: folder, stdio: 'ignore' });
    expect(existsSync(mark)).toBe(true);
  });

  it('programs that .git/config names are run, as by every git: whoever writes there is trusted', async () => {
    const workspace = ground();
    workspace.git('config', 'core.fsmonitor', program);
    await workspace.run('pause', 'reviews');
    expect(existsSync(mark)).toBe(true);
  });

  it('the repository of somebody else is refused, with what to do', async () => {
    const workspace = ground();
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    const { code, stderr } = await workspace.run('pause', 'reviews');
    expect(code).toBe(2);
    expect(stderr).toContain('safe.directory');
  });
});
