import { describe, expect, test } from 'vitest';
import { Mesh } from '../mesh.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../workspace.js';

const fileOf = (name: string) => `releases/${name}/values.yaml`;
const usual = reviewsValues + evaluationValues;
const named = (name: string) => usual.replaceAll('reviews', name);
/** The promotion cannot be written: sluice changes no block scalar. */
const unpromotable = (values: string) => values.replace('  versions:', '  primary: >-\n    reviews-v1\n  versions:');

async function ground(files: { readonly [path: string]: string }, services: Parameters<Mesh['services']>[0]) {
  const mesh = await Mesh.start();
  mesh.services(services);
  return { mesh, workspace: await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, ...files }) };
}

describe('evaluate() before a first step', () => {
  test('commits nothing for a release whose last step would fail, and lets the others in', async () => {
    const { mesh, workspace } = await ground(
      { [fileOf('reviews')]: unpromotable(usual), [fileOf('shop')]: named('shop') },
      { 'reviews-v1': 0, 'reviews-v2': 0, 'shop-v1': 0, 'shop-v2': 0 },
    );
    const { code, stdout } = await mesh.pass(workspace, '-o', 'json');
    const { failures } = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(failures).toMatchObject([{ release: 'reviews', code: 'evaluate/step-ahead' }]);
    expect(workspace.subjects(2)).toEqual(['chore(shop): candidate shop-v2 0 % → 5 %']);
    expect(workspace.exists('releases/reviews/status.yaml')).toBe(false);
    const text = (await mesh.pass(workspace)).stdout;
    expect(text).toContain(
      'releases/reviews/values.yaml:5:12 application.primary: is a block scalar (| or >) (at the promotion of reviews-v2, so it is not let in)\n    hint: Write primary and its value on one line.',
    );
  });

  test('goes on with who is under analysis, where somebody else cannot be let in', async () => {
    const { mesh, workspace } = await ground(
      { [fileOf('reviews')]: usual },
      { 'reviews-v1': 0, 'reviews-v2': 0.3, 'reviews-v3': 0 },
    );
    await mesh.pass(workspace);
    const third = '  - metadata: {name: reviews-v3}\n    image: registry.example/reviews:v3\n    weight: 0\n';
    const values = workspace.read(fileOf('reviews'));
    workspace.commit({ [fileOf('reviews')]: unpromotable(values.replace('analysis:', `${third}analysis:`)) });
    await workspace.run('synth');
    workspace.commit({});
    await mesh.pass(workspace);
    expect(workspace.subjects().at(-1)).toBe('chore(reviews): roll back reviews-v2 5 % → 0 %');
    const { code, stdout } = await mesh.pass(workspace);
    expect(code).toBe(2);
    expect(stdout).toContain('(at the promotion of reviews-v3, so it is not let in)');
  });
});
