import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/cli/validate/report.js';
import type { Finding } from '../../src/lints/lint.js';
import { evaluationValues, reviewsValues, ScratchWorkspace, scratchFolder, sluice } from './workspace.js';

const reviews = 'releases/reviews/values.yaml';
const ratings = 'releases/ratings/values.yaml';
const project = 'metrics: {source: prometheus, url: "http://127.0.0.1:2"}\n';
const probed = reviewsValues.replace(
  '  versions:',
  '  deployment: {spec: {template: {spec: {containers: [{readinessProbe: {tcpSocket: {port: 9080}}}]}}}}\n  versions:',
);
const broken = probed
  .replaceAll('reviews-v', 'ratings-v')
  .replace('strategy:', 'stratgy:')
  .replace('weight: 0', 'weight: -1');

/** What is found, as `severity code line path`. */
async function found(workspace: ScratchWorkspace, ...argv: readonly string[]): Promise<string[]> {
  const { stdout } = await workspace.run('validate', '-o', 'json', ...argv);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings.map(({ severity, code, file, line, path }) => `${severity} ${code} ${file}:${line} ${path}`);
}

describe('sluice validate', () => {
  it('finds nothing in a workspace without faults, and changes nothing', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': project, [reviews]: probed + evaluationValues });
    const before = workspace.fingerprint();
    expect(await workspace.run('validate')).toEqual({ code: 0, stdout: '1 values file: no findings\n', stderr: '' });
    expect(await workspace.run('validate', '--against', 'HEAD', '--strict')).toMatchObject({ code: 0 });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('finds every fault of every file, in order, with positions; a broken file hides no other', async () => {
    const workspace = new ScratchWorkspace({
      'sluice.yaml': project,
      [reviews]: probed.replace('reviews:v2', 'reviews:latest'),
      [ratings]: broken,
      'releases/reviews/status.yaml': 'phase: Resting\n',
      'releases/Details/values.yaml': probed,
    });
    const { code, stdout, stderr } = await workspace.run('validate');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const lines = stdout.split('\n').filter((line) => !line.startsWith('  hint: '));
    expect(lines).toEqual([
      expect.stringMatching(/^releases\/Details\/values\.yaml:1:1 error .* is no DNS label \[cli\/release-name\]$/),
      `${ratings}:4:3 error application.stratgy: is no known key [values/invalid]`,
      `${ratings}:12:13 error application.versions[1].weight: is -1, below the least allowed: 0 [values/invalid]`,
      expect.stringMatching(/^releases\/reviews\/status\.yaml:1:1 error iteration: is missing \[values\/invalid\]$/),
      expect.stringMatching(/^releases\/reviews\/status\.yaml:1:1 error message: is missing \[values\/invalid\]$/),
      expect.stringMatching(/^releases\/reviews\/status\.yaml:1:1 error settled: is missing \[values\/invalid\]$/),
      'releases/reviews/status.yaml:1:8 error phase: is "Resting" [values/invalid]',
      `${reviews}:11:12 warning application.versions[1].image: has the tag latest, which is moved [lint/mutable-tag]`,
      '3 values files: 7 errors, 1 warning',
      '',
    ]);
  });

  it('fails for warnings with --strict alone', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: probed.replace('reviews:v2', 'reviews:latest') });
    expect((await workspace.run('validate')).code).toBe(0);
    expect((await workspace.run('validate', '--strict')).code).toBe(1);
    workspace.replace(reviews, 'reviews:latest', 'reviews:latest # sluice: allow mutable-tag');
    expect((await workspace.run('validate', '--strict')).code).toBe(0);
  });

  it('reports a broken sluice.yaml beside the releases, and does not say that nothing is measured', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': 'metric: {}\n', [reviews]: probed + evaluationValues });
    expect(await found(workspace)).toEqual(['error values/invalid sluice.yaml:1 metric']);
    workspace.move('releases', 'apps');
    expect(await found(workspace)).toEqual(['error values/invalid sluice.yaml:1 metric']);
  });

  it('misses a source of metrics in a workspace, with sluice.yaml or without, and not in a file outside of one', async () => {
    const workspace = new ScratchWorkspace({
      [reviews]: probed + evaluationValues,
      'alone.yaml': probed + evaluationValues,
    });
    const missed = [`warning lint/no-metrics ${reviews}:16 analysis.objectives`];
    expect(await found(workspace)).toEqual(missed);
    expect(await found(workspace, 'alone.yaml')).toEqual([]);
    workspace.write('sluice.yaml', 'namespace: shop\n');
    expect(await found(workspace)).toEqual(missed);
  });

  it('gives every finding a place: that of a file as a whole is its start', async () => {
    const workspace = new ScratchWorkspace({ 'releases/Details/values.yaml': probed });
    workspace.write(reviews, Buffer.from([0x23, 0xff]) as unknown as string);
    expect(await found(workspace)).toEqual([
      'error cli/release-name releases/Details/values.yaml:1 ',
      `error cli/unreadable ${reviews}:1 `,
    ]);
  });

  it('finds releases that write the same objects, also where one of them is named', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: probed, [ratings]: probed });
    const clash = [`error cli/same-object ${reviews}:3 application`];
    expect(await found(workspace)).toEqual(clash);
    expect(await found(workspace, 'releases/reviews')).toEqual(clash);
    expect(await found(workspace, ratings)).toEqual([]);
  });

  it('takes files and folders, of the workspace or not, each once', async () => {
    const workspace = new ScratchWorkspace({
      [reviews]: probed.replace('reviews:v2', 'reviews:latest'),
      [ratings]: broken,
      'others/blue.yaml': probed.replace('reviews:v2', 'reviews:dev'),
      'others/deep/values.yaml': probed.replace('reviews:v2', 'reviews:main'),
    });
    const tags = (file: string) => `warning lint/mutable-tag ${file}:11 application.versions[1].image`;
    expect(await found(workspace, reviews, 'releases/reviews', `./${reviews}`)).toEqual([tags(reviews)]);
    expect(await found(workspace, 'others')).toEqual([tags('others/deep/values.yaml')]);
    expect(await found(workspace, 'others', 'others/blue.yaml')).toEqual([
      tags('others/blue.yaml'),
      tags('others/deep/values.yaml'),
    ]);
    const all = await found(workspace, '.');
    expect(all).toHaveLength(4);
  });

  it.each([
    [['nowhere'], 'Cannot validate nowhere as values: there is no such file or folder'],
    [['empty'], 'Cannot find a values file in empty: there is no values.yaml below it'],
    [['-o', 'yaml'], 'Cannot print the findings as asked: yaml'],
    [['--against', 'nowhere'], 'Cannot compare with "nowhere" as a commit'],
    [['--against', ''], 'Cannot compare with "" as a commit'],
    [['--schemas', 'nowhere'], 'Cannot read nowhere as text: there is no such file'],
    [['--schemas', reviews], `Cannot use ${reviews} as schemas: it holds no CustomResourceDefinition`],
    [['--schemas', 'broken.json'], 'broken.json as schemas: '],
  ])('ends with 2 and a hint for %j', async (argv, says) => {
    const workspace = new ScratchWorkspace({ [reviews]: probed, 'broken.json': '{' });
    mkdirSync(join(workspace.folder, 'empty'));
    const { code, stdout, stderr } = await workspace.run('validate', ...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toContain('  hint: ');
  });

  it('ends with 2 where there is neither a path nor a folder of releases, and without a repository to compare with', async () => {
    const cwd = scratchFolder();
    expect(await sluice(['validate'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    writeFileSync(join(cwd, 'values.yaml'), probed);
    expect(await sluice(['validate', 'values.yaml'], { cwd })).toMatchObject({ code: 0 });
    const { code, stderr } = await sluice(['validate', 'values.yaml', '--against', 'HEAD'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/not a git repository/i);
  });
});

describe('sluice validate --against', () => {
  const routed = probed.replace('weight: 100', 'weight: 80').replace('weight: 0', 'weight: 20');

  it('finds a routed candidate that became another one, in the working tree and in a commit', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: routed });
    workspace.replace(reviews, 'reviews:v2', 'reviews:v3');
    const changed = [`error lint/changed-candidate ${reviews}:11 application.versions[1].image`];
    expect(await found(workspace, '--against', 'HEAD')).toEqual(changed);
    expect((await workspace.run('validate', '--against', 'HEAD')).code).toBe(1);
    workspace.commit({});
    expect(await found(workspace, '--against', 'HEAD')).toEqual([]);
    expect(await found(workspace, '--against', 'HEAD~1')).toEqual(changed);
    expect(await found(workspace)).toEqual([]);
  });

  it('finds a version that leaves with its route, and not one that left the route before', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: routed });
    workspace.replace(reviews, / {2}- metadata: \{name: reviews-v2\}[\s\S]*/, '');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([
      `error lint/sudden-leave ${reviews}:7 application.versions`,
    ]);
    const careful = new ScratchWorkspace({ [reviews]: probed });
    careful.replace(reviews, / {2}- metadata: \{name: reviews-v2\}[\s\S]*/, '');
    expect(await found(careful, '--against', 'HEAD')).toEqual([]);
  });

  it('compares a release whose file was moved with the file that it was', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': 'releases: apps\n', 'apps/reviews/values.yaml': routed });
    const candidate = (file: string) => [`error lint/changed-candidate ${file}:11 application.versions[1].image`];
    workspace.move('apps/reviews', 'apps/team');
    workspace.replace('apps/team/values.yaml', 'reviews:v2', 'reviews:v3');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([]);
    workspace.replace('apps/team/values.yaml', 'application:', 'application:\n  metadata: {name: reviews}');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([
      'error lint/changed-candidate apps/team/values.yaml:12 application.versions[1].image',
    ]);
    workspace.move('apps', 'releases');
    workspace.move('releases/team', 'releases/reviews');
    workspace.remove('sluice.yaml');
    workspace.replace(reviews, '  metadata: {name: reviews}\n', '');
    expect(await found(workspace, '--against', 'HEAD')).toEqual(candidate(reviews));
  });

  it('finds a release that leaves for another namespace, also where sluice.yaml moves it', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: routed });
    workspace.replace(reviews, 'application:', 'application:\n  metadata: {namespace: shop}');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([
      `error lint/sudden-leave ${reviews}:3 application.metadata`,
    ]);
    workspace.write(reviews, routed);
    workspace.write('sluice.yaml', 'namespace: shop\n');
    const { stdout } = await workspace.run('validate', '--against', 'HEAD');
    expect(stdout).toContain('makes shop/reviews of default/reviews, which leaves at once');
    workspace.write('sluice.yaml', 'namespace: default\n');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([]);
  });

  it('takes settings that were broken, and a link to a file, as they are now', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': 'namespaces: shop\n', 'shared.yaml': routed });
    mkdirSync(join(workspace.folder, 'releases/reviews'), { recursive: true });
    symlinkSync('../../shared.yaml', join(workspace.folder, reviews));
    workspace.commit({});
    workspace.write('sluice.yaml', 'namespace: shop\n');
    workspace.replace('shared.yaml', 'reviews:v2', 'reviews:v3');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([
      `error lint/changed-candidate ${reviews}:11 application.versions[1].image`,
    ]);
  });

  it('has nothing to compare a file outside of the repository with', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: routed });
    const outside = join(scratchFolder(), 'reviews.yaml');
    writeFileSync(outside, routed);
    expect(await found(workspace, outside, '--against', 'HEAD')).toEqual([]);
  });

  it('reads line ends of Windows and a byte order mark as what they are, comments too', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: routed });
    workspace.write(reviews, `\ufeff${routed.replaceAll('\n', '\r\n')}`);
    expect(await found(workspace, '--against', 'HEAD')).toEqual([]);
    workspace.replace(reviews, 'reviews:v2', 'reviews:latest # sluice: allow mutable-tag, changed-candidate');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([]);
  });

  it('calls a comment unused once its change is merged, and only where it compares', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: routed });
    workspace.replace(reviews, 'reviews:v2', 'reviews:v3 # sluice: allow changed-candidate');
    expect(await found(workspace, '--against', 'HEAD')).toEqual([]);
    workspace.commit({});
    expect(await found(workspace, '--against', 'HEAD')).toEqual([`warning lint/unused-allow ${reviews}:11 `]);
    expect(await found(workspace)).toEqual([]);
  });

  it('takes a file that is new, and says what it cannot compare with', async () => {
    const workspace = new ScratchWorkspace({ [ratings]: broken });
    workspace.write(reviews, routed);
    workspace.write(ratings, routed.replaceAll('reviews-v', 'ratings-v'));
    const { code, stdout } = await workspace.run('validate', '--against', 'HEAD');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `not checked: ${ratings}: what changed: HEAD:${ratings}:4:3 application.stratgy: is no known key\n2 values files: no findings\n`,
    );
  });

  it('has nothing against what sluice does itself: a candidate that comes without traffic', async () => {
    const alone = reviewsValues.replace(/ {2}- metadata: \{name: reviews-v2\}[\s\S]*/, '');
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': project, [reviews]: alone + evaluationValues });
    await workspace.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v9');
    expect(await found(workspace, '--against', 'HEAD~1')).toEqual([
      `info lint/no-readiness-probe ${reviews}:6 application.versions[0]`,
    ]);
  });

  it('works below the top of a repository', async () => {
    const workspace = new ScratchWorkspace({ [`shop/${reviews}`]: routed }, { below: 'shop' });
    workspace.replace(`shop/${reviews}`, 'reviews:v2', 'reviews:v3');
    expect(await found(workspace, '--against', 'HEAD')).toHaveLength(1);
    expect(await found(workspace, '--against', 'HEAD', reviews)).toHaveLength(1);
  });
});

describe('sluice validate -o github', () => {
  it('writes annotations with paths from the top of the repository, escaped', async () => {
    const text = probed
      .replace('reviews:v2', 'reviews:latest')
      .replace('deployment:', 'disruptionBudget: {minAvailable: "101%"}\n  deployment:');
    const workspace = new ScratchWorkspace({ 'a,b/releases/reviews/values.yaml': text }, { below: 'a,b' });
    const { code, stdout } = await workspace.run('validate', '-o', 'github');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `::error file=a%2Cb/${reviews},line=5,col=36,title=values/invalid::application.disruptionBudget.minAvailable: is 101%25, more than all pods%0Ahint: Give 0%25 to 100%25, or a number of pods.
1 values file: 1 error
`,
    });
    workspace.replace(`a,b/${reviews}`, '"101%"', '1');
    const warned = await workspace.run('validate', '-o', 'github');
    expect(warned.code).toBe(0);
    expect(warned.stdout).toMatch(/^::warning file=a%2Cb\/\S+,line=12,col=12,title=lint\/mutable-tag::application/);
  });

  it('keeps what is not checked on one line, and a path without steps back', async () => {
    const bad = 'releases/x\n::error::y/values.yaml';
    const workspace = new ScratchWorkspace(
      {
        'below/sluice.yaml': '',
        [`below/${reviews}`]: probed,
        [reviews]: probed.replace('reviews:v2', 'reviews:latest'),
      },
      { below: 'below' },
    );
    const { stdout } = await workspace.run('validate', '../releases', '-o', 'github');
    expect(stdout).toMatch(/^::warning file=releases\/reviews\/values\.yaml,/);
    const unchecked = [{ subject: bad, reason: 'no\r\n::warning::reason' }];
    const lines = formats.github({ files: 1, findings: [], unchecked }).split('\n');
    expect(lines).toEqual([
      'not checked: releases/x ::error::y/values.yaml: no ::warning::reason',
      '1 values file: no findings',
      '',
    ]);
  });

  it('calls an info a notice', async () => {
    const workspace = new ScratchWorkspace({ [reviews]: reviewsValues });
    const { stdout } = await workspace.run('validate', '-o', 'github');
    expect(stdout).toContain(`::notice file=${reviews},line=6,col=5,title=lint/no-readiness-probe::`);
  });
});
