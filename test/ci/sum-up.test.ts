import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('../../.ci/sum-up.mjs', import.meta.url));

interface Part {
  readonly log: string;
  readonly status: number;
}

function sumUp(parts: { readonly [name: string]: Part }) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ci-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, { log, status }] of Object.entries(parts)) {
    writeFileSync(join(folder, `${name}.log`), log);
    writeFileSync(join(folder, `${name}.status`), `${status}\n`);
    writeFileSync(join(folder, `${name}.seconds`), '83\n');
  }
  const kinds = Object.keys(parts).map((name) => `${name}:${name === 'check' ? 'steps' : 'tests'}`);
  const { stdout, status } = spawnSync(process.execPath, [program, folder, ...kinds], { encoding: 'utf8' });
  return { last: stdout.trimEnd().split('\n').at(-1), stdout, status };
}

const green: Part = { log: ' Test Files  2 passed (2)\n      Tests  41 passed (41)\n', status: 0 };

test('sum-up adds the tests of all parts', () => {
  const sum = sumUp({ readme: green, check: { log: '', status: 0 }, real: green });

  expect(sum).toMatchObject({ last: '82 passed, 0 failed', status: 0 });
});

test('sum-up says how long each part took', () => {
  const { stdout } = sumUp({ readme: green, real: { log: '', status: 1 } });

  expect(stdout).toContain('readme: done (83 s)');
  expect(stdout).toMatch(/^real: FAILED: .* \(83 s\)$/m);
});

test('sum-up reads the sums through colours', () => {
  const log = '\u001b[2m      Tests \u001b[22m \u001b[1m1 failed\u001b[22m | 41 passed\u001b[90m (42)\u001b[39m\n';

  expect(sumUp({ readme: { log, status: 1 } })).toMatchObject({ last: '41 passed, 1 failed', status: 1 });
});

test('sum-up counts a part without tests as one failure and names the script', () => {
  const log = '> sluice@0.1.0 check\n> npm run check:lint\n\n> sluice@0.1.0 check:types\n> tsc -p .\n';
  const sum = sumUp({ readme: green, check: { log, status: 2 } });

  expect(sum).toMatchObject({ last: '41 passed, 1 failed', status: 1 });
  expect(sum.stdout).toContain('check:types');
});

test('sum-up names every script that is said to have failed', () => {
  const log =
    '> sluice@0.1.0 check:dead\n> knip\n\ncheck:types: FAILED (9 s)\ncheck:dead: done (3 s)\ncheck:lint: FAILED (2 s)\n';
  const { stdout } = sumUp({ readme: green, check: { log, status: 1 } });

  expect(stdout).toContain('check: FAILED: exit 1, check:types, check:lint (83 s)');
});

test('sum-up counts a file that could not be loaded, though all tests passed', () => {
  const log = ' Test Files  1 failed | 1 passed (2)\n      Tests  41 passed (41)\n';

  expect(sumUp({ readme: { log, status: 1 } }).last).toBe('41 passed, 1 failed');
});

test('sum-up counts a part that ran no tests, and every skipped test, as failed', () => {
  const skipping = { log: '      Tests  40 passed | 2 skipped (42)\n', status: 0 };

  expect(sumUp({ readme: skipping, real: { log: '', status: 0 } }).last).toBe('40 passed, 3 failed');
});
