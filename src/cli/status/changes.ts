import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFile } from '../workspace.js';

/** What tells that files have changed. */
export interface Changes {
  /** Returns whether a file is another one than when this was asked last. */
  pending(): boolean;
  close(): void;
}

const watched = new Set(['values.yaml', 'status.yaml', 'ledger.jsonl']);
/** Folders that are listened to; the others are noticed at the next tick of the clock. */
const mostWatchers = 500;

/**
 * Looks for changes of the files that a status is read from.
 *
 * @param wake called soon after something has happened below; the system may miss changes, so the clock asks as well
 */
export function lookForChanges({ root, releases }: Places, wake: () => void): Changes {
  let stamp = '';
  let watchers: FSWatcher[] = [];
  let folders = '';
  const listen = (wanted: readonly string[]) => {
    const key = wanted.join('\0');
    if (key === folders) return;
    folders = key;
    for (const watcher of watchers) watcher.close();
    watchers = wanted.slice(0, mostWatchers).flatMap((folder) => listenTo(folder, wake));
  };
  return {
    pending() {
      const files = filesBelow(join(root, releases));
      listen([...new Set([root, join(root, '.git'), join(root, releases), ...files.map((file) => dirname(file))])]);
      const now = [join(root, projectFile), ...files].map(stampOf).join('\n');
      const changed = now !== stamp;
      stamp = now;
      return changed;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Where they are. */
export interface Places {
  readonly root: string;
  /** The folder of the values files, from the root. */
  readonly releases: string;
}

/** A folder that cannot be listened to, on a network or beyond the system's limit, is left to the clock. */
function listenTo(folder: string, wake: () => void): FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, wake);
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => watched.has(path.slice(path.lastIndexOf('/') + 1)))
      .map((path) => join(folder, path));
  } catch {
    return [];
  }
}

function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? file : `${file} ${stats.ino} ${stats.size} ${stats.mtimeMs}`;
}
