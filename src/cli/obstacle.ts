import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * Returns what stands in the way of using a folder below `root` as one: a link that leads out or to nowhere, or a file;
 * undefined for nothing, also where the folder is yet to be made.
 *
 * @param folder relative, with forward slashes and no `..`
 */
export function obstacleTo(root: string, folder: string): string | undefined {
  const segments = folder.split('/').filter((segment) => segment !== '.');
  for (const [index] of segments.entries()) {
    const path = join(root, ...segments.slice(0, index + 1));
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    const obstacle = obstacleAt(path, realpathSync(root));
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

function obstacleAt(path: string, root: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return `it leads to ${readlinkSync(path)}, which is not there`;
  const real = realpathSync(path);
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) return `it leads to ${real}`;
  return stats.isDirectory() ? undefined : 'it is a file';
}
