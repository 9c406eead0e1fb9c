import { dirname } from 'node:path';
import { GitError } from '../../errors.js';
import { askGit, gitFailure } from '../../gitops/git.js';

/** A repository that is only read: with files, or bare. */
export interface Place {
  readonly cwd: string;
  /** From the top of the repository to the folder: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly shallow: boolean;
  /** Settings for every git that reads here. */
  readonly config: { readonly [key: string]: string };
}

/** A partial clone fetches what it lacks as soon as it is asked; here it fails in place of that. */
const offline = { 'protocol.allow': 'never' };

/** Files of a commit can look like a bare repository; where someone stands inside one that no files surround, it is meant. */
const bare = { ...offline, 'safe.bareRepository': 'all' };

const questions = ['rev-parse', '--is-shallow-repository', '--show-prefix'];

/**
 * Opens the repository that a folder belongs to for reading.
 *
 * @throws GitError when there is none
 */
export async function openPlace(cwd: string): Promise<Place> {
  const found = await askGit(questions, { cwd, config: offline });
  const isBare = found.status !== 0 && /cannot use bare repository/.test(found.words) && !(await isSurrounded(cwd));
  const config = isBare ? bare : offline;
  const answer = isBare ? await askGit(questions, { cwd, config }) : found;
  if (answer.status !== 0) throw notThere(cwd, answer);
  const [shallow, prefix = ''] = answer.stdout.split('\n');
  return { cwd, prefix, shallow: shallow === 'true', config };
}

async function isSurrounded(cwd: string): Promise<boolean> {
  return (await askGit(['rev-parse', '--git-dir'], { cwd: dirname(cwd) })).status === 0;
}

function notThere(cwd: string, answer: Parameters<typeof gitFailure>[0]): GitError {
  if (!/not a git repository|cannot use bare repository/.test(answer.words)) {
    return gitFailure(answer, { command: 'rev-parse', cwd });
  }
  return new GitError(
    `Cannot read ${cwd} as a repository of decisions: it is in no Git repository, or in a bare one among other files`,
    {
      code: 'git/no-repository',
      path: cwd,
      hint: 'Run this in a clone, at the folder of sluice.yaml, or in a bare repository.',
    },
  );
}
