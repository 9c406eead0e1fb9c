import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ConfigError, GitError } from '../../errors.js';
import { openSnapshot, type Snapshot } from '../../gitops/files-at.js';
import { askGit, gitFailure, runGit } from '../../gitops/git.js';
import { type LoadedValues, loadValues } from '../../values/load.js';

/** Files as they were in a commit. */
export interface Before {
  /** Returns the same release as it was: undefined where it was not there, the error where it could not be used. */
  of(loaded: LoadedValues): Promise<LoadedValues | ConfigError | undefined>;
}

/**
 * Opens a commit to look files up in.
 *
 * @param ref a branch, a tag or a commit
 * @param files from `cwd`, with forward slashes
 * @throws GitError when there is no such commit or no repository
 */
export async function openBefore(
  ref: string,
  { cwd, files }: { readonly cwd: string; readonly files: readonly string[] },
): Promise<Before> {
  const snapshot = await snapshotOf(ref, cwd);
  const blobs = files.length === 0 ? new Map<string, string>() : await blobsOf(snapshot, files);
  return {
    async of(loaded) {
      const { file, text, identity } = loaded;
      const blob = blobs.get(file);
      if (blob === undefined) return undefined;
      if (blob === blobIdOf(text, blob.length)) return loaded;
      const old = await runGit(['cat-file', 'blob'], { cwd, revisions: [blob] });
      try {
        return loadValues(old, { ...identity, file: `${ref}:${file}` });
      } catch (error) {
        if (error instanceof ConfigError) return error;
        throw error;
      }
    },
  };
}

async function snapshotOf(ref: string, cwd: string): Promise<Snapshot> {
  const place = await askGit(['rev-parse', '--git-dir'], { cwd });
  if (place.status !== 0) throw gitFailure(place, { command: 'rev-parse', cwd });
  const snapshot = await openSnapshot(cwd, ref);
  if (snapshot !== undefined) return snapshot;
  throw new GitError(`Cannot compare with ${ref} as a commit: git knows none of that name here`, {
    code: 'git/no-such-commit',
    path: ref,
    hint: 'Name a branch, a tag or a commit; in a shallow clone, fetch it first: git fetch origin BRANCH',
  });
}

/** Returns the ids of the files that are in the commit, by their paths as they were given. */
async function blobsOf({ cwd, commit, prefix }: Snapshot, files: readonly string[]): Promise<Map<string, string>> {
  const top = (await runGit(['rev-parse', '--show-toplevel'], { cwd })).trim();
  const inTree = new Map(files.map((file) => [posix.join(prefix, file), file]));
  const paths = [...inTree.keys()].filter((path) => !path.startsWith('../'));
  if (paths.length === 0) return new Map();
  const listing = await runGit(['ls-tree', '-z', '--full-tree'], { cwd: top, revisions: [commit], paths });
  return new Map(
    listing.split('\0').flatMap((entry) => {
      const [, type, id = '', path = ''] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      const file = inTree.get(path);
      return type === 'blob' && file !== undefined ? [[file, id] as const] : [];
    }),
  );
}

/** Returns the id that git gives to a text, so that nothing is read anew that is as it was. */
function blobIdOf(text: string, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash
    .update(`blob ${Buffer.byteLength(text)}\0`)
    .update(text)
    .digest('hex');
}
