import { describe, expect, test } from 'vitest';
import { Mesh } from '../cli/mesh.js';
import { ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

const planPage = page('docs/plan.md');
const file = 'releases/reviews/values.yaml';
const values = blocks(planPage, 'yaml').find(({ text }) => text.startsWith(`# ${file}\n`))?.text ?? '';
const [steps, together, refusal, power] = blocks(planPage, 'console').map(({ text }) => {
  const [call = '', ...lines] = text.split('\n');
  return { words: call.slice('$ sluice '.length).split(' '), shown: lines.join('\n') };
});
const sluiceYaml = 'metrics: {source: prometheus, url: "http://127.0.0.1:9"}\n';

describe('docs/plan.md', () => {
  test('shows the plan that is printed', async () => {
    const workspace = new ScratchWorkspace({ 'sluice.yaml': sluiceYaml, [file]: values });
    const shown = { code: 0, stdout: steps?.shown, stderr: '' };
    expect(await workspace.run(...(steps?.words ?? []))).toEqual(shown);
  });

  test('shows the beginning of the plan for a second candidate', async () => {
    const third =
      '  - metadata: {name: reviews-v3}\n    image: registry.example/reviews:v3\n    weight: 0\n    deployment: {spec: {replicas: 2}}\n';
    const several = values.replace('analysis:', `${third}analysis:`);
    const workspace = new ScratchWorkspace({ 'sluice.yaml': sluiceYaml, [file]: several });
    const { stdout } = await workspace.run(...(together?.words ?? []));
    expect(stdout.slice(0, together?.shown.length)).toBe(together?.shown);
  });

  test('shows what a pass says of a release whose promotion would fail', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0, 'reviews-v2': 0 });
    const broken = values.replace('  versions:', '  primary: >-\n    reviews-v1\n  versions:');
    const workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, [file]: broken });
    const { code, stdout } = await mesh.pass(workspace);
    expect({ code, stdout }).toEqual({ code: 2, stdout: refusal?.shown });
  });

  test('shows the form in which power is printed', async () => {
    const workspace = new ScratchWorkspace({ [file]: values });
    const { code, stdout } = await workspace.run(...(power?.words ?? []));
    expect(code).toBe(0);
    expect(formOf(stdout)).toBe(formOf(power?.shown ?? ''));
  });
});

/** The words without the figures, which are the simulation's own, and without the room that they take. */
function formOf(text: string): string {
  return text.replace(/ +/g, ' ').replace(/ (\d[\d.,]*|-)(?=[ )\n])/g, ' #');
}
