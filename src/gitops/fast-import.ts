import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, gitFailure, runGit } from './git.js';
import type { Repository } from './repository.js';
import { isSigning, signCommits } from './signing.js';
import type { TreeEntry } from './tree-entries.js';

/** One file of a commit. */
export interface ImportedChange {
  readonly path: string;
  /** Undefined where the file goes. */
  readonly entry: TreeEntry | undefined;
  /** Undefined where git has it. */
  readonly content: string | undefined;
}

/** A commit before it is one. */
export interface CommitDraft {
  readonly message: string;
  readonly changes: readonly ImportedChange[];
}

/** A branch that git forgets before it writes any: its commits are what stays. */
const passing = 'refs/sluice/chain';

/**
 * Makes a chain of commits by one git and returns their ids, oldest first; signed where git's settings ask for that.
 *
 * @throws GitError when git does not know who commits, cannot sign, or cannot write
 */
export async function importCommits(
  repository: Pick<Repository, 'root' | 'gitDir' | 'head'>,
  drafts: readonly CommitDraft[],
): Promise<string[]> {
  if (drafts.length === 0) return [];
  const { root, head } = repository;
  const [author, committer, signing] = await Promise.all([
    identity(root, 'GIT_AUTHOR_IDENT'),
    identity(root, 'GIT_COMMITTER_IDENT'),
    isSigning(root),
  ]);
  const input = streamOf(drafts, { author, committer, head });
  const answer = await askGit(['fast-import', '--quiet'], { cwd: root, input });
  if (answer.status !== 0) {
    const report = /fast_import_crash_\d+/.exec(answer.words)?.[0];
    if (report !== undefined) await rm(join(repository.gitDir, report), { force: true });
    const words = answer.words.replace(/^fast-import: dumping crash report.*$/m, '').trim();
    throw gitFailure({ ...answer, words }, { command: 'fast-import', cwd: root });
  }
  const ids = answer.stdout.trim().split('\n');
  return signing ? signCommits(root, ids, { author, head, messages: drafts.map(({ message }) => message) }) : ids;
}

async function identity(root: string, name: 'GIT_AUTHOR_IDENT' | 'GIT_COMMITTER_IDENT'): Promise<string> {
  return (await runGit(['var', name], { cwd: root })).trim();
}

interface Identities {
  readonly author: string;
  readonly committer: string;
  readonly head: string | undefined;
}

/** One commit after the other: all evidence of a pass is in them. */
function* streamOf(drafts: readonly CommitDraft[], { author, committer, head }: Identities): Iterable<Buffer> {
  yield Buffer.from('feature done\n');
  for (const [index, { message, changes }] of drafts.entries()) {
    const parts = [
      `commit ${passing}\nmark :${index + 1}\nauthor ${author}\ncommitter ${committer}\n`,
      `data ${Buffer.byteLength(message)}\n${message}\n`,
      index === 0 && head !== undefined ? `from ${head}\n` : '',
      ...changes.map(commandOf),
      '\n',
    ];
    yield Buffer.from(parts.join(''));
  }
  // Names of the commits first, then the branch is forgotten.
  const marks = drafts.map((_, index) => `get-mark :${index + 1}\n`);
  // To have it deleted would take locks on refs, which stay behind where git is killed.
  yield Buffer.from(`${marks.join('')}reset ${passing}\n\ndone\n`);
}

function commandOf({ path, entry, content }: ImportedChange): string {
  // A name is taken as it is, but for a quote at its start.
  const name = path.startsWith('"') ? `"${path.replaceAll('"', '\\"')}"` : path;
  if (entry === undefined) return `D ${name}\n`;
  if (content === undefined) return `M ${entry.mode} ${entry.id} ${name}\n`;
  return `M ${entry.mode} inline ${name}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
}
