import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/run.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder, sluice, start } from './workspace.js';

const file = 'releases/reviews/values.yaml';
const moved = reviewsValues.replace('weight: 100', 'weight: 80').replace('weight: 0', 'weight: 20');

function workspaceOf(files: { readonly [path: string]: string } = { [file]: reviewsValues }, below = '') {
  return new ScratchWorkspace(files, { below });
}

describe('diff()', () => {
  it('ends with 0 where nothing differs from HEAD, and changes nothing', async () => {
    const workspace = workspaceOf();
    const before = workspace.fingerprint();
    expect(await workspace.run('diff')).toEqual({ code: 0, stdout: 'no difference from HEAD\n', stderr: '' });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('ends with 1 where something does: in words, then in YAML', async () => {
    const workspace = workspaceOf();
    workspace.write(file, moved);
    const { code, stdout, stderr } = await workspace.run('diff');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.slice(0, 6)).toEqual([
      'reviews',
      '  candidate reviews-v2 enters the route: 20 % of the requests',
      '  primary reviews-v1: 100 % → 80 %',
      '  1 object: 1 changed',
      '  VirtualService default/reviews changed',
      '    @@ -25,4 +25,13 @@',
    ]);
    expect(lines).toContain('    -      weight: 100');
    expect(lines).toContain('    +      weight: 80');
    expect(await workspace.run('diff')).toEqual({ code, stdout, stderr });
  });

  it('reads the files as they lie there, staged or not, and a commit by any name', async () => {
    const workspace = workspaceOf();
    workspace.git('tag', 'before');
    workspace.write(file, moved);
    workspace.git('add', '--all');
    expect((await workspace.run('diff')).code).toBe(1);
    workspace.commit({});
    expect((await workspace.run('diff')).code).toBe(0);
    for (const ref of ['before', 'HEAD~1', 'main^', workspace.git('rev-parse', 'HEAD~1')]) {
      const { code, stdout } = await workspace.run('diff', '--against', ref);
      expect(code).toBe(1);
      expect(stdout).toContain('reviews-v2 enters the route');
    }
    workspace.git('checkout', '--quiet', '--detach', 'before');
    expect((await workspace.run('diff', '--against', 'main')).stdout).toContain('reviews-v2 leaves the route');
  });

  it('compares with another folder, in a repository or not', async () => {
    const [workspace, other] = [workspaceOf(), workspaceOf({ [file]: moved })];
    const nowhere = scratchFolder();
    cpSync(join(workspace.folder, 'releases'), join(nowhere, 'releases'), { recursive: true });
    for (const cwd of [workspace.folder, nowhere]) {
      const { code, stdout, stderr } = await sluice(['diff', '--against', other.folder], { cwd });
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toContain('candidate reviews-v2 leaves the route; it had 20 % of the requests');
    }
    expect((await sluice(['diff', '--against', scratchFolder()], { cwd: nowhere })).stderr).toContain(
      'Cannot find the releases as releases/**/values.yaml',
    );
  });

  it('works in a folder of the repository, with the settings of each side', async () => {
    const settings = 'releases: apps\nnamespace: shop\n';
    const workspace = workspaceOf(
      { 'deploy/sluice.yaml': settings, 'deploy/apps/reviews/values.yaml': reviewsValues },
      'deploy',
    );
    expect((await workspace.run('diff')).code).toBe(0);
    workspace.write('deploy/sluice.yaml', settings.replace('shop', 'prod').replace('apps', 'moved'));
    workspace.move('deploy/apps', 'deploy/moved');
    const { code, stdout } = await workspace.run('diff');
    expect(code).toBe(1);
    expect(stdout).toContain('sluice.yaml\n  releases: apps → moved\n  namespace: shop → prod\n');
    expect(stdout).toContain('name: shop/reviews → prod/reviews');
    expect(stdout).not.toMatch(/^reviews (added|removed)$/m);
  });

  it('shows no credentials of a URL', async () => {
    const metrics = (url: string) => ({ 'sluice.yaml': `metrics: {source: prometheus, url: "${url}"}\n` });
    const workspace = workspaceOf({ [file]: reviewsValues, ...metrics('http://ada:secret@a.example') });
    workspace.write('sluice.yaml', metrics('http://ada:hidden@b.example')['sluice.yaml']);
    const { stdout } = await workspace.run('diff');
    expect(stdout).toContain('metrics.url: http://***@a.example → http://***@b.example');
  });

  it('tells of releases that come and go, in the order of their names', async () => {
    const workspace = workspaceOf({
      [file]: reviewsValues,
      'releases/b/values.yaml': reviewsValues.replaceAll('reviews', 'b'),
    });
    workspace.remove('releases/b');
    workspace.write('releases/team/a/values.yaml', reviewsValues.replaceAll('reviews', 'a'));
    const { code, stdout } = await workspace.run('diff');
    expect(code).toBe(1);
    const heads = stdout.split('\n').filter((line) => /^\S/.test(line));
    expect(heads).toEqual(['b removed', 'team/a added']);
    expect(stdout).toContain('  release b removed from namespace default: all its objects are deleted\n');
    expect(stdout).toContain('  6 objects: 6 removed\n');
    expect(stdout).toContain('  primary a-v1 added: registry.example/a:v1, 100 % of the requests\n');
  });

  it('tells of a release whose folder is another one as moved', async () => {
    const named = reviewsValues.replace('application:', 'application:\n  metadata: {name: reviews}');
    const workspace = workspaceOf({ [file]: named });
    workspace.move('releases/reviews', 'releases/team');
    expect(await workspace.run('diff')).toMatchObject({
      code: 1,
      stdout: 'team\n  moved from the folder reviews to team\n  (no object changes)\n',
    });
    workspace.replace('releases/team/values.yaml', 'reviews:v2', 'reviews:v3');
    const { stdout } = await workspace.run('diff');
    expect(stdout).toContain('candidate reviews-v2: image v2 → v3 (registry.example/reviews)');
    expect(stdout).toContain('1 object: 1 changed');
    // A folder that the name comes from makes another release.
    workspace.write('releases/team/values.yaml', reviewsValues);
    expect((await workspace.run('diff')).stdout).toMatch(/^reviews removed\n[\s\S]*^team added\n/m);
  });

  it('takes a commit without releases for an empty workspace', async () => {
    const workspace = workspaceOf({ 'README.md': 'x' });
    workspace.write(file, reviewsValues);
    expect((await workspace.run('diff')).stdout).toMatch(/^reviews added\n/);
  });

  it('says that no object changes, and that values which mean the same are no difference', async () => {
    const workspace = workspaceOf();
    workspace.write(file, reviewsValues + evaluationValues);
    expect(await workspace.run('diff')).toMatchObject({
      code: 1,
      stdout: 'reviews\n  analysis added: judge threshold, policy steps\n  (no object changes)\n',
    });
    workspace.write(file, `# a comment\n${reviewsValues.replace('istio', 'deployment-istio')}`);
    expect(await workspace.run('diff')).toMatchObject({
      code: 0,
      stdout: 'reviews\n  (the values are written differently and mean the same)\n',
    });
  });

  it('says that only the objects differ where no word fits', async () => {
    const listed = (first: string, second: string) =>
      reviewsValues.replace('  port', `  hosts: [{name: ${first}}, {name: ${second}}]\n  port`);
    const workspace = workspaceOf({ [file]: listed('a.example', 'b.example') });
    workspace.write(file, listed('b.example', 'a.example'));
    const { code, stdout } = await workspace.run('diff');
    expect(code).toBe(1);
    expect(stdout).toContain('reviews\n  (only the objects differ, as the YAML shows)\n  1 object: 1 changed\n');
  });

  it('shows the manifests of a release with render: helm, too', async () => {
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': 'render: helm\n', [file]: reviewsValues });
    workspace.write(file, moved);
    const { code, stdout } = await workspace.run('diff');
    expect(code).toBe(1);
    expect(stdout).toContain('  VirtualService default/reviews changed\n');
  });

  it('reads values files of Iter8', async () => {
    const iter8 =
      'environment: deployment-istio\napplication:\n  strategy: blue-green\n  versions:\n  - {image: "a:1"}\n  - {image: "a:2"}\n';
    const workspace = workspaceOf({ [file]: iter8 });
    workspace.write(file, iter8.replace('a:2"', 'a:3", weight: 25').replace('a:1"', 'a:1", weight: 75'));
    expect((await workspace.run('diff')).stdout).toContain('  candidate reviews-1: image 2 → 3 (a)\n');
  });
});

describe('diff() of values that cannot be used', () => {
  const broken = reviewsValues.replace('weight: 0', 'weihgt: 0');

  it('names file and line of the workspace, tells of the others all the same, and ends with 2', async () => {
    const workspace = workspaceOf({
      [file]: reviewsValues,
      'releases/b/values.yaml': reviewsValues.replaceAll('reviews', 'b'),
    });
    workspace.write(file, broken);
    workspace.replace('releases/b/values.yaml', 'b:v1', 'b:v1.1');
    const { code, stdout, stderr } = await workspace.run('diff');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^releases\/reviews\/values.yaml:11:5 application.versions\[1\].weihgt: is no known key\n/);
    expect(stdout).toMatch(/^b\n {2}primary b-v1: image v1 → v1.1/);
    expect(stdout).not.toContain('reviews\n');
  });

  it('names commit, file and line of the other side, as git show takes them', async () => {
    const workspace = workspaceOf({ 'deploy/releases/reviews/values.yaml': broken }, 'deploy');
    workspace.write('deploy/releases/reviews/values.yaml', reviewsValues);
    const { code, stdout, stderr } = await workspace.run('diff');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^HEAD:deploy\/releases\/reviews\/values.yaml:11:5 /);
  });

  it('names the other folder', async () => {
    const workspace = workspaceOf({ [file]: reviewsValues, 'base/releases/reviews/values.yaml': broken });
    const { code, stderr } = await workspace.run('diff', '--against', './base');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^base\/releases\/reviews\/values.yaml:11:5 /);
  });

  it('names sluice.yaml of either side, and compares nothing then', async () => {
    const workspace = workspaceOf({ [file]: reviewsValues, 'sluice.yaml': 'renders: helm\n' });
    workspace.write('sluice.yaml', 'namespace: shop\n');
    expect(await workspace.run('diff')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^HEAD:sluice.yaml:1:1 renders: is no known key/),
    });
  });

  it('refuses bytes that are no UTF-8 on the other side', async () => {
    const workspace = workspaceOf();
    workspace.write(file, Buffer.concat([Buffer.from(reviewsValues), Buffer.from([0x23, 0xff])]) as unknown as string);
    workspace.commit({});
    workspace.write(file, reviewsValues);
    expect(await workspace.run('diff')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('sluice: HEAD: Cannot read releases/reviews/values.yaml as text: it is no UTF-8'),
    });
  });

  it.each([
    [['--against', 'nope'], 'Cannot compare with "nope" as a commit or a folder: it is neither'],
    [['--against', ''], 'Cannot compare with "" as a commit or a folder: it is neither'],
    [['--against=--all'], 'Cannot hand a value to git as a revision'],
    [['-o', 'yaml'], 'Cannot print the difference as asked: yaml\n  hint: Allowed are: text, json, markdown.'],
  ])('refuses %j', async (words, says) => {
    const { code, stdout, stderr } = await workspaceOf().run('diff', ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('diff() in other forms', () => {
  it('prints one JSON document, errors in it', async () => {
    const workspace = workspaceOf({ [file]: reviewsValues, 'releases/b/values.yaml': 'environment: moon\n' });
    workspace.write(file, moved);
    const { code, stdout } = await workspace.run('diff', '-o', 'json');
    expect(code).toBe(2);
    const [virtualService] = JSON.parse(stdout).releases[0].objects;
    expect(virtualService).toMatchObject({ object: 'VirtualService default/reviews', status: 'changed' });
    expect(virtualService.diff).toMatch(/^@@ -25,4 \+25,13 @@\n/);
    expect(JSON.parse(stdout)).toMatchObject({
      different: true,
      against: 'HEAD',
      workspace: [],
      releases: [
        {
          release: 'reviews',
          status: 'changed',
          changes: [
            { kind: 'route', risk: 'high', version: 'reviews-v2', text: expect.stringContaining('enters the route') },
            { kind: 'share', risk: 'medium', version: 'reviews-v1', text: 'primary reviews-v1: 100 % → 80 %' },
          ],
        },
      ],
      errors: ['HEAD', 'the workspace'].map((side) => ({
        release: 'b',
        side,
        message: expect.stringContaining('environment'),
        problems: expect.arrayContaining([expect.objectContaining({ line: 1, path: 'environment' })]),
      })),
    });
  });

  it('prints Markdown for a pull request', async () => {
    const workspace = workspaceOf();
    workspace.write(file, moved);
    const { code, stdout } = await workspace.run('diff', '--output', 'markdown');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^## sluice diff against `HEAD`\n\n### reviews\n\n- \*\*candidate reviews-v2 enters the route: 20 % of the requests\*\*\n/,
    );
    expect(stdout).toContain('<details><summary>1 object: 1 changed</summary>');
  });

  it('is coloured on a terminal alone, and not where NO_COLOR is set', async () => {
    const workspace = workspaceOf();
    workspace.write(file, moved);
    const printed = async (isTTY: boolean) => {
      let text = '';
      const stdout = {
        isTTY,
        write: (part: string) => {
          text += part;
        },
      };
      await run(['diff'], {
        stdin: Readable.from([]),
        stdout,
        stderr: stdout,
        cwd: workspace.folder,
        now: () => start,
      });
      return text;
    };
    vi.stubEnv('TERM', 'xterm');
    vi.stubEnv('NO_COLOR', '');
    const coloured = await printed(true);
    expect(coloured).toContain('\x1b[33mcandidate reviews-v2 enters the route');
    expect(coloured).toContain('\x1b[32m+      weight: 80\x1b[0m');
    vi.stubEnv('NO_COLOR', '1');
    const plain = await printed(true);
    vi.unstubAllEnvs();
    expect(plain).not.toContain('\x1b');
    expect(await printed(false)).toBe(plain);
  });
});
