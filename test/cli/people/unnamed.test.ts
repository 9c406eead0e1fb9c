import { describe, expect, it } from 'vitest';
import { Ground, values } from './ground.js';

const commands: readonly (readonly string[])[] = [
  ['pause'],
  ['resume'],
  ['promote'],
  ['rollback'],
  ['rollback', '--to', 'HEAD'],
  ['abort'],
  ['candidate', '--image', 'registry.example/reviews:v9'],
];

describe('a command without a name', () => {
  it('takes the only release', async () => {
    const ground = await Ground.start();
    for (const words of commands)
      expect(await ground.ran(...words, '--dry-run'), words.join(' ')).toMatch(/^reviews: /);
  });

  it.each(commands)('lists the names where there are more: %s', async (...words) => {
    const ground = await Ground.start();
    ground.workspace.commit({ 'releases/team/ratings/values.yaml': values.replaceAll('reviews', 'ratings') });
    const before = ground.workspace.fingerprint();
    expect(await ground.workspace.run(...words)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sluice: Cannot tell which release is meant: none is named\n  hint: Name one: reviews, team/ratings.\n',
    });
    expect(ground.workspace.fingerprint()).toEqual(before);
  });
});

describe('candidate()', () => {
  it('says of a version that was rolled back how to have it judged again', async () => {
    const ground = await Ground.start();
    await ground.pass();
    await ground.ran('rollback');
    const again = ['candidate', 'reviews', '--image', 'registry.example/reviews:v2'];
    const { code, stderr } = await ground.workspace.run(...again);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^sluice: Cannot add reviews-v2 as a candidate of reviews: it is there already, and was rolled back at \S+\n {2}at: releases\/reviews\/values\.yaml\n {2}hint: To have it judged again, add it under another name, such as --version reviews-v2-again, or give it traffic by hand in releases\/reviews\/values\.yaml\.\n$/,
    );
    await ground.ran(...again, '--version', 'reviews-v2-again');
    ground.mesh.services({ 'reviews-v2-again': 0.001 });
    expect((await ground.pass()).stdout).toContain('candidate reviews-v2-again 0 % → 5 %');
  });
});
