import { describe, expect, it } from 'vitest';
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

  it.each([[[]], [['--dry-run']]])('renders nothing where the manifests are not checked out, with %j', async (more) => {
    const { mesh, workspace } = await ground('releases');
    const head = workspace.head;
    const { code, stdout, stderr } = await mesh.pass(workspace, ...more);
    expect(code, stdout).toBe(2);
    const said = stdout + stderr;
    expect(said).toContain(
      'Cannot change rendered/details/manifests.yaml as a file of the repository: it is not checked out',
    );
    expect(said).toContain('git sparse-checkout add');
    expect(workspace.git('diff', '--name-only', head, 'HEAD', '--', 'rendered')).toBe('');
  });
});

/** Three releases, rendered, of which these folders alone are checked out. */
async function ground(...folders: readonly string[]) {
  const mesh = await Mesh.start();
  const services = names.flatMap((name) => [`${name}-v1`, `${name}-v2`]);
  mesh.services(Object.fromEntries(services.map((service) => [service, 0.001])));
  const values = (name: string) => (reviewsValues + evaluationValues).replaceAll('reviews', name);
  const releases = names.map((name) => [`releases/${name}/values.yaml`, values(name)]);
  const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, ...Object.fromEntries(releases) });
  workspace.git('sparse-checkout', 'set', '--cone', ...folders);
  return { mesh, workspace };
}
