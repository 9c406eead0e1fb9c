import { askGit, runGit } from './git.js';

/** Whether commits are signed here: `commit.gpgSign`. */
export async function isSigning(root: string): Promise<boolean> {
  const answer = await askGit(['config', '--type=bool', '--get', 'commit.gpgSign'], { cwd: root });
  return answer.stdout.trim() === 'true';
}

/** What the commits of a chain have in common, and what each of them says. */
interface Signed {
  /** As `git var` tells it. */
  readonly author: string;
  /** What the first one stands on. */
  readonly head: string | undefined;
  readonly messages: readonly string[];
}

/**
 * Makes every commit of a chain again with a signature, by git's own settings for GPG, X.509 or SSH, and returns
 * their new ids.
 *
 * @throws GitError when git cannot sign
 */
export async function signCommits(
  root: string,
  commits: readonly string[],
  { author, head, messages }: Signed,
): Promise<string[]> {
  const answer = await runGit(['rev-parse', ...commits.map((commit) => `${commit}^{tree}`)], { cwd: root });
  const trees = answer.trim().split('\n');
  const env = authorVariables(author);
  const signed: string[] = [];
  for (const [index, tree] of trees.entries()) {
    const parent = signed.at(-1) ?? head;
    const parents = parent === undefined ? [] : ['-p', parent];
    const id = await runGit(['commit-tree', '-S', ...parents, tree], {
      cwd: root,
      input: messages[index] ?? '',
      env,
      config: { 'i18n.commitEncoding': 'UTF-8' },
    });
    signed.push(id.trim());
  }
  return signed;
}

function authorVariables(author: string): Record<string, string> {
  const [, name = '', email = '', time = ''] = /^([^<]*) <([^<>]*)> (\d+ [+-]\d+)$/.exec(author) ?? [];
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: `@${time}` };
}
