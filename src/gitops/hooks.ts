import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runGit } from './git.js';

/** Those that `git commit` runs. */
const commitHooks = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'];

/** Whether the repository has a hook that has its say in commits, wherever git's settings keep hooks. */
export async function hasCommitHooks(root: string): Promise<boolean> {
  const folder = (await runGit(['rev-parse', '--git-path', 'hooks'], { cwd: root })).replace(/\n$/, '');
  const found = await Promise.all(commitHooks.map((hook) => isExecutable(resolve(root, folder, hook))));
  return found.includes(true);
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
