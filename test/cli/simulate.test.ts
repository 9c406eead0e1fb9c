import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { equal } from '../simulate/scenarios.js';
import { scratchFolder, sluice } from './workspace.js';

const cwd = scratchFolder();
writeFileSync(join(cwd, 'equal.yaml'), equal);
writeFileSync(join(cwd, 'worse.yaml'), `${equal}regression: {errorRate: 0.05, latency: 1.5, onset: 2m}\n`);

const program = fileURLToPath(new URL('../../dist/bin/sluice.js', import.meta.url));
const worker = fileURLToPath(new URL('../../dist/cli/simulate-worker.js', import.meta.url));

describe('sluice simulate', () => {
  test('prints what should not have happened, with intervals, and goes by the seed', async () => {
    const first = await sluice(['simulate', '-f', 'worse.yaml', '--runs', '20'], { cwd });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(
      '20 releases with +5 pp errors and latency x 1.5 from minute 2; sequential, risk-budget, seed 1',
    );
    expect(first.stdout).toMatch(/promoted +0 +0\.0 % +\(0\.0 to 16\.1 %\) +false promotion/);
    expect(first.stdout).toMatch(/excess of a release \(mean\): \d[\d.]* failures, \d[\d.]* requests over the p95/);
    expect(await sluice(['simulate', '-f', 'worse.yaml', '--runs', '20', '--seed', '1'], { cwd })).toEqual(first);
    const other = await sluice(['simulate', '-f', 'worse.yaml', '--runs', '20', '--seed', '2'], { cwd });
    expect(other.stdout.replace('seed 2', 'seed 1')).not.toBe(first.stdout);
  });

  test('prints JSON, of a scenario on stdin as well', async () => {
    const { stdout } = await sluice(['simulate', '-f', '-', '--runs', '10', '-o', 'json'], { cwd, stdin: equal });
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ seed: 1, runs: 10, judge: 'sequential', policy: 'risk-budget', regression: null });
    expect(found.falseRollback).toEqual(found.rolledBack);
    expect(found.falseRollback).toMatchObject({ count: 0, share: 0, from: 0 });
    expect(found).not.toHaveProperty('falsePromotion');
    const worse = await sluice(['simulate', '-f', 'worse.yaml', '--runs', '10', '-o', 'json'], { cwd });
    expect(JSON.parse(worse.stdout)).toMatchObject({ falsePromotion: { count: 0 }, regression: { onset: 120 } });
  });

  test.each([
    [['--runs', '0'], 'Cannot simulate with --runs "0"', 'from 1 to 1000000'],
    [['--runs', 'many'], 'Cannot simulate with --runs "many"', 'Give a whole number'],
    [['--seed', '1.5'], 'Cannot simulate with --seed "1.5"', 'from 0'],
    [['--workers', '0'], 'Cannot simulate with --workers "0"', 'from 1'],
    [['-o', 'xml'], 'Cannot print the simulation as asked: xml', 'text, json'],
  ])('refuses %j', async (words, message, hint) => {
    const { code, stderr } = await sluice(['simulate', '-f', 'equal.yaml', ...words], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  test('says where a scenario is wrong, and that there is none', async () => {
    const wrong = await sluice(['simulate', '-f', '-'], { cwd, stdin: equal.replace('rate', 'rte') });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('stdin:1:11 traffic.rte: is no known key');
    const none = await sluice(['simulate', '-f', 'none.yaml'], { cwd });
    expect(none.stderr).toContain('Cannot read none.yaml as text: there is no such file');
  });

  test('finds the same on any number of threads, as it is built', () => {
    if (!existsSync(worker)) throw new Error('dist/ is not built: npm test builds it first, so does npm run build');
    const [one, three] = ['1', '3'].map((workers) => {
      const words = ['simulate', '-f', 'equal.yaml', '--runs', '151', '--workers', workers, '-o', 'json'];
      return spawnSync(process.execPath, [program, ...words], { cwd, encoding: 'utf8' });
    });
    expect(one).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(one?.stdout ?? '').runs).toBe(151);
    expect(three?.stdout).toBe(one?.stdout);
  });
});
