import { askGit } from '../../gitops/git.js';
import type { GitSettings } from '../../values/project/git.js';
import type { OptionValues } from '../command.js';

/** Where the commits of a command are. */
export interface Whereabouts {
  readonly pushed: boolean;
  /** How a person is told; with what to do where nobody else sees them yet. */
  readonly words: string;
}

/** Returns where the commits of this run are. */
export async function whereabouts(
  options: OptionValues,
  { git, cwd }: { readonly git: GitSettings; readonly cwd: string },
): Promise<Whereabouts> {
  const { remote } = git;
  const branch = (await askGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], { cwd })).stdout.trim();
  if (git.backend !== 'local' || options.push === true) return { pushed: true, words: `pushed to ${remote} ${branch}` };
  const { status } = await askGit(['remote', 'get-url', remote], { cwd });
  const next = status === 0 ? `to push: git push ${remote} ${branch}` : `there is no remote ${remote} to push to`;
  return { pushed: false, words: `committed here only; ${next}` };
}
