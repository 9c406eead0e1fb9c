import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Mesh } from './mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const values = reviewsValues + evaluationValues;

describe('--push and git in sluice.yaml', () => {
  it('evaluate pushes only where it is told to', async () => {
    const { mesh, workspace, server } = await ground();
    await mesh.pass(workspace);
    expect(server('rev-list', '--count', 'main')).toBe('1');
    workspace.git('push', '--quiet', 'origin', 'main');
    const { code, stdout } = await mesh.pass(workspace, '--push');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('5 % → 50 %') });
    expect(server('log', '-1', '--format=%s', 'main')).toBe('chore(reviews): candidate reviews-v2 5 % → 50 %');
    expect(workspace.git('rev-parse', 'HEAD')).toBe(server('rev-parse', 'main'));
  });

  it('evaluate takes up what others pushed, and goes by the template of sluice.yaml', async () => {
    const { mesh, workspace, server, person } = await ground(
      "git: {backend: push, message: 'release {{release}}: {{summary}} ({{verdict}})'}\n",
    );
    person(file, values.replace('reviews:v2', 'reviews:v3'));
    const { code, stdout, stderr } = await mesh.pass(workspace);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(server('log', '--format=%s', 'main').split('\n').slice(0, 2)).toEqual([
      'release reviews: candidate reviews-v2 0 % → 5 % ()',
      'feat: theirs',
    ]);
    expect(workspace.read(file)).toContain('reviews:v3');
  });

  it('evaluate drops a decision that a person overtakes while it is published, and says so', async () => {
    const { mesh, workspace, server, folder } = await ground('git: {backend: push}\n');
    pushMeanwhile(workspace, folder, `sed -i s/reviews:v2/reviews:v3/ ${file}`);
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain(
      'reviews: overtaken: candidate reviews-v2 0 % → 5 %\n  reviews-v2 changed meanwhile; the next pass decides anew\n',
    );
    expect(server('log', '-1', '--format=%s', 'main')).not.toContain('candidate');
    const json = JSON.parse((await mesh.pass(workspace, '-o', 'json')).stdout);
    expect(json).toMatchObject({ overtaken: [], deferred: [], decisions: [{ kind: 'advance' }] });
  });

  it('evaluate says that a release is gone that a person deletes or renames while it is published', async () => {
    const { mesh, workspace, folder } = await ground('git: {backend: push}\n');
    await mesh.pass(workspace);
    pushMeanwhile(workspace, folder, 'git mv releases/reviews releases/other');
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('the release is gone; the next pass decides anew\n');
  });

  it('--push says what an earlier command without it has left', async () => {
    const { workspace, server } = await ground();
    await workspace.ran('pause', 'reviews');
    const { code, stderr } = await workspace.run('resume', 'reviews', '--push');
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('earlier command without --push'),
    });
    expect(server('rev-list', '--count', 'main')).toBe('1');
    workspace.git('push', '--quiet', 'origin', 'main');
    await workspace.ran('resume', 'reviews', '--push');
    expect(server('rev-list', '--count', 'main')).toBe('3');
  });

  it('evaluate puts its own scalars on the tip of a person who changed something else', async () => {
    const { mesh, workspace, server, folder } = await ground('git: {backend: push}\n');
    pushMeanwhile(workspace, folder, `echo '# theirs' >> ${file}; echo 1 > notes`);
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(server('log', '--format=%s', '-2', 'main')).toBe(
      'chore(reviews): candidate reviews-v2 0 % → 5 %\nfeat: theirs',
    );
    expect(server('show', `main:${file}`)).toBe(
      `${values.replace('100', '95').replace('weight: 0', 'weight: 5')}# theirs`,
    );
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('evaluate says what the budget leaves to the next pass', async () => {
    const { mesh, workspace } = await ground('git: {backend: push, pushesPerMinute: 2}\n');
    await mesh.pass(workspace);
    workspace.write(
      '.git/sluice/budget.json',
      JSON.stringify({ pushes: [(mesh.simulator.now + 119) * 1000], writes: [] }),
    );
    const { code, stdout } = await mesh.pass(workspace);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'reviews: deferred: candidate reviews-v2 5 % → 50 %\n  2 pushes a minute are spent; the next pass goes on\n',
    );
  });

  it('evaluate --dry-run asks no server and writes nothing', async () => {
    const { mesh, workspace } = await ground('git: {backend: push}\n');
    workspace.git('remote', 'set-url', 'origin', 'file:///nowhere');
    const before = workspace.fingerprint();
    const { code, stdout } = await mesh.pass(workspace, '--dry-run');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('0 % → 5 %') });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('evaluate tells once why nothing was published, and for which releases', async () => {
    const { mesh, workspace, server, folder } = await ground('git: {backend: push}\n');
    writeFileSync(join(folder, 'hooks/pre-receive'), '#!/bin/sh\necho "closed today"; exit 1\n');
    chmodSync(join(folder, 'hooks/pre-receive'), 0o755);
    const { code, stdout } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stdout).toContain('closed today');
    expect(stdout).toContain('hint: A hook or a setting of the server refused the commits; its words say why.');
    expect(server('rev-list', '--count', 'main')).toBe('1');
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  it('no command commits to another branch than that of sluice.yaml', async () => {
    const { mesh, workspace } = await ground('git: {branch: live}\n');
    const before = workspace.fingerprint();
    const { code, stderr } = await mesh.pass(workspace);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('hint: Switch to it (git switch live)'),
    });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('candidate --push lands on what others pushed', async () => {
    const { workspace, server, person } = await ground();
    person('notes', '1\n');
    await workspace.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v9', '--push');
    expect(server('log', '--format=%s', '-2', 'main')).toBe('chore(reviews): add candidate reviews-v9\nfeat: theirs');
  });

  it('a command without a remote says what to do', async () => {
    const mesh = await Mesh.start();
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: values });
    const { code, stderr } = await workspace.run('candidate', 'reviews', '--image', 'r/x:v9', '--push');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('git.remote') });
  });
});

async function ground(settings = '') {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project + settings, [file]: values });
  workspace.git('reset', '--quiet', '--soft', workspace.git('rev-list', '--max-parents=0', 'HEAD'));
  workspace.git('commit', '--quiet', '--amend', '--message', 'chore: ground');
  const folder = join(scratchFolder(), 'releases.git');
  workspace.git('clone', '--quiet', '--bare', '.', folder);
  workspace.git('remote', 'add', 'origin', `file://${folder}`);
  workspace.git('fetch', '--quiet', 'origin');
  const server = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).replace(/\n$/, '');
  const person = (path: string, content: string) => {
    const copy = scratchFolder();
    execFileSync('git', ['clone', '--quiet', folder, copy]);
    writeFileSync(join(copy, path), content);
    execFileSync('sh', ['-c', theirCommit], { cwd: copy });
  };
  return { mesh, workspace, server, person, folder };
}

const theirCommit =
  'git add --all && git -c user.name=Bea -c user.email=bea@example.test commit --quiet -m "feat: theirs" && git push --quiet origin HEAD:main';

/** Has a person push once, after sluice has looked at the server and before it pushes itself. */
function pushMeanwhile(workspace: ScratchWorkspace, folder: string, script: string): void {
  const copy = scratchFolder();
  const person = `git clone --quiet ${folder} . && ${script} && ${theirCommit}`;
  // git takes the lease with what the server tells at first, so the person comes before that: by the first pre-push.
  workspace.repository.hook(
    'pre-push',
    `unset GIT_DIR; [ -e ${copy}/.git ] && exit 0; cd ${copy} && { ${person}; } >&2; exit 0`,
  );
}
