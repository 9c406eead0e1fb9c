import { readWorkingFile, removeWorkingFile, writeWorkingFile } from '../gitops/working-tree.js';
import type { FileChange } from '../release/file-change.js';

/** Writes and removes files below `root` without committing them; a link on the way is refused. */
export async function writeFiles(root: string, changes: readonly FileChange[]): Promise<void> {
  for (const { path, content } of changes) {
    const before = await readWorkingFile(root, path);
    if (content === null) await removeWorkingFile(root, path);
    else
      await writeWorkingFile(root, path, { content: Buffer.from(content), mode: before?.mode, id: `${process.pid}` });
  }
}
