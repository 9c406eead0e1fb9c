import { mkdirSync, readdirSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import type { FileChange } from '../release/file-change.js';

/** Writes and removes files below `root`, each at once or not at all; folders that become empty go too. */
export function writeFiles(root: string, changes: readonly FileChange[]): void {
  for (const { path, content } of changes) {
    const target = join(root, path);
    if (content === null) {
      rmSync(target, { force: true });
      removeEmptyFolders(root, dirname(target));
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    assertBelow(root, dirname(target), path);
    const temporary = `${target}.sluice-${process.pid}`;
    writeFileSync(temporary, content);
    renameSync(temporary, target);
  }
}

function assertBelow(root: string, folder: string, path: string): void {
  const real = relative(realpathSync(root), realpathSync(folder));
  if (real !== '..' && !real.startsWith(`..${sep}`)) return;
  throw new ConfigError(`Cannot write ${path} as a file of the workspace: a link on its way leads out`, {
    code: 'cli/outside',
    path,
    hint: 'Replace the link by a folder.',
  });
}

function removeEmptyFolders(root: string, folder: string): void {
  if (relative(root, folder) === '' || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  removeEmptyFolders(root, dirname(folder));
}
