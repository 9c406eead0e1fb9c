import { describe, expect, it } from 'vitest';
import { file, Ground, pushMeanwhile, renderings, values } from './ground.js';

describe.each(renderings)('rollback() with render: %s', (render) => {
  it('takes all traffic from the candidate, and no pass gives it back', async () => {
    const ground = await Ground.start(render);
    await ground.pass();
    const { workspace } = ground;
    const said = await ground.ran('rollback', 'reviews', '--reason', 'tickets');
    expect(said).toMatch(/^reviews: roll back reviews-v2 5 % → 0 %\n {2}Ada rolled reviews-v2 back: tickets\n/);
    expect(workspace.read(file)).toBe(values);
    expect(ground.status).toMatchObject({
      phase: 'RolledBack',
      settled: [{ name: 'reviews-v2', outcome: 'rolled back' }],
    });
    const rendered = render === 'helm' ? [] : ['rendered/reviews/manifests.yaml'];
    expect(ground.files).toEqual(['releases/reviews/status.yaml', file, ...rendered]);
    expect((await ground.stays()).stdout).toContain('nothing to decide');
    expect(await ground.ran('rollback', 'reviews')).toContain('nothing to do: no candidate is under way');
  });

  it('--push is planned again on what others pushed meanwhile, and drops nothing of it', async () => {
    const ground = await Ground.start(render);
    await ground.pass();
    const { folder, server } = ground.serve();
    pushMeanwhile(
      ground,
      folder,
      `sed -i 's/weight: 95/weight: 50/; s/weight: 5$/weight: 50/; s/# Reviews/# Theirs/' ${file}`,
    );
    const said = await ground.ran('rollback', 'reviews', '--push');
    expect(said).toContain('roll back reviews-v2 50 % → 0 %');
    expect(server('show', `main:${file}`)).toBe(values.replace('# Reviews', '# Theirs').trimEnd());
    expect(ground.workspace.git('status', '--porcelain')).toBe('');
  });

  it('goes back to the former primary while a promotion is watched', async () => {
    const ground = await Ground.start(render, values.replace('rollout: {', 'rollout: {rollbackWindow: 1h, '));
    await ground.passes(3);
    expect(ground.status).toMatchObject({ phase: 'Promoting', former: 'reviews-v1' });
    expect(await ground.ran('rollback', 'reviews')).toContain('Ada went back from reviews-v2 to reviews-v1');
    expect(ground.status).toMatchObject({ phase: 'RolledBack', primary: 'reviews-v1' });
  });

  it('goes back to the former primary after a promotion', async () => {
    const ground = await Ground.start(render);
    await ground.passes(3);
    expect(ground.primary).toBe('reviews-v2');
    expect(await ground.ran('rollback', 'reviews')).toMatch(
      /^reviews: roll back reviews-v2, back to reviews-v1\n {2}Ada went back from reviews-v2 to reviews-v1\n/,
    );
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({ primary: 'reviews-v1', weights: [100, 0] });
    expect(ground.status).toMatchObject({
      phase: 'RolledBack',
      primary: 'reviews-v1',
      settled: [
        { name: 'reviews-v1', outcome: 'promoted' },
        { name: 'reviews-v2', outcome: 'rolled back' },
      ],
    });
    await ground.stays();
    expect(await ground.ran('rollback', 'reviews')).toContain('nothing to do');
  });
});

describe('rollback()', () => {
  it('asks no metrics, and is not stopped by a pause or a freeze', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('pause', 'reviews');
    await ground.ran('freeze');
    const settings = ground.workspace.read('sluice.yaml').replace(/^metrics:.*\n/m, '');
    ground.workspace.commit({ 'sluice.yaml': settings });
    await ground.ran('rollback', 'reviews');
    expect(ground.weights).toEqual([100, 0]);
  });

  it('takes the traffic from every candidate that has some', async () => {
    const three = values
      .replace('weight: 0', 'weight: 10')
      .replace('analysis:', '  - {metadata: {name: reviews-v3}, image: "r/reviews:v3", weight: 10}\nanalysis:');
    const ground = await Ground.start('manifests', three);
    await ground.ran('rollback', 'reviews');
    expect(ground.weights).toEqual([100, 0, 0]);
    expect(ground.status.settled.map(({ name }) => name)).toEqual(['reviews-v2', 'reviews-v3']);
    await ground.stays();
  });

  it.each([
    ['rollback', 'reviews'],
    ['rollback', '--all'],
  ])('%s %s goes back from a primary that a person wrote by hand', async (...argv) => {
    const ground = await Ground.start();
    await ground.pass();
    const { workspace } = ground;
    workspace.commit({ [file]: workspace.read(file).replace('  port', '  primary: reviews-v2\n  port') });
    expect(await ground.ran('abort', 'reviews')).toContain(
      'nothing to do: reviews-v2 was made the primary in its values',
    );
    await ground.ran(...argv);
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({ primary: 'reviews-v1', weights: [100, 0] });
    await ground.stays();
  });

  it('settles a candidate that has no traffic yet', async () => {
    const ground = await Ground.start();
    expect(await ground.ran('rollback', 'reviews')).toContain('roll back reviews-v2, which had no traffic yet\n');
    expect(ground.workspace.read(file)).toBe(values);
    await ground.stays();
  });

  it('refuses a former primary that is not what it was, or is gone, and says what to do', async () => {
    const ground = await Ground.start();
    await ground.passes(3);
    const { workspace } = ground;
    const promoted = workspace.read(file);
    workspace.commit({ [file]: promoted.replace('reviews:v1', 'reviews:v1b') });
    const changed = await workspace.run('rollback', 'reviews');
    expect(changed.code).toBe(2);
    expect(changed.stderr).toMatch(
      /Cannot roll reviews back to reviews-v1, the primary before: it was changed since\n.*\n {2}hint: .*--to COMMIT; or promote it as it is now: sluice promote reviews --version reviews-v1\.\n/,
    );
    workspace.commit({ [file]: promoted.replace(/ {2}- metadata: \{name: reviews-v1\}\n.*\n.*\n/, '') });
    expect((await workspace.run('rollback', 'reviews')).stderr).toContain('it is among its versions no longer');
    await ground.ran('rollback', 'reviews', '--to', 'HEAD~5');
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({ primary: undefined, weights: [100, 0] });
    await ground.stays();
  });

  it('--all takes every candidate back, and leaves promotions as they are', async () => {
    const ground = await Ground.start();
    await ground.passes(3);
    ground.workspace.commit({
      'releases/ratings/values.yaml': values.replaceAll('reviews', 'ratings').replace('weight: 0', 'weight: 20'),
    });
    expect(await ground.ran('rollback', '--all')).toMatch(
      /^ratings: roll back ratings-v2 17 % → 0 %\n[\s\S]*reviews: nothing to do: no candidate has traffic\n/,
    );
    expect(ground.primary).toBe('reviews-v2');
  });

  it('says so where the release was renamed meanwhile', async () => {
    const ground = await Ground.start();
    await ground.pass();
    const { folder, server } = ground.serve();
    pushMeanwhile(ground, folder, 'git mv releases/reviews releases/reviews-new');
    const { code, stderr } = await ground.workspace.run('rollback', 'reviews', '--push');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${file} is gone`) });
    expect(server('log', '-1', '--format=%s', 'main')).toBe('feat: theirs');
  });

  it('takes the match from a canary, and the copies from a mirror', async () => {
    const canary = values
      .replace('blue-green', 'canary')
      .replaceAll(/ {4}weight: (\d+)\n/g, (_, weight) => `    routed: ${weight !== '0'}\n`);
    const ground = await Ground.start('manifests', canary.replace('[5, 50]', '[100]'));
    ground.workspace.commit({ [file]: ground.workspace.read(file).replace('routed: false', 'routed: true') });
    expect(await ground.ran('rollback', 'reviews')).toContain('roll back reviews-v2, which loses what matches\n');
    expect(ground.workspace.read(file)).toContain('routed: false');
    const mirror = await Ground.start(
      'manifests',
      values.replace('blue-green', 'mirrored').replace('weight: 0', 'weight: 20'),
    );
    expect(await mirror.ran('rollback', 'reviews')).toContain('roll back reviews-v2, copies 20 % → 0 %\n');
    expect(mirror.weights).toEqual([100, 0]);
  });
});
