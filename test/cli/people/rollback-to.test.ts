import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { file, Ground, renderings, values } from './ground.js';

describe.each(renderings)('rollback() --to with render: %s', (render) => {
  it('brings the values back and renders them, and no pass undoes it', async () => {
    const ground = await Ground.start(render);
    const { workspace } = ground;
    const start = workspace.head;
    await ground.passes(3);
    const said = await ground.ran('rollback', 'reviews', '--to', start.slice(0, 12), '--reason', 'outage');
    expect(said).toMatch(
      new RegExp(
        `^reviews: roll back to ${start.slice(0, 10)}\n {2}Ada went back to ${start.slice(0, 10)}: outage\n[\\s\\S]*primary: reviews-v2 → reviews-v1`,
      ),
    );
    expect(workspace.read(file)).toBe(values);
    expect(ground.status).toMatchObject({
      phase: 'RolledBack',
      primary: 'reviews-v1',
      iteration: 4,
      settled: [{ name: 'reviews-v2', outcome: 'rolled back' }],
    });
    expect(workspace.git('diff', '--name-only', start, 'HEAD', '--', 'rendered', file)).toBe('');
    expect((await ground.stays()).stdout).toContain('nothing to decide');
    expect(await ground.ran('rollback', 'reviews', '--to', start)).toContain('its values are as they were at');
  });
});

describe('rollback() --to', () => {
  it('gives a candidate the share of then, and its analysis goes on from there', async () => {
    const ground = await Ground.start();
    await ground.pass();
    const entered = ground.workspace.head;
    await ground.passes(2);
    await ground.ran('rollback', 'reviews', '--to', entered);
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({ primary: undefined, weights: [95, 5] });
    await ground.pass();
    expect({ phase: ground.status.phase, weights: ground.weights }).toEqual({ phase: 'Progressing', weights: [95, 5] });
  });

  it('keeps a pause of today, and brings none of then back', async () => {
    const ground = await Ground.start();
    await ground.ran('pause', 'reviews', '--reason', 'then');
    const paused = ground.workspace.head;
    await ground.ran('resume', 'reviews');
    await ground.pass();
    await ground.ran('rollback', 'reviews', '--to', paused);
    expect(ground.workspace.read(file)).toBe(values);
    await ground.ran('pause', 'reviews', '--reason', 'today');
    await ground.ran('promote', 'reviews', '--version', 'reviews-v2');
    await ground.ran('rollback', 'reviews', '--to', paused);
    expect(ground.workspace.read(file)).toContain('override: {action: pause, by: Ada, reason: today}');
  });

  it('keeps the freeze of today, and brings none of then back', async () => {
    const ground = await Ground.start();
    const start = ground.workspace.head;
    await ground.ran('freeze', 'reviews', '--reason', 'then');
    const frozen = ground.workspace.head;
    await ground.ran('unfreeze', 'reviews');
    await ground.pass();
    await ground.ran('rollback', 'reviews', '--to', frozen);
    expect(ground.workspace.read(file)).toBe(values);
    await ground.ran('promote', 'reviews', '--version', 'reviews-v2');
    await ground.ran('freeze', 'reviews', '--until', '2023-12-27T08:00:00Z', '--reason', 'today');
    const { freeze } = parse(ground.workspace.read(file)).rollout;
    expect(freeze).toEqual({ until: '2023-12-27T08:00:00Z', by: 'Ada', reason: 'today' });
    const override = '{action: terminate, split: {reviews-v2: 10}}';
    ground.workspace.replace(file, 'rollout: {', `rollout: {override: ${override}, `);
    ground.workspace.commit({});
    await ground.ran('rollback', 'reviews', '--to', start);
    expect(parse(ground.workspace.read(file)).rollout).toEqual({
      ...parse(values).rollout,
      freeze,
      override: parse(override),
    });
  });

  it('keeps a freeze that says nothing of itself', async () => {
    const ground = await Ground.start();
    const start = ground.workspace.head;
    await ground.ran('promote', 'reviews', '--version', 'reviews-v2');
    ground.workspace.replace(file, 'rollout: {', 'rollout: {freeze: {}, ');
    ground.workspace.commit({});
    await ground.ran('rollback', 'reviews', '--to', start);
    expect(parse(ground.workspace.read(file)).rollout.freeze).toEqual({ by: 'a person' });
  });

  it.each([
    ['by git', values],
    [
      'by the name of the release',
      `${values}${'# more\n'.repeat(300)}`.replace('  port', '  metadata: {name: reviews}\n  port'),
    ],
  ])('finds a release that was renamed since: %s', async (_, text) => {
    const named = text.replace(
      '  port',
      text.includes('metadata: {name: reviews}') ? '  port' : '  metadata: {name: reviews}\n  port',
    );
    const ground = await Ground.start('manifests', named);
    const { workspace } = ground;
    const start = workspace.head;
    await ground.pass();
    workspace.git('mv', 'releases/reviews', 'releases/books');
    const changed =
      text === values
        ? workspace.read('releases/books/values.yaml')
        : workspace.read('releases/books/values.yaml').replaceAll('# more\n', '');
    workspace.commit({ 'releases/books/values.yaml': changed });
    await ground.ran('rollback', 'books', '--to', start);
    expect(workspace.read('releases/books/values.yaml')).toBe(named);
    expect(workspace.exists(file)).toBe(false);
  });

  it('mends values that are broken today', async () => {
    const ground = await Ground.start();
    const start = ground.workspace.head;
    await ground.pass();
    ground.workspace.commit({ [file]: 'environment: [', 'releases/reviews/status.yaml': '<<<<<<< HEAD\n' });
    const said = await ground.ran('rollback', 'reviews', '--to', start);
    expect(said).toContain('the values before could not be used');
    expect(ground.workspace.read(file)).toBe(values);
    await ground.stays();
  });

  it('refuses what it cannot bring back, and changes nothing', async () => {
    const ground = await Ground.start();
    const { workspace } = ground;
    const root = workspace.git('rev-list', '--max-parents=0', 'HEAD');
    workspace.commit({ [file]: values.replace('blue-green', 'blue-gren') });
    const broken = workspace.head;
    workspace.commit({ [file]: values, 'releases/ratings/values.yaml': values.replaceAll('reviews', 'ratings') });
    const before = workspace.fingerprint();
    const says = async (...argv: readonly string[]) => (await workspace.run('rollback', ...argv)).stderr;
    expect(await says('reviews', '--to', 'nowhere')).toContain(
      'Cannot roll back to "nowhere" as a commit: git knows none',
    );
    expect(await says('ratings', '--to', root)).toContain(
      `Cannot roll ratings back to ${root.slice(0, 10)}: the release was not there`,
    );
    expect(await says('reviews', '--to', broken)).toMatch(
      new RegExp(`^${broken.slice(0, 10)}:releases/reviews/values\\.yaml:5:13 application\\.strategy: is "blue-gren"`),
    );
    expect(await says('reviews', '--to=--all')).toContain('as a revision');
    expect(await says('--all', '--to', root)).toContain('--all and --to');
    expect(workspace.fingerprint()).toEqual(before);
  });

  it('--dry-run says what would change by meaning, and --push pushes it', async () => {
    const ground = await Ground.start();
    const start = ground.workspace.head;
    await ground.passes(2);
    const { server } = ground.serve();
    const before = ground.workspace.fingerprint();
    const rehearsed = await ground.ran('rollback', 'reviews', '--to', 'HEAD~2', '--dry-run');
    expect(rehearsed).toContain('  candidate reviews-v2 leaves the route; it had 50 % of the requests\n');
    expect(ground.workspace.fingerprint()).toEqual(before);
    await ground.ran('rollback', 'reviews', '--to', start, '--push');
    expect(server('show', `main:${file}`)).toBe(values.trimEnd());
  });
});
