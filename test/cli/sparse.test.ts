import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../gitops/scratch-repository.js';
import { Mesh } from './mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from './workspace.js';

const names = ['details', 'ratings', 'reviews'];
const inventory = 'rendered/.sluice-inventory';

describe('sluice evaluate in a sparse checkout', () => {
  it('keeps in the inventory what is not checked out', async () => {
    const { mesh, workspace } = await ground('releases/reviews', 'rendered/reviews');
    const before = workspace.read(inventory);
    const { code, stdout, stderr } = await mesh.pass(workspace);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
    expect(workspace.read(inventory)).toBe(before);
    for (const name of names) expect(before).toContain(`${name}/manifests.yaml\n`);
  });

  it('does not take a release that is not checked out for one that is gone', async () => {
    const { mesh, workspace } = await ground('releases/reviews', 'rendered');
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
    expect(workspace.exists('rendered/details/manifests.yaml')).toBe(true);
  });

  it('still takes out of the inventory what is gone', async () => {
    const { mesh, workspace } = await ground('releases/reviews', 'rendered/reviews');
    workspace.git('rm', '--quiet', '-r', '--sparse', 'releases/details', 'rendered/details');
    workspace.git('commit', '--quiet', '--message', 'feat: no details');
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(workspace.read(inventory)).not.toContain('details');
    expect(workspace.read(inventory)).toContain('ratings/manifests.yaml\nreviews/manifests.yaml\n');
  });

  it('commits manifests that are not checked out, also those of a release that is new, and lists them', async () => {
    const { mesh, workspace } = await ground('releases');
    workspace.replace('releases/reviews/values.yaml', 'reviews:v1', 'reviews:v1.1');
    workspace.write('releases/search/values.yaml', reviewsValues.replaceAll('reviews', 'search'));
    workspace.git('add', 'releases');
    workspace.git('commit', '--quiet', '--message', 'feat: search');
    await inOrder(mesh, workspace);
    expect(workspace.subjects(3)).toContain('chore(search): render the values');
    expect(workspace.git('show', `HEAD:${inventory}`)).toContain('search/manifests.yaml');
    expect(workspace.git('show', 'HEAD:rendered/reviews/manifests.yaml')).toContain('reviews:v1.1');
    expect(workspace.exists('rendered/details')).toBe(false);
  });

  it('refuses manifests that are not checked out where hooks have git make the commits', async () => {
    const { mesh, workspace } = await three();
    mesh.flow(workspace);
    workspace.git('sparse-checkout', 'set', '--cone', 'releases');
    workspace.repository.hook('commit-msg', 'exit 0');
    const { head } = workspace;
    const { code, stdout } = await mesh.pass(workspace, 'reviews');
    expect(code).toBe(2);
    expect(stdout).toContain('Cannot change rendered/reviews/manifests.yaml as a file of the repository');
    expect(stdout).toContain('git sparse-checkout add');
    expect(workspace.head).toBe(head);
  });

  it('says what to do where no release is checked out', async () => {
    const { mesh, workspace } = await ground('rendered');
    const { code, stderr } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no folder releases');
    expect(stderr).toContain('git sparse-checkout add releases');
  });

  it('goes by the status that is not checked out, where a pattern leaves out that alone', async () => {
    const { mesh, workspace } = await ground('releases', 'rendered');
    await mesh.pass(workspace);
    // git leaves what it has not looked at since.
    workspace.git('status');
    workspace.git('sparse-checkout', 'set', '--no-cone', '/*', '!status.yaml', '!ledger.jsonl');
    expect(workspace.exists('releases/reviews/status.yaml')).toBe(false);
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('reviews: candidate reviews-v2 5 % → 50 %');
    expect(workspace.git('show', 'HEAD:releases/reviews/status.yaml')).toContain('iteration: 2');
    expect(workspace.git('status', '--porcelain')).toBe('');
  });
});

describe('sluice synth in a sparse checkout', () => {
  it('keeps in the inventory what is not checked out, and removes none of it', async () => {
    const { workspace } = await ground('releases/reviews', 'rendered');
    const { code, stderr } = await workspace.run('synth');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '1 release in rendered/, 0 files changed\n' });
    expect(workspace.repository.status()).toEqual([]);
  });

  it('writes nothing outside of it, and says what would have to be', async () => {
    const { workspace } = await ground('releases');
    expect(await workspace.run('synth')).toMatchObject({ code: 0 });
    workspace.replace('releases/reviews/values.yaml', 'reviews:v1', 'reviews:v1.1');
    const { code, stderr } = await workspace.run('synth');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'Cannot change rendered/reviews/manifests.yaml as a file of the repository: it is not checked out',
    );
    expect(workspace.repository.status()).toEqual([' M releases/reviews/values.yaml']);
  });
});

describe.each([
  ['local', 'a shallow clone', ['--depth', '1'], []],
  ['push', 'a shallow clone', ['--depth', '1'], []],
  ['local', 'one release', ['--filter=blob:none', '--sparse'], ['releases/reviews', 'rendered/reviews']],
  ['push', 'one release', ['--filter=blob:none', '--sparse'], ['releases/reviews', 'rendered/reviews']],
  ['local', 'one release without its manifests', ['--filter=blob:none', '--sparse'], ['releases/reviews']],
  ['push', 'one release without its manifests', ['--filter=blob:none', '--sparse'], ['releases/reviews']],
  ['local', 'the releases alone', ['--depth', '1', '--filter=blob:none', '--sparse'], ['releases']],
  ['push', 'the releases alone', ['--depth', '1', '--filter=blob:none', '--sparse'], ['releases']],
] as const)('with %s, in a clone of %s, sluice', (backend, _, options, folders) => {
  it('decides, pauses, rolls back and tells as in a whole one', async () => {
    const { mesh, workspace, clone, origin } = await cloned({ backend, options, folders });
    const seen = clone
      .git('ls-files', '-t')
      .split('\n')
      .filter((line) => line.startsWith('S '));
    expect(seen.length > 0).toBe(folders.length > 0);

    mesh.flow(workspace);
    await inOrder(mesh, clone, 'reviews');
    expect(clone.subjects().at(-1)).toBe('chore(reviews): candidate reviews-v2 0 % → 5 %');
    expect(await clone.ran('pause', 'reviews')).toContain('rollout.override.action: pause');
    expect(await clone.ran('resume', 'reviews')).toContain('rollout.override removed');
    expect(await clone.ran('status', 'reviews')).toContain('reviews-v2 5 %');
    expect(await clone.ran('status')).not.toContain('Broken');
    expect(await clone.ran('history', 'reviews')).toContain('candidate reviews-v2 0 % → 5 %');
    expect(await clone.ran('diff')).not.toContain('removed');
    expect(await clone.run('validate')).toMatchObject({ code: 0 });
    expect(await clone.run('validate', '--against', 'HEAD')).toMatchObject({ code: 0 });
    expect(await clone.ran('rollback', 'reviews')).toContain('roll back reviews-v2 5 % → 0 %');
    expect(await clone.ran('candidate', 'reviews', '--image', 'registry.example/reviews:v3')).toContain(
      'added reviews-v3',
    );

    expect(clone.repository.status()).toEqual([]);
    const now = clone
      .git('ls-files', '-t')
      .split('\n')
      .filter((line) => line.startsWith('S '));
    expect(now).toEqual(seen);
    if (backend === 'push') expect(clone.git('ls-remote', 'origin', 'refs/heads/main')).toContain(clone.head);
    else clone.git('push', '--quiet', 'origin', 'main');
    await isRendered(origin);
  });
});

/** Runs a pass that must succeed. */
async function inOrder(mesh: Mesh, workspace: ScratchWorkspace, ...argv: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await mesh.pass(workspace, ...argv);
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
}

/** In a whole clone, nothing is left to render, and every release is as it was or as was decided. */
async function isRendered(origin: string): Promise<void> {
  const whole = new ScratchWorkspace({}, { clone: [origin] });
  const { code, stderr } = await whole.run('synth');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '3 releases in rendered/, 0 files changed\n' });
  expect(await whole.ran('status')).toContain('reviews-v3');
}

/** Three releases, rendered, of which these folders alone are checked out. */
async function ground(...folders: readonly string[]) {
  const { mesh, workspace } = await three();
  workspace.git('sparse-checkout', 'set', '--cone', ...folders);
  return { mesh, workspace };
}

async function three(settings = '') {
  const mesh = await Mesh.start();
  const services = names.flatMap((name) => [`${name}-v1`, `${name}-v2`]);
  mesh.services(Object.fromEntries(services.map((service) => [service, 0.001])));
  const values = (name: string) => (reviewsValues + evaluationValues).replaceAll('reviews', name);
  const releases = names.map((name) => [`releases/${name}/values.yaml`, values(name)]);
  const files = { 'sluice.yaml': mesh.project + settings, ...Object.fromEntries(releases) };
  return { mesh, workspace: await ScratchWorkspace.rendered(files) };
}

interface Cloning {
  readonly backend: string;
  readonly options: readonly string[];
  readonly folders: readonly string[];
}

/** A real clone of three releases on a server that sends only what is asked for. */
async function cloned({ backend, options, folders }: Cloning) {
  const { mesh, workspace } = await three(`git: {backend: ${backend}}\n`);
  const origin = `file://${scratchFolder()}/origin.git`;
  const bare = origin.slice('file://'.length);
  workspace.git('clone', '--quiet', '--bare', '.', bare);
  workspace.git('-C', bare, 'config', 'uploadpack.allowFilter', 'true');
  const clone = new ScratchWorkspace({}, { clone: [...options, origin] });
  if (folders.length > 0) clone.git('sparse-checkout', 'set', '--cone', ...folders);
  return { mesh, workspace, clone, origin };
}
