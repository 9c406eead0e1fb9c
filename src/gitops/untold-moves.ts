import { runGit } from './git.js';

/** What a commit that says nothing of sluice does to the memory of a release, as its changes tell. */
export interface UntoldMove {
  /** Of the status before and after; 0 where there was none. */
  readonly from: number;
  readonly to: number;
  /** The last line that it adds to the ledger; undefined for none. */
  readonly evidence: string | undefined;
}

const files = { status: 'status.yaml', ledger: 'ledger.jsonl' };

/**
 * Reads what commits do to status and ledger, in one run of git.
 *
 * @param config settings for that run
 * @throws GitError when git fails
 */
export async function readUntoldMoves(
  cwd: string,
  commits: readonly string[],
  config: { readonly [key: string]: string } = {},
): Promise<Map<string, UntoldMove>> {
  const moves = new Map<string, UntoldMove>();
  if (commits.length === 0) return moves;
  // A person's settings must not change what is read.
  const options = ['-r', '-p', '--unified=0', '--no-renames', '--text', '--no-ext-diff', '--no-textconv'];
  const input = commits.map((commit) => `${commit}\n`).join('');
  const text = await runGit(['diff-tree', '--stdin', ...options], { cwd, input, config });
  for (const part of text.split(/^(?=[0-9a-f]{40,64}$)/m)) {
    const end = part.indexOf('\n');
    if (end > 0) moves.set(part.slice(0, end), moveOf(part.slice(end + 1)));
  }
  return moves;
}

function moveOf(patch: string): UntoldMove {
  const of = (name: string) =>
    patch
      .split(/^(?=diff --git )/m)
      .filter((each) => each.slice(0, each.indexOf('\n')).replace(/"$/, '').endsWith(`/${name}`))
      .join('');
  const status = of(files.status);
  const iteration = (sign: string) => Number(new RegExp(`^\\${sign}iteration: (\\d+)$`, 'm').exec(status)?.[1] ?? 0);
  const added = [...of(files.ledger).matchAll(/^\+(\{.*\})$/gm)].map(([, line]) => line);
  return { from: iteration('-'), to: iteration('+'), evidence: added.at(-1) };
}
