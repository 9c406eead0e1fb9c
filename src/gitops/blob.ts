import { createHash } from 'node:crypto';
import { runGit } from './git.js';

/** Returns git's name for a content, in a repository whose names have this many digits. */
export function blobId(content: Uint8Array, digits: number): string {
  const algorithm = digits === 40 ? 'sha1' : 'sha256';
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** Returns how many digits the names of a repository's objects have. */
export async function digitsOf({ root, head }: { root: string; head: string | undefined }): Promise<number> {
  if (head !== undefined) return head.length;
  const format = await runGit(['rev-parse', '--show-object-format'], { cwd: root });
  return format.trim() === 'sha256' ? 64 : 40;
}

/**
 * Returns which of the paths pass through a filter on their way into the repository; all others but for line ends
 * are stored as they are.
 */
export async function filteredPaths(root: string, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const answer = await runGit(['check-attr', '-z', '--stdin', ...filters], {
    cwd: root,
    input: paths.map((path) => `${path}\0`).join(''),
  });
  const fields = answer.split('\0');
  const filtered = new Set<string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [path = '', , value = ''] = fields.slice(i, i + 3);
    if (!['unspecified', 'unset'].includes(value)) filtered.add(path);
  }
  return filtered;
}

/** Attributes by which a content without carriage returns is stored as another one. */
const filters = ['filter', 'ident', 'working-tree-encoding'];

/** Stores a content as git stores the file of this path, and returns its name. */
export async function storeBlob(root: string, path: string, content: Uint8Array): Promise<string> {
  return (await runGit(['hash-object', '-w', '--stdin', `--path=${path}`], { cwd: root, input: content })).trim();
}
