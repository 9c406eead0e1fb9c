import { expect, test } from 'vitest';
import { twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace, sluice } from './workspace.js';

test('commands at once in one working copy wait for one another, and each commits once', async () => {
  const names = ['reviews', 'ratings', 'details', 'carts'];
  const workspace = await ScratchWorkspace.rendered(
    Object.fromEntries(
      names.map((name) => [`releases/${name}/values.yaml`, twoVersions(name, [100, 0], evaluationValues)]),
    ),
  );
  const before = Number(workspace.git('rev-list', '--count', 'HEAD'));
  const pause = (name: string) => sluice(['pause', name, '--reason', `look at ${name}`], { cwd: workspace.folder });
  const outcomes = await Promise.all(names.map(pause));
  expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual(names.map(() => ({ code: 0, stderr: '' })));
  expect(workspace.git('status', '--porcelain')).toBe('');
  expect(Number(workspace.git('rev-list', '--count', 'HEAD'))).toBe(before + names.length);
  const subjects = workspace.git('log', `-${names.length}`, '--format=%s').split('\n');
  for (const name of names) expect(subjects.filter((subject) => subject.includes(`(${name})`))).toHaveLength(1);
});
