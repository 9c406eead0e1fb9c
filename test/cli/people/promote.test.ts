import { describe, expect, it } from 'vitest';
import { file, Ground, pushMeanwhile, renderings, values } from './ground.js';

const three = values.replace(
  'analysis:',
  `  - metadata: {name: reviews-v3}
    image: registry.example/reviews:v3
    weight: 0
analysis:`,
);

describe.each(renderings)('promote() with render: %s', (render) => {
  it('makes the candidate the primary in one commit, and no pass undoes it', async () => {
    const ground = await Ground.start(render);
    await ground.pass();
    const said = await ground.ran('promote', 'reviews', '--reason', 'seen enough');
    expect(said).toMatch(
      /^reviews: promote reviews-v2\n {2}Ada promoted reviews-v2, which had 5 %: seen enough\n {2}application\.primary: reviews-v2\n/,
    );
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({ primary: 'reviews-v2', weights: [0, 100] });
    expect(ground.status).toMatchObject({
      phase: 'Completed',
      iteration: 2,
      primary: 'reviews-v2',
      message: 'Ada promoted reviews-v2, which had 5 %: seen enough',
      settled: [
        { name: 'reviews-v1', outcome: 'replaced' },
        { name: 'reviews-v2', outcome: 'promoted' },
      ],
    });
    const rendered = render === 'helm' ? [] : ['rendered/reviews/manifests.yaml'];
    expect(ground.files).toEqual(['releases/reviews/status.yaml', file, ...rendered]);
    expect((await ground.stays()).stdout).toBe('reviews: nothing to decide\n  no candidate waits for an analysis\n');
    expect(await ground.ran('promote', 'reviews')).toContain('nothing to do: no version waits');
  });
});

describe('promote()', () => {
  it('takes a candidate that has no traffic yet, and the one that is named', async () => {
    const ground = await Ground.start('manifests', three);
    const { code, stderr } = await ground.workspace.run('promote', 'reviews');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'sluice: Cannot promote a candidate of reviews as the only one: reviews-v2, reviews-v3\n  at: releases/reviews/values.yaml\n  hint: Say which one: --version NAME.\n',
    });
    await ground.ran('promote', 'reviews', '--version', 'reviews-v3');
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({
      primary: 'reviews-v3',
      weights: [0, 0, 100],
    });
    expect(await ground.ran('promote', 'reviews', '--version', 'reviews-v3')).toBe(
      'reviews: nothing to do: reviews-v3 is the primary\n',
    );
    const unknown = await ground.workspace.run('promote', 'reviews', '--version', 'reviews-v4');
    expect(unknown.stderr).toContain('Its versions are: reviews-v1, reviews-v2, reviews-v3.');
  });

  it('goes on under a pause and a freeze, since a person asks for it', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('pause', 'reviews');
    await ground.ran('freeze');
    await ground.ran('promote', 'reviews');
    expect(ground.primary).toBe('reviews-v2');
    await ground.stays();
  });

  it('completes what a person began in the values', async () => {
    const ground = await Ground.start();
    await ground.pass();
    ground.workspace.commit({ [file]: ground.workspace.read(file).replace('  port', '  primary: reviews-v2\n  port') });
    await ground.ran('promote', 'reviews');
    expect(ground.weights).toEqual([0, 100]);
    expect(ground.status.settled.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['reviews-v1', 'replaced'],
      ['reviews-v2', 'promoted'],
    ]);
    await ground.stays();
  });

  it('works without an analysis', async () => {
    const ground = await Ground.start('manifests', values.slice(0, values.indexOf('analysis:')));
    await ground.ran('promote', 'reviews');
    expect({ primary: ground.primary, weights: ground.weights }).toEqual({ primary: 'reviews-v2', weights: [0, 100] });
    await ground.stays(1);
  });

  it('is planned again on what others pushed meanwhile', async () => {
    const ground = await Ground.start();
    await ground.pass();
    const { folder, server } = ground.serve();
    pushMeanwhile(ground, folder, `sed -i 's/weight: 95/weight: 80/; s/weight: 5$/weight: 20/' ${file}`);
    await ground.ran('promote', 'reviews', '--push');
    expect(server('log', '-1', '--format=%b', 'main')).toContain('Ada promoted reviews-v2, which had 20 %');
    expect(server('show', `main:${file}`)).toContain('weight: 100');
  });
});
