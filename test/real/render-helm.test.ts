import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { ScratchWorkspace, reviewsValues as values } from '../cli/workspace.js';
import { scratchFolder } from '../gitops/scratch-repository.js';
import { expectSameObjects } from './same-objects.js';
import { requireTools, tools } from './tools.js';

const folder = 'releases/team/reviews';
const setting = { name: 'reviews', namespace: 'floor', own: true };

let workspace: ScratchWorkspace;

beforeAll(async () => {
  requireTools(['helm']);
  workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': 'render: helm\nnamespace: floor\n',
    [`${folder}/values.yaml`]: values,
    [`${folder}/status.yaml`]: 'phase: Initializing\niteration: 0\nsettled: []\n',
    [`${folder}/ledger.jsonl`]: '{}\n',
  });
}, 60_000);

test('Helm installs of the folder of a release what sluice renders, after a step as before', async () => {
  const chart = `${workspace.folder}/${folder}`;
  await expectSameObjects(chart, values, setting);
  workspace.replace(`${folder}/values.yaml`, 'weight: 100', 'weight: 95');
  workspace.replace(`${folder}/values.yaml`, 'weight: 0', 'weight: 5');
  await expectSameObjects(chart, workspace.read(`${folder}/values.yaml`), setting);
});

test('the chart holds neither status nor ledger nor the inventory', () => {
  const packages = scratchFolder();
  execFileSync(tools.helm, ['package', `${workspace.folder}/${folder}`, '--destination', packages]);
  const listing = execFileSync('sh', ['-c', 'tar -tzf *.tgz'], { cwd: packages, encoding: 'utf8' });
  const files = listing.trim().split('\n');
  expect(files).toEqual(expect.arrayContaining(['reviews/Chart.yaml', 'reviews/values.yaml']));
  expect(files.filter((path) => /status\.yaml|ledger|sluice/.test(path))).toEqual([]);
});
