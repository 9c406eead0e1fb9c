import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ScratchRepository } from '../gitops/scratch-repository.js';
import { hashOf, scratchFolder, sluice } from './workspace.js';

const files = [
  '.gitignore',
  'README.md',
  'argocd/applicationset.yaml',
  'cdk8s.yaml',
  'flux/kustomization.yaml',
  'releases/reviews/values.yaml',
  'rendered/.sluice-inventory',
  'rendered/reviews/manifests.yaml',
  'sluice.yaml',
  'values.schema.json',
];

beforeEach(() => {
  const global = join(scratchFolder(), 'gitconfig');
  writeFileSync(global, '[user]\n\tname = Ada\n\temail = ada@example.test\n');
  vi.stubEnv('GIT_CONFIG_GLOBAL', global);
  vi.stubEnv('GIT_CONFIG_SYSTEM', '/dev/null');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('init()', () => {
  it('makes a repository of its files in one commit, in a folder that is not there yet', async () => {
    const cwd = scratchFolder();
    const { code, stdout, stderr } = await sluice(['init', 'new/shop', '--yes'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual(files);
    expect(stderr).toMatch(/^committed 10 files to .*shop as [0-9a-f]{10}\nnext: /);
    const git = gitIn(join(cwd, 'new/shop'));
    expect(git('ls-files').split('\n')).toEqual(files);
    expect(git('rev-list', '--count', 'HEAD')).toBe('1');
    expect(git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(git('status', '--porcelain', '--ignored')).toBe('');
  });

  it('makes one of the folder that it runs in', async () => {
    const cwd = scratchFolder();
    expect(await sluice(['init', '-y'], { cwd })).toMatchObject({ code: 0 });
    expect(gitIn(cwd)('ls-files').split('\n')).toEqual(files);
  });

  it('lists its files without --yes, and writes nothing', async () => {
    const cwd = scratchFolder();
    const { code, stdout, stderr } = await sluice(['init', 'shop'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual(files);
    expect(stderr).toBe('nothing was written; add --yes to write and commit these files\n');
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each([[['--yes']], [[]]])('overwrites nothing: it refuses and names what is there (%j)', async (yes) => {
    const cwd = scratchFolder();
    for (const path of ['sluice.yaml', 'releases/reviews/values.yaml']) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), 'mine\n');
    }
    const before = hashOf(cwd);
    const { code, stdout, stderr } = await sluice(['init', '.', ...yes], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('without overwriting: releases/reviews/values.yaml, sluice.yaml\n  hint: ');
    expect(hashOf(cwd)).toBe(before);
    expect(existsSync(join(cwd, '.git'))).toBe(false);
  });

  it('adds one commit to a repository that exists, and leaves what is not its own', async () => {
    const repository = new ScratchRepository({ 'src/app.ts': '1' });
    repository.write('src/app.ts', '2');
    repository.git('add', 'src/app.ts');
    repository.write('src/new.ts', '3');
    const status = repository.status();
    expect(await sluice(['init', '--yes'], { cwd: repository.root })).toMatchObject({ code: 0 });
    expect(repository.status()).toEqual(status);
    expect(repository.git('show', '--format=', '--name-only', 'HEAD').split('\n')).toEqual(files);
    expect(repository.git('rev-list', '--count', 'HEAD')).toBe('2');
  });

  it('makes no repository inside a repository', async () => {
    const repository = new ScratchRepository({ 'src/app.ts': '1' });
    expect(await sluice(['init', 'deploy', '--yes'], { cwd: repository.root })).toMatchObject({ code: 0 });
    expect(existsSync(join(repository.root, 'deploy/.git'))).toBe(false);
    expect(repository.git('ls-files', 'deploy').split('\n')).toEqual(files.map((path) => `deploy/${path}`));
    const applications = readFileSync(join(repository.root, 'deploy/argocd/applicationset.yaml'), 'utf8');
    expect(applications).toContain('path: deploy/releases/**/values.yaml');
    expect(applications).toContain('path: deploy/rendered/{{ join "/" (slice .path.segments 2) }}');
    const flux = readFileSync(join(repository.root, 'deploy/flux/kustomization.yaml'), 'utf8');
    expect(flux).toContain('path: ./deploy/rendered');
    expect(repository.status()).toEqual([]);
  });

  it.each([[['--yes']], [[]]])('warns of a workspace in a workspace (%j)', async (yes) => {
    const cwd = scratchFolder();
    await sluice(['init', 'shop', '--yes'], { cwd });
    const { code, stderr } = await sluice(['init', 'apps/deep', ...yes], { cwd: join(cwd, 'shop') });
    expect(code).toBe(0);
    expect(stderr).toContain(
      `warning: ${join(cwd, 'shop/apps/deep')} lies inside of a workspace: there is ${join(cwd, 'shop/sluice.yaml')}\n  hint: `,
    );
    expect((await sluice(['init', 'other'], { cwd })).stderr).not.toContain('warning');
  });

  it('keeps a README and a .gitignore that are there', async () => {
    const repository = new ScratchRepository({ 'README.md': 'mine\n', '.gitignore': 'mine/\n' });
    const { code, stdout } = await sluice(['init', '--yes'], { cwd: repository.root });
    expect({ code, stdout: stdout.split('\n').includes('README.md') }).toEqual({ code: 0, stdout: false });
    expect([repository.read('README.md'), repository.read('.gitignore')]).toEqual(['mine\n', 'mine/\n']);
    expect(repository.exists('sluice.yaml')).toBe(true);
  });

  it('says why there can be no folder', async () => {
    const repository = new ScratchRepository({ file: '' });
    const { code, stderr } = await sluice(['init', 'file/shop', '--yes'], { cwd: repository.root });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^sluice: Cannot make the folder file\/shop for a repository: ENOTDIR\n {2}hint: Name a folder/,
    );
    expect(repository.status()).toEqual([]);
  });

  it('says who has to be named where git does not know who commits', async () => {
    const cwd = scratchFolder();
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
    for (const name of ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'EMAIL']) {
      vi.stubEnv(name, undefined);
    }
    // An identity that git makes up from the machine's names does not count here.
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'user.useConfigOnly');
    vi.stubEnv('GIT_CONFIG_VALUE_0', 'true');
    const { code, stderr } = await sluice(['init', 'shop', '--yes'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('hint: Say who commits: git config user.name NAME and git config user.email ADDRESS');
    expect(readdirSync(join(cwd, 'shop'))).toEqual(['.git']);
  });
});

describe('the repository that init() makes', () => {
  it('is rendered, and ready for a pass', async () => {
    const cwd = scratchFolder();
    await sluice(['init', '--yes'], { cwd });
    const before = hashOf(cwd);
    expect(await sluice(['synth'], { cwd })).toMatchObject({ code: 0, stderr: expect.stringContaining(' 0 files') });
    expect(await sluice(['evaluate'], { cwd })).toEqual({
      code: 0,
      stdout: 'reviews: nothing to decide\n  no candidate waits for an analysis\n',
      stderr: '',
    });
    expect(hashOf(cwd)).toBe(before);
    const added = await sluice(['candidate', 'reviews', '--image', 'registry.example/reviews:v2'], { cwd });
    expect(added).toMatchObject({ code: 0 });
  });

  it('holds the schema that sluice prints', async () => {
    const cwd = scratchFolder();
    await sluice(['init', '--yes'], { cwd });
    const { stdout } = await sluice(['schema'], { cwd });
    expect(readFileSync(join(cwd, 'values.schema.json'), 'utf8')).toBe(stdout);
  });

  it('has Argo CD and Flux apply what lies in rendered/', async () => {
    const cwd = scratchFolder();
    await sluice(['init', '--yes'], { cwd });
    const { spec } = parse(readFileSync(join(cwd, 'argocd/applicationset.yaml'), 'utf8'));
    const [{ git }] = spec.generators;
    expect(git.files).toEqual([{ path: 'releases/**/values.yaml' }]);
    const { source, syncPolicy } = spec.template.spec;
    // The path of a release is its identity: releases/team/reviews is rendered to rendered/team/reviews.
    expect(source.path).toBe('rendered/{{ join "/" (slice .path.segments 1) }}');
    expect(source.repoURL).toBe(git.repoURL);
    expect(spec.syncPolicy.preserveResourcesOnDeletion).toBe(true);
    expect(syncPolicy.syncOptions).toEqual(['ApplyOutOfSyncOnly=true', 'CreateNamespace=true']);
    // Argo CD makes the namespace of the destination and no other.
    expect(spec.template.spec.destination.namespace).toBe('default');
    expect(spec.template.metadata.annotations).toEqual({ 'argocd.argoproj.io/manifest-generate-paths': '.' });
    expect(syncPolicy.retry.refresh).toBe(true);

    const flux = parseAllDocuments(readFileSync(join(cwd, 'flux/kustomization.yaml'), 'utf8'));
    const [repository, kustomization] = flux.map((document) => document.toJS());
    expect(repository.kind).toBe('GitRepository');
    expect(kustomization).toMatchObject({ kind: 'Kustomization', spec: { path: './rendered', wait: false } });
    expect(kustomization.spec.sourceRef).toEqual({ kind: 'GitRepository', name: repository.metadata.name });
  });

  it.each(['manifests', 'helm'])('has nothing that validate finds, with render: %s', async (render) => {
    const cwd = scratchFolder();
    await sluice(['init', '--yes', '--render', render], { cwd });
    expect(await sluice(['validate', '--strict'], { cwd })).toMatchObject({
      code: 0,
      stdout: '1 values file: no findings\n',
    });
  });

  it('has its one release judged by threshold and moved in steps', async () => {
    const cwd = scratchFolder();
    await sluice(['init', '--yes'], { cwd });
    const { analysis, rollout } = parse(readFileSync(join(cwd, 'releases/reviews/values.yaml'), 'utf8'));
    expect({ judge: analysis.judge, policy: rollout.policy }).toEqual({ judge: 'threshold', policy: 'steps' });
  });
});

function gitIn(folder: string) {
  return (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trimEnd();
}
