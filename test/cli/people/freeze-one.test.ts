import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { file, Ground, renderings, values } from './ground.js';

describe.each(renderings)('freeze() and unfreeze() of one release with render: %s', (render) => {
  it('hold it and no other, and its values are as they were', async () => {
    const ground = await Ground.start(render);
    const { workspace } = ground;
    await ground.pass();
    workspace.commit({ 'releases/ratings/values.yaml': values.replaceAll('reviews', 'ratings') });
    const before = workspace.read(file);
    expect(await ground.ran('freeze', 'reviews', '--until', '2023-12-27T08:00:00+01:00', '--reason', 'sale')).toBe(
      [
        'reviews: freeze until 2023-12-27T08:00:00+01:00',
        '  Ada froze it until 2023-12-27T08:00:00+01:00: sale',
        '  rollout.freeze.reason: sale',
        '  rollout.freeze.until: 2023-12-27T08:00:00+01:00',
        '  rollout.freeze.by: Ada',
        `  commit ${workspace.head.slice(0, 10)}`,
        'committed here only; there is no remote origin to push to\n',
      ].join('\n'),
    );
    expect(ground.files).toEqual([file]);
    expect(ground.subject).toContain('(reviews): freeze until 2023-12-27T08:00:00+01:00');
    const { stdout } = await ground.pass();
    expect(stdout).toMatch(/ratings: hold ratings-v2 at 0 %\n {2}ratings-v1 has no series/);
    expect(stdout).toContain(
      'reviews: hold reviews-v2 at 5 %\n  frozen until 2023-12-27T08:00:00+01:00 by Ada: sale; reviews-v2 keeps',
    );
    expect(await ground.ran('status', 'reviews')).toContain(
      'next: frozen until 2023-12-27T08:00:00+01:00 by Ada: sale',
    );
    expect(await ground.ran('freeze', 'reviews', '--until', '2023-12-27T08:00:00+01:00')).toBe(
      'reviews: nothing to do: it is frozen by Ada until 2023-12-27T08:00:00+01:00: sale\n',
    );

    expect(await ground.ran('unfreeze', 'reviews')).toContain(
      '  Ada unfroze it; it was frozen by Ada until 2023-12-27T08:00:00+01:00: sale\n  rollout.freeze removed\n',
    );
    expect(workspace.read(file)).toBe(before);
    expect((await ground.pass()).stdout).toContain('reviews: candidate reviews-v2 5 % → 50 %');
    expect(await ground.ran('unfreeze', 'reviews')).toBe('reviews: nothing to do: it has no freeze of its own\n');
  });
});

describe('freeze() of one release', () => {
  it('rolls back what fails, and a replay comes out the same', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('freeze', 'reviews');
    ground.mesh.services({ 'reviews-v2': 0.5 });
    expect((await ground.pass()).stdout).toMatch(/^reviews: roll back reviews-v2 5 % → 0 %/);
    expect(await ground.ran('replay', '--all')).toMatch(/\n3 decisions: 2 the same again, 1 by a person, /);
    expect(await ground.ran('history', 'reviews')).toContain('freeze');
  });

  it('is over at its time, which every pass says', async () => {
    const ground = await Ground.start();
    await ground.ran('freeze', 'reviews', '--until', '1m');
    expect(parse(ground.workspace.read(file)).rollout.freeze.until).toBe('2023-11-14T22:15:00Z');
    const { stdout } = await ground.pass();
    expect(stdout).toContain('reviews: candidate reviews-v2 0 % → 5 %');
    expect(stdout).toContain(
      'warning: the freeze of reviews is over since 2023-11-14T22:15:00Z: sluice unfreeze reviews takes it out\n',
    );
    expect(await ground.ran('unfreeze', 'reviews')).toContain('it, which was frozen until 2023-11-14T22:15:00Z');
  });

  it('stands beside a pause, and gives way to another freeze', async () => {
    const ground = await Ground.start();
    await ground.ran('pause', 'reviews', '--reason', 'slow');
    await ground.ran('freeze', 'reviews', '--until', '12h', '--reason', 'one');
    expect(await ground.ran('freeze', 'reviews', '--reason', 'two')).toContain(
      'Ada froze it: two; it was frozen by Ada',
    );
    expect(parse(ground.workspace.read(file)).rollout).toMatchObject({
      freeze: { reason: 'two', by: 'Ada' },
      override: { action: 'pause', by: 'Ada', reason: 'slow' },
    });
    expect((await ground.stays(1)).stdout).toContain('reviews-v2 waits: frozen by Ada: two; paused by Ada: slow\n');
    expect(await ground.ran('resume', 'reviews')).toContain('it was paused by Ada: slow');
    expect((await ground.stays(1)).stdout).toContain('reviews-v2 waits: frozen by Ada: two\n');
  });

  it('says that a release without an analysis moves by nobody, and refuses a name that nobody has', async () => {
    const ground = await Ground.start('manifests', values.slice(0, values.indexOf('analysis:')));
    expect(await ground.ran('freeze', 'reviews')).toContain('nothing to do: its values ask for no analysis');
    const { code, stderr } = await ground.workspace.run('freeze', 'ratings');
    expect([code, stderr]).toEqual([2, expect.stringContaining('ratings')]);
  });

  it('has a plan wait for its end, or for a person', async () => {
    const ground = await Ground.start();
    await ground.ran('freeze', 'reviews', '--reason', 'sale');
    expect(await ground.ran('plan', 'reviews')).toContain('frozen by Ada: sale');
  });
});
