import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ScratchRepository } from '../gitops/scratch-repository.js';
import { Mesh } from './mesh.js';
import { evaluationValues, ScratchWorkspace, sluice } from './workspace.js';

const folder = 'releases/team/reviews';
const valuesFile = `${folder}/values.yaml`;

const values = `# Reviews of books.
environment: istio
application:
  port: 9080
  strategy: blue-green
  primary: reviews-v1
  versions:
  - metadata: {name: reviews-v1}
    image: registry.example/reviews:v1
    weight:   100   # percent
  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    weight: 0
${evaluationValues}`;

let mesh: Mesh;
let workspace: ScratchWorkspace;
let start: string;

// A chart takes seconds to generate, and every test starts with the same.
beforeAll(async () => {
  workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': 'render: helm\n', [valuesFile]: values });
  start = workspace.head;
}, 60_000);

beforeEach(async () => {
  mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
  workspace.reset(start);
  workspace.commit({ 'sluice.yaml': `render: helm\n${mesh.project}` });
});

describe('synth() with render: helm', () => {
  it('makes a chart of the folder of a release, and renders nothing', () => {
    const files = workspace.git('ls-files').split('\n');
    expect(files).toEqual(
      expect.arrayContaining(
        [
          '.helmignore',
          '.sluice-inventory',
          'Chart.yaml',
          'templates/_release.tpl',
          'templates/virtualservice.yaml',
        ].map((path) => `${folder}/${path}`),
      ),
    );
    expect(files.filter((path) => path.startsWith('rendered/'))).toEqual([]);
    expect(workspace.read(valuesFile)).toBe(values);
    expect(parse(workspace.read(`${folder}/Chart.yaml`)).name).toBe('reviews');
  });

  it('keeps out of the chart what the evaluator and sluice itself keep there', () => {
    const ignored = workspace.read(`${folder}/.helmignore`).split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['status.yaml', 'ledger.jsonl', '.sluice-*']));
  });

  it('changes nothing where only values did, and restores what a person changed', async () => {
    workspace.replace(valuesFile, 'weight: 0', 'weight: 50');
    expect(await workspace.run('synth')).toMatchObject({ stderr: '1 release in releases/, 0 files changed\n' });
    workspace.write(`${folder}/templates/virtualservice.yaml`, 'mine');
    workspace.remove(`${folder}/Chart.yaml`);
    await workspace.ran('synth');
    expect(workspace.git('status', '--porcelain')).toBe(` M ${valuesFile}`);
  });

  it('tells of a null that Helm 4 drops from the values of a chart', async () => {
    workspace.replace(valuesFile, '  port: 9080', '  port: 9080\n  deployment: {spec: {replicas: null}}');
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(0);
    expect(stderr).toContain('application.deployment.spec.replicas: is null, which Helm 4 drops');
  });

  it('removes the chart of a release whose values are gone, and what is not its own stays', async () => {
    workspace.write(`${folder}/notes.md`, 'mine');
    workspace.remove(valuesFile);
    await workspace.ran('synth');
    expect(
      workspace.git('ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate').split('\n'),
    ).toContain(`${folder}/notes.md`);
    expect(workspace.exists(`${folder}/templates`)).toBe(false);
    expect(workspace.exists(`${folder}/.sluice-inventory`)).toBe(false);
  });

  it('refuses to overwrite a file that it did not write', async () => {
    workspace.commit({
      'releases/shop/values.yaml': values.replaceAll('reviews', 'shop'),
      'releases/shop/Chart.yaml': 'mine',
    });
    const before = workspace.fingerprint();
    const { code, stderr } = await workspace.run('synth');
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Cannot write a chart to releases/shop/Chart.yaml without overwriting'),
    });
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('refuses names that no release of Helm can have, each of them, and writes the other charts', async () => {
    const long = ['n', 'm'].map((letter) => letter.repeat(54));
    for (const [i, name] of long.entries()) {
      workspace.write(`releases/${name}/values.yaml`, values.replaceAll('reviews', `shop-${i}`));
    }
    workspace.remove(`${folder}/Chart.yaml`);
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    for (const name of long) {
      expect(stderr).toContain(`${name} has 54 characters, and Helm takes 53`);
      expect(workspace.exists(`releases/${name}/Chart.yaml`)).toBe(false);
    }
    expect(stderr).toContain(`wrote ${folder}/Chart.yaml\n`);
    expect(workspace.git('status', '--porcelain', '--', folder)).toBe('');
  });

  it('refuses a release inside the folder of another', async () => {
    workspace.commit({ [`${folder}/templates/values.yaml`]: values.replaceAll('reviews', 'shop') });
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toContain(`Cannot use the folder of ${folder}/templates/values.yaml as a chart: it lies in that of`);
  });
});

describe('evaluate() with render: helm', () => {
  it('changes one line per version whose weight changes, beside status and ledger', async () => {
    for (const shares of [
      [100, 0],
      [95, 5],
      [50, 50],
    ] as const)
      await pass(shares);
    expect(workspace.subjects(3)).toEqual([
      'chore(reviews): candidate reviews-v2 0 % → 5 %',
      'chore(reviews): candidate reviews-v2 5 % → 50 %',
      'chore(reviews): promote reviews-v2',
    ]);
    const numstat = (commit: string) => workspace.git('diff', '--numstat', `${commit}~`, commit).split('\n');
    const beside = (lines: string[]) => lines.map((line) => line.split('\t')[2]).filter((path) => path !== valuesFile);
    for (const step of ['HEAD~2', 'HEAD~1']) {
      expect(numstat(step)).toContain(`2\t2\t${valuesFile}`);
      const recorded = step === 'HEAD~2' ? ['status.yaml'] : ['ledger.jsonl', 'status.yaml'];
      expect(beside(numstat(step))).toEqual(recorded.map((name) => `${folder}/${name}`));
    }
    // Two weights, and the primary.
    expect(numstat('HEAD')).toContain(`3\t3\t${valuesFile}`);
    const lines = workspace.git('diff', '--unified=0', 'HEAD~3', 'HEAD~2', '--', valuesFile).split('\n').slice(4);
    expect(lines.filter((line) => !line.startsWith('@@'))).toEqual([
      '-    weight:   100   # percent',
      '+    weight:   95   # percent',
      '-    weight: 0',
      '+    weight: 5',
    ]);
  });

  it('commits the chart of another environment, apart from what it decides', async () => {
    workspace.commit({ [valuesFile]: values.replace('blue-green', 'mirror') });
    await pass([100, 0]);
    expect(workspace.subjects(4)).toEqual([
      'chore(reviews): candidate reviews-v2, copies 0 % → 5 %',
      'chore(team/reviews): write the chart of its values',
    ]);
    const changed = workspace.git('show', '--format=', '--name-only', 'HEAD').split('\n');
    expect(changed).toContain(`${folder}/.sluice-inventory`);
    expect(changed).not.toContain(valuesFile);
    expect(workspace.repository.status()).toEqual([]);
  });

  it('removes the chart of a release whose values are gone, in a commit', async () => {
    workspace.remove(valuesFile);
    workspace.commit({});
    expect(await workspace.ran('evaluate')).toContain('team/reviews: remove the chart of a release that is gone');
    expect(workspace.exists(folder)).toBe(false);
  });

  it('goes on where a person’s file stands in the way of a chart', async () => {
    workspace.commit({
      'releases/shop/values.yaml': values.replaceAll('reviews', 'shop'),
      'releases/shop/README.md': 'mine',
    });
    const { code, stdout } = await pass([100, 0]);
    expect(code).toBe(2);
    expect(stdout).toContain('shop: could not run\n  Cannot write a chart to releases/shop/README.md');
    expect(workspace.subjects(4)).toContain('chore(reviews): candidate reviews-v2 0 % → 5 %');
  });
});

describe('candidate() with render: helm', () => {
  it('changes the values alone', async () => {
    await workspace.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v3');
    expect(workspace.git('show', '--format=', '--name-only', 'HEAD')).toBe(valuesFile);
  });
});

describe('init() with --render helm', () => {
  it('makes a repository of charts, with definitions for Argo CD and Flux, ready for a pass', async () => {
    const repository = new ScratchRepository({ 'src/app.ts': '1' });
    const cwd = repository.root;
    expect(await sluice(['init', 'deploy', '--yes', '--render', 'helm'], { cwd })).toMatchObject({ code: 0 });
    const deploy = `${cwd}/deploy`;
    expect(await sluice(['synth'], { cwd: deploy })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(' 0 files'),
    });
    expect(await sluice(['evaluate'], { cwd: deploy })).toMatchObject({ code: 0 });
    expect(repository.status()).toEqual([]);
    expect(repository.exists('deploy/rendered')).toBe(false);
    expect(repository.exists('deploy/flux/kustomization.yaml')).toBe(false);

    const { spec } = parse(repository.read('deploy/argocd/applicationset.yaml'));
    expect(spec.generators[0].git.files).toEqual([{ path: 'deploy/releases/**/values.yaml' }]);
    expect(spec.template.spec.source).toMatchObject({
      path: '{{ .path.path }}',
      helm: { releaseName: '{{ .path.basename }}' },
    });
    expect(spec.template.spec.destination.namespace).toBe('default');
    expect(spec.template.spec.syncPolicy.syncOptions).toEqual(['ApplyOutOfSyncOnly=true', 'CreateNamespace=true']);
    expect(spec.template.metadata.annotations).toEqual({ 'argocd.argoproj.io/manifest-generate-paths': '.' });

    expect(repository.read('deploy/flux/sluice.yaml')).toContain('path: ./deploy/flux/releases\n');
    const { metadata, spec: flux } = parse(repository.read('deploy/flux/releases/reviews.yaml'));
    expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
    const retried = { disableWait: true, strategy: { name: 'RetryOnFailure', retryInterval: '1m' } };
    expect(flux).toMatchObject({
      releaseName: 'reviews',
      driftDetection: { mode: 'enabled' },
      targetNamespace: 'default',
      chart: { spec: { chart: './deploy/releases/reviews', reconcileStrategy: 'Revision' } },
      install: { ...retried, createNamespace: true },
      upgrade: retried,
    });
    // Rolling back beside sluice would undo what Git says.
    for (const action of [flux.install, flux.upgrade]) expect(action).not.toHaveProperty('remediation');
  });

  it('refuses another word', async () => {
    const { code, stderr } = await sluice(['init', '--render', 'kustomize'], { cwd: workspace.folder });
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot render kustomize as asked');
  });
});

/** Lets the shares be answered for two minutes, then runs one pass. */
function pass([primary, candidate]: readonly [number, number]) {
  mesh.simulator.route('default', {
    rate: 100,
    shares: { 'reviews-v1': primary, 'reviews-v2': candidate },
    mirrors: {},
  });
  return mesh.pass(workspace);
}
