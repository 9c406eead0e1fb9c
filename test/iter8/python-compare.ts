import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/release/json.js';
import { sharedFolder } from './cases.js';

const program = join(sharedFolder, '..', 'compare.py');

/** Why `compare.py` cannot be asked here; undefined where it can. */
export const pythonIsMissing = reason();

function reason(): string | undefined {
  if (!existsSync(program)) return 'compare.py of the shared cases is not there';
  const { status } = spawnSync('python3', ['-c', 'import yaml']);
  return status === 0 ? undefined : 'python3 with PyYAML is not there';
}

/** Returns the differences that `compare.py` finds, a line each. */
export function pythonDifferences(expected: readonly JsonObject[], actual: readonly JsonObject[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-iter8-'));
  try {
    const files = Object.entries({ expected, actual }).map(([name, objects]) => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
      return file;
    });
    const { status, stdout, stderr } = spawnSync('python3', [program, ...files], { encoding: 'utf8' });
    if (stderr !== '') throw new Error(stderr);
    return status === 0 ? [] : stdout.trimEnd().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
