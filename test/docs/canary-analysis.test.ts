import { beforeAll, describe, expect, test } from 'vitest';
import { Mesh } from '../cli/mesh.js';
import { ScratchWorkspace } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

const guide = page('docs/canary-analysis.md');
const [sluiceYaml = '', values = ''] = blocks(guide, 'yaml').map(({ text }) => text);
const [config = ''] = blocks(guide, 'json').map(({ text }) => text);
const valuesFile = 'releases/reviews/values.yaml';

let workspace: ScratchWorkspace;

/** An hour of traffic to both versions, then half an hour with a candidate that fails. */
beforeAll(async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
  const shared = values.replace('weight: 100', 'weight: 80').replace('weight: 0', 'weight: 20');
  workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': sluiceYaml.replace(/^metrics: .*\n/m, mesh.project),
    'canary/checkout.json': config,
    [valuesFile]: shared,
  });
  for (let i = 0; i < 30; i++) mesh.flow(workspace);
  mesh.services({ 'reviews-v2': 0.1 });
  for (let i = 0; i < 15; i++) mesh.flow(workspace);
  workspace.now = mesh.simulator.now;
}, 120_000);

describe('docs/canary-analysis.md', () => {
  test('shows what its commands print', async () => {
    const runs = blocks(guide, 'console').flatMap(({ text }) => text.split(/^(?=\$ )/m));
    expect(runs.length).toBe(2);
    for (const run of runs) {
      const [call = '', ...lines] = run.split('\n');
      const { stdout, stderr } = await workspace.run(...call.slice('$ sluice '.length).split(' '));
      expect(stderr).toBe('');
      expect(stdout, call).toBe(lines.join('\n'));
    }
  });

  test('shows the error of an analysis that does not go with the values, where it stands', async () => {
    const [shown = ''] = blocks(guide, 'text').map(({ text }) => text);
    const folder = new ScratchWorkspace({
      'sluice.yaml': sluiceYaml,
      'canary/checkout.json': config,
      [valuesFile]: values.replace('use: checkout', 'use: checkout, maxDuration: 20m'),
    });
    const { stdout } = await folder.run('validate');
    expect(stdout).toContain(shown);
  });

  test('has values and settings that pass', async () => {
    const { code, stdout } = await workspace.run('validate');
    expect(stdout).not.toContain('error');
    expect(code).toBe(0);
  });
});
