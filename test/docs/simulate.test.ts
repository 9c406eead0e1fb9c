import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ScenarioFile } from '../../src/simulate/scenario-file.js';
import { scratchFolder, sluice } from '../cli/workspace.js';
import { blocks, page } from './pages.js';

const simulatePage = page('docs/simulate.md');

describe('docs/simulate.md', () => {
  const cwd = scratchFolder();
  for (const { text } of blocks(simulatePage, 'yaml')) {
    const [, name = ''] = /^# (\S+)\n/.exec(text) ?? [];
    writeFileSync(join(cwd, name), text);
  }
  const runs = blocks(simulatePage, 'console').map(({ text }) => {
    const [call = '', ...lines] = text.split('\n');
    return { call: call.slice('$ sluice '.length), shown: lines.join('\n') };
  });

  test('has a run of every scenario', () => {
    expect(runs).toHaveLength(blocks(simulatePage, 'yaml').length);
  });

  test.each(runs)('sluice $call prints what is shown', async ({ call, shown }) => {
    expect(await sluice(call.split(' '), { cwd })).toEqual({ code: 0, stdout: shown, stderr: '' });
  });

  test('tells of every key', () => {
    const { traffic, pods, baseline, regression } = ScenarioFile.shape;
    const parts = { traffic, pods: pods.unwrap(), baseline: baseline.unwrap(), regression: regression.unwrap() };
    const keys = Object.entries(parts).flatMap(([part, { shape }]) =>
      Object.keys(shape).map((key) => `${part}.${key}`),
    );
    for (const key of [...keys, 'sync', 'analysis', 'rollout']) expect(simulatePage.text).toContain(`\`${key}\``);
  });
});
