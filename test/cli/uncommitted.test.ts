import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../gitops/scratch-repository.js';
import { Mesh } from './mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from './workspace.js';

const ratings = 'releases/ratings/values.yaml';
const search = 'releases/search/values.yaml';

describe('sluice evaluate, where a person has changed files and not committed them', () => {
  it.each(['local', 'push'])('leaves their releases out and goes on with the others, with %s', async (backend) => {
    const { mesh, workspace } = await ground(backend);
    workspace.replace(ratings, 'ratings:v1', 'ratings:v1.1');
    workspace.write(search, valuesOf('search'));
    const before = workspace.repository.status();
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(2);
    expect(stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(stdout).toContain(`Cannot use ${ratings} as a release that is committed: ${ratings} differs from HEAD`);
    expect(stdout).toContain(`${search} differs from HEAD\n    hint: Commit these changes, or set them aside`);
    expect(workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
    expect(workspace.repository.status()).toEqual(before);
    if (backend === 'push') expect(workspace.git('ls-remote', 'origin', 'main')).toContain(workspace.head);
  });

  it.each(['local', 'push'])(
    'writes no manifests that differ, and lets the others be decided on, with %s',
    async (backend) => {
      const { mesh, workspace } = await ground(backend);
      workspace.replace('rendered/ratings/manifests.yaml', 'ratings:v1', 'ratings:v1.1');
      const { code, stdout } = await mesh.pass(workspace);
      expect(code, stdout).toBe(2);
      expect(stdout).toContain('ratings: could not run');
      expect(stdout).toContain('as a clean working tree: rendered/ratings/manifests.yaml differs from HEAD');
      expect(workspace.subjects(2)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
      expect(workspace.repository.status()).toEqual([' M rendered/ratings/manifests.yaml']);
    },
  );

  it('decides nothing whose manifests would take the place of a file of a person', async () => {
    const { mesh, workspace } = await ground();
    workspace.commit({
      'rendered/.sluice-inventory': workspace.read('rendered/.sluice-inventory').replace(/ratings.*\n/, ''),
      'rendered/ratings/manifests.yaml': 'kind: Mine\n',
    });
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(2);
    expect(stdout).toContain('Cannot render to rendered/ratings/manifests.yaml without overwriting');
    expect(workspace.subjects(3)).toEqual(['chore(reviews): candidate reviews-v2 0 % → 5 %']);
    expect((await workspace.run('rollback', 'ratings')).stderr).toContain('sluice did not write it');

    workspace.replace('releases/reviews/values.yaml', 'reviews:v1', 'reviews:v1.1');
    const written = await workspace.run('synth');
    expect(written.code).toBe(2);
    expect(written.stderr).toContain('wrote rendered/reviews/manifests.yaml');
    expect(written.stderr).toContain('Cannot render to rendered/ratings/manifests.yaml without overwriting');
    expect(workspace.read('rendered/.sluice-inventory')).not.toContain('ratings');
    expect(workspace.read('rendered/ratings/manifests.yaml')).toBe('kind: Mine\n');
  });

  it('minds no other file beside the values', async () => {
    const { mesh, workspace } = await ground();
    workspace.write('releases/ratings/README.md', 'mine\n');
    workspace.write('notes.txt', 'mine\n');
    const { code, stdout } = await mesh.pass(workspace);
    expect(code, stdout).toBe(0);
    expect(workspace.subjects(2)).toHaveLength(2);
    expect(workspace.repository.status()).toEqual(['?? notes.txt', '?? releases/ratings/README.md']);
  });

  it('says the same in a dry run', async () => {
    const { mesh, workspace } = await ground();
    workspace.replace(ratings, 'ratings:v1', 'ratings:v1.1');
    const before = workspace.fingerprint();
    const { code, stdout } = await mesh.pass(workspace, '--dry-run');
    expect(code).toBe(2);
    expect(stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(stdout).toContain(`${ratings} differs from HEAD`);
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('begins nothing with settings that are not committed, as they count for all', async () => {
    const { mesh, workspace } = await ground();
    workspace.write('sluice.yaml', `${workspace.read('sluice.yaml')}# mine\n`);
    const { code, stderr } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stderr).toContain('sluice.yaml differs from HEAD');
    expect(workspace.subjects(2)).toEqual([]);
  });
});

const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ...['pause', 'rollback', 'promote', 'abort'].map((name) => [name, [name, 'reviews']] as const),
  ['candidate', ['candidate', 'reviews', '--image', 'registry.example/reviews:v3']],
  ['freeze', ['freeze', '--until', '12h']],
];

describe.each(['local', 'push'])('with %s, a command of a person', (backend) => {
  it.each(commands)('%s goes on where other releases differ from HEAD, or are broken', async (_, argv) => {
    const { mesh, workspace } = await ground(backend);
    await mesh.pass(workspace);
    workspace.write('releases/broken/values.yaml', 'environment: [\n');
    workspace.git('add', '--all');
    workspace.git('commit', '--quiet', '--message', 'feat: broken');
    if (backend === 'push') workspace.git('push', '--quiet', 'origin', 'main');
    workspace.write(ratings, 'environment: nowhere\n');
    workspace.write(search, valuesOf('search'));
    const { head } = workspace;
    const { code, stdout, stderr } = await workspace.run(...argv);
    expect(code, stdout + stderr).toBe(0);
    expect(workspace.git('rev-list', '--count', `${head}..HEAD`)).toBe('1');
    expect(workspace.repository.status()).toEqual([` M ${ratings}`, `?? ${search}`]);
  });

  it.each(['values.yaml', 'status.yaml'])('writes nothing to a release whose %s differs', async (name) => {
    const { mesh, workspace } = await ground(backend);
    await mesh.pass(workspace);
    const file = `releases/reviews/${name}`;
    workspace.write(file, `${workspace.read(file)}# mine\n`);
    const before = workspace.fingerprint();
    for (const argv of [
      ['pause', 'reviews'],
      ['rollback', 'reviews'],
      ['rollback', 'reviews', '--to', 'HEAD~1'],
    ]) {
      const { code, stderr } = await workspace.run(...argv);
      expect({ argv, code }).toEqual({ argv, code: 2 });
      expect(stderr).toContain(`${file} differs from HEAD`);
    }
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('with --all goes on with the others', async () => {
    const { workspace } = await ground(backend);
    workspace.write(ratings, `${workspace.read(ratings)}# mine\n`);
    const { code, stdout, stderr } = await workspace.run('pause', '--all');
    expect(code).toBe(2);
    expect(stdout).toContain('reviews: pause');
    expect(stderr).toContain(`${ratings} differs from HEAD`);
    expect(workspace.repository.status()).toEqual([` M ${ratings}`]);
  });
});

describe('a release that is broken', () => {
  it.each([
    ['environment: [\n', 'YAML'],
    [`${valuesOf('ratings')}colour: blue\n`, 'colour: is no known key'],
  ])('stops no other one: %j', async (text, says) => {
    const { mesh, workspace } = await ground();
    workspace.commit({ [ratings]: text });
    const passed = await mesh.pass(workspace);
    expect(passed.code).toBe(2);
    expect(passed.stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(passed.stdout).toContain(`${ratings}:`);
    expect(passed.stdout).toContain(says === 'YAML' ? 'ratings: could not run' : says);

    const shown = await workspace.run('status');
    expect(shown.code).toBe(2);
    expect(shown.stdout).toMatch(/^ratings +Broken/m);
    expect(shown.stdout).toMatch(/^reviews +Progressing +reviews-v1 +reviews-v2 5 %/m);

    const kept = workspace.read('rendered/ratings/manifests.yaml');
    workspace.replace('releases/reviews/values.yaml', 'reviews:v1', 'reviews:v1.1');
    const written = await workspace.run('synth');
    expect(written.code).toBe(2);
    expect(written.stderr).toContain('wrote rendered/reviews/manifests.yaml');
    expect(workspace.read('rendered/ratings/manifests.yaml')).toBe(kept);
  });
});

function valuesOf(name: string): string {
  return (reviewsValues + evaluationValues).replaceAll('reviews', name);
}

/** Two releases with a candidate each, in a repository that has a server where commits are pushed. */
async function ground(backend = 'local') {
  const mesh = await Mesh.start();
  mesh.services(
    Object.fromEntries(['ratings-v1', 'ratings-v2', 'reviews-v1', 'reviews-v2'].map((each) => [each, 0.001])),
  );
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': `${mesh.project}git: {backend: ${backend}}\n`,
    [ratings]: valuesOf('ratings'),
    'releases/reviews/values.yaml': valuesOf('reviews'),
  });
  if (backend === 'push') {
    const bare = scratchFolder();
    workspace.git('init', '--quiet', '--bare', '--initial-branch=main', bare);
    workspace.git('remote', 'add', 'origin', bare);
    workspace.git('push', '--quiet', 'origin', 'main');
  }
  return { mesh, workspace };
}
