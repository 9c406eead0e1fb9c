import { readWorkingFile, removeWorkingFile, writeWorkingFile } from '../gitops/working-tree.js';
import type { FileChange } from '../release/file-change.js';

/** Writes and removes files below `root` without committing them; when one of them lies beyond a link, none. */
export async function writeFiles(root: string, changes: readonly FileChange[]): Promise<void> {
  const modes: (number | undefined)[] = [];
  for (const { path } of changes) modes.push((await readWorkingFile(root, path))?.mode);
  for (const [index, { path, content }] of changes.entries()) {
    if (content === null) await removeWorkingFile(root, path);
    else
      await writeWorkingFile(root, path, { content: Buffer.from(content), mode: modes[index], id: `${process.pid}` });
  }
}
