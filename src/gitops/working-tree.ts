import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { chmod, lstat, mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GitError, isSluiceError } from '../errors.js';

/** A file of the working tree, byte for byte. */
export interface WorkingFile {
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
}

/** Returns the SHA-256 of a file's content in hexadecimal, `null` for no file. */
export function digestOf(content: Buffer | null): string | null {
  return content === null ? null : createHash('sha256').update(content).digest('hex');
}

/**
 * Returns the file, or undefined when there is none.
 *
 * @throws GitError when the path or a folder on the way is a symbolic link, another repository, or no plain file
 */
export async function readWorkingFile(root: string, path: string): Promise<WorkingFile | undefined> {
  for (const folder of foldersOf(path)) await assertPlainFolder(root, folder);
  const stats = await lookAt(join(root, path));
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw notPlain(path, stats.isSymbolicLink() ? 'it is a symbolic link' : 'it is no plain file');
  return { content: await readFile(join(root, path)), mode: stats.mode & 0o777 };
}

/** Returns the folders that `path` needs and that are not there, outermost first. */
export async function missingFolders(root: string, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (const folder of foldersOf(path)) {
    if ((await lookAt(join(root, folder))) === undefined) missing.push(folder);
  }
  return missing;
}

/** Where a file is written before it gets its name, beside it; `id` tells writers apart. */
export function temporaryFor(path: string, id: string): string {
  const name = createHash('sha256').update(path).digest('hex').slice(0, 8);
  return `${path.slice(0, path.lastIndexOf('/') + 1)}.sluice-${id}-${name}.tmp`;
}

/**
 * Writes a file so that whoever looks sees the old content or the new one. Folders on the way are made.
 *
 * @throws GitError with the words of the operating system
 */
export async function writeWorkingFile(
  root: string,
  path: string,
  { content, mode, id }: { readonly content: Buffer; readonly mode: number | undefined; readonly id: string },
): Promise<void> {
  const temporary = join(root, temporaryFor(path, id));
  try {
    assertNoLinks(root, path);
    await mkdir(dirname(temporary), { recursive: true });
    assertNoLinks(root, path);
    await writeFile(temporary, content, { flag: 'wx' });
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, join(root, path));
  } catch (error) {
    if (isSluiceError(error)) throw error;
    await rm(temporary, { force: true }).catch(() => {});
    throw notWritten(path, error);
  }
}

/**
 * Removes a file, if it is there, and the folders that it leaves empty, as git does.
 *
 * @throws GitError with the words of the operating system
 */
export async function removeWorkingFile(root: string, path: string): Promise<void> {
  try {
    assertNoLinks(root, path);
    await rm(join(root, path), { force: true });
  } catch (error) {
    throw isSluiceError(error) ? error : notWritten(path, error);
  }
  await removeEmptyFolders(root, foldersOf(path));
}

/** Removes those of the folders that are empty, the innermost first. @param folders outermost first */
export async function removeEmptyFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    // A folder that is not empty, or not there, is no failure.
    await rmdir(join(root, folder)).catch(() => {});
  }
}

/** Returns the folders on the way to a path, outermost first. */
export function foldersOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** Once more, right before something is written: links may have come since `readWorkingFile` looked. */
function assertNoLinks(root: string, path: string): void {
  for (const folder of foldersOf(path)) {
    const isLink = lstatSync(join(root, folder), { throwIfNoEntry: false })?.isSymbolicLink();
    if (isLink) throw notPlain(folder, 'it is a symbolic link');
  }
}

async function assertPlainFolder(root: string, folder: string): Promise<void> {
  const stats = await lookAt(join(root, folder));
  if (stats === undefined) return;
  // git itself adds nothing that lies beyond a symbolic link, wherever it leads.
  if (stats.isSymbolicLink()) throw notPlain(folder, 'it is a symbolic link');
  if (!stats.isDirectory()) throw notPlain(folder, 'it is a file where a folder is needed');
  if ((await lookAt(join(root, folder, '.git'))) !== undefined) throw notPlain(folder, 'it is another repository');
}

async function lookAt(file: string) {
  try {
    return await lstat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
    throw notWritten(file, error);
  }
}

function notPlain(path: string, current: string): GitError {
  return new GitError(`Cannot write ${path} as a plain file of the repository: ${current}`, {
    code: 'git/not-plain',
    path,
    hint: 'Move it away, or name another folder in sluice.yaml.',
  });
}

function notWritten(path: string, error: unknown): GitError {
  return new GitError(`Cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`, {
    code: 'git/not-written',
    path,
    hint: 'Check who may write there, and the room on the disk.',
    cause: error,
  });
}
