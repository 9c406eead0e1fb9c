import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GitError } from '../errors.js';
import { blobId } from './blob.js';
import { objectsAt } from './files-at.js';
import { runGit } from './git.js';
import { oneLine } from './one-line.js';

/** What of a repository to look at. */
export interface Scope {
  /** The folder that all paths are from, absolute. */
  readonly directory: string;
  /** Files and folders from it, taken literally. */
  readonly paths: readonly string[];
  /** Whether the text of a file is wanted though it is not on disk; `isLeftOut` says what else is not. */
  isWanted(path: string, isLeftOut: (path: string) => boolean): boolean;
}

/** The files that a sparse checkout leaves out: they are in the repository and not on disk. */
export class LeftOut {
  #ids: ReadonlyMap<string, string> = new Map();
  #texts: ReadonlyMap<string, string> = new Map();

  private constructor(private readonly scope: Scope) {}

  /** Looks them up. @throws GitError when git fails */
  static async find(scope: Scope): Promise<LeftOut> {
    const found = new LeftOut(scope);
    await found.refresh();
    return found;
  }

  /** Looks them up once more: the branch may have moved. @throws GitError when git fails */
  async refresh(): Promise<void> {
    const { directory, paths, isWanted } = this.scope;
    const listing = await runGit(['ls-files', '-t', '--stage', '-z', '--cached'], { cwd: directory, paths });
    const found = listing.split('\0').flatMap((line): [string, string][] => {
      const [, id, path] = /^S \d+ ([0-9a-f]{40,}) 0\t(.*)$/s.exec(line) ?? [];
      return id === undefined || path === undefined || existsSync(join(directory, path)) ? [] : [[path, id]];
    });
    const ids = new Map(found);
    const wanted = found.filter(([path]) => isWanted(path, (each) => ids.has(each)));
    const contents = await objectsAt(
      directory,
      wanted.map(([, id]) => id),
    );
    this.#ids = ids;
    this.#texts = new Map(wanted.map(([path], i) => [path, textOf(path, contents[i])]));
  }

  get paths(): Iterable<string> {
    return this.#ids.keys();
  }

  get size(): number {
    return this.#ids.size;
  }

  has(path: string): boolean {
    return this.#ids.has(path);
  }

  /** Whether it is one of them and says just that; nothing is fetched to find out. */
  holds(path: string, text: string): boolean {
    const id = this.#ids.get(path);
    return id !== undefined && id === blobId(Buffer.from(text), id.length);
  }

  /** Returns the text of one of those whose text is wanted. */
  read(path: string): string | undefined {
    return this.#texts.get(path);
  }
}

function textOf(path: string, content: Buffer | undefined): string {
  if (content !== undefined) return content.toString('utf8');
  throw new GitError(`Cannot read ${oneLine(path)} from git as a file: it is neither on disk nor in this clone`, {
    code: 'git/unreadable-file',
    path: oneLine(path),
    hint: 'Check that the server answers, or add its folder to the sparse checkout: git sparse-checkout add FOLDER',
  });
}

/** Returns the refusal to change a file that is there and not on disk. */
export function notCheckedOut(path: string): GitError {
  return new GitError(`Cannot change ${path} as a file of the repository: it is not checked out`, {
    code: 'git/not-tracked',
    path,
    hint: 'Add it to the sparse checkout: git sparse-checkout add FOLDER',
  });
}
