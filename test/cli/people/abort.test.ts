import { describe, expect, it } from 'vitest';
import { file, Ground, renderings, values } from './ground.js';

describe.each(renderings)('abort() with render: %s', (render) => {
  it('takes the candidate out, says who ended it, and no pass lets it in again', async () => {
    const ground = await Ground.start(render);
    await ground.pass();
    expect(await ground.ran('abort', 'reviews', '--reason', 'wrong build')).toMatch(
      /^reviews: abort the analysis of reviews-v2\n {2}Ada terminated the analysis of reviews-v2: wrong build\n/,
    );
    expect(ground.workspace.read(file)).toBe(values);
    expect(ground.status).toMatchObject({
      phase: 'Terminated',
      message: 'Ada terminated the analysis of reviews-v2: wrong build',
      settled: [{ name: 'reviews-v2', outcome: 'terminated' }],
    });
    expect((await ground.stays()).stdout).toContain('nothing to decide');
    expect(await ground.ran('abort', 'reviews')).toBe('reviews: nothing to do: no analysis is under way\n');
    expect(await ground.ran('status', 'reviews')).toContain('Terminated');
  });

  it('leaves the shares as they are with onTermination: keep-last', async () => {
    const ground = await Ground.start(render, values.replace('[5, 50]', '[5, 50], onTermination: keep-last'));
    await ground.pass();
    expect(await ground.ran('abort', 'reviews')).toContain('abort the analysis of reviews-v2, which keeps 5 %\n');
    expect(ground.weights).toEqual([95, 5]);
    expect(ground.status).toMatchObject({ phase: 'Terminated', share: 5 });
    ground.mesh.services({ 'reviews-v2': 0.5 });
    await ground.stays();
    expect(await ground.ran('abort', 'reviews')).toContain('nothing to do');
    await ground.ran('rollback', 'reviews');
    expect(ground.weights).toEqual([100, 0]);
  });
});

describe('abort()', () => {
  it('ends the wait of a candidate without traffic', async () => {
    const ground = await Ground.start();
    await ground.ran('abort', 'reviews');
    expect(ground.workspace.read(file)).toBe(values);
    await ground.stays();
  });

  it('analyses again what a person gives traffic to', async () => {
    const ground = await Ground.start();
    await ground.ran('abort', 'reviews');
    ground.workspace.commit({ [file]: values.replace('weight: 0', 'weight: 11') });
    await ground.pass();
    expect(ground.status.phase).toBe('Progressing');
  });

  it('does nothing without an analysis', async () => {
    const ground = await Ground.start('manifests', values.slice(0, values.indexOf('analysis:')));
    expect(await ground.ran('abort', '--all')).toBe('reviews: nothing to do: its values ask for no analysis\n');
  });
});
