/** A working copy in which no commit can be made. */
export interface Fault {
  /** Lines of sh. */
  readonly arrange: string;
  /** In this order. */
  readonly says: readonly [code: string | RegExp, message: string | RegExp, hint: string | RegExp];
  /** What the hint says, as lines of sh. */
  readonly cure: string;
}

const object = (name: string) => `.git/objects/$(git rev-parse ${name} | sed s,..,\\&/,)`;
const away = (path: string): Pick<Fault, 'arrange' | 'cure'> => ({
  arrange: `p=${path}; echo $p > .git/path; mv $p .git/kept`,
  cure: 'rm -f $(cat .git/path); mv .git/kept $(cat .git/path)',
});
const conflict = `git stash -q && git switch -q -c theirs && echo 2 > other && git commit -qam theirs
git switch -q main && git checkout -q -b mine && echo 3 > other && git commit -qam mine
git branch -q -f main mine && git switch -q main`;
const give = 'git reset -q --hard origin/main 2> /dev/null || git reset -q --hard main~1; git stash pop -q';
/** Without a merge that is under way. */
const unmerged = (path: string) =>
  `git switch -q -c theirs; for i in 5 6; do echo $i > ${path}; git commit -qm $i ${path}; done
git switch -q main; git cherry-pick --no-commit theirs`;
const fsck = 'git fsck';

/** Whatever the backend. */
export const faults: Record<string, Fault> = {
  'a missing commit': {
    ...away(object('HEAD')),
    says: ['git/damaged', /its commit [0-9a-f]{10} is missing or damaged/, fsck],
  },
  'an empty commit': {
    arrange: `${away(object('HEAD')).arrange}; : > $p`,
    cure: away('').cure,
    says: ['git/damaged', /its commit [0-9a-f]{10} is missing or damaged/, fsck],
  },
  'a missing tree': { ...away(object('HEAD^{tree}')), says: [/-tree-failed$/, 'tree', fsck] },
  'a cut branch': {
    arrange: 'head -c 20 .git/refs/heads/main > .git/short; mv .git/short .git/refs/heads/main',
    says: [
      'git/damaged',
      'refs/heads/main holds no commit',
      /^Delete .*\.git\/refs\/heads\/main and bring the branch back: git update-ref refs\/heads\/main [0-9a-f]{40}$/,
    ],
    cure: 'rm .git/refs/heads/main; git update-ref refs/heads/main $(tail -1 .git/logs/refs/heads/main | cut -d" " -f2)',
  },
  'a branch that is gone': {
    arrange: 'rm .git/refs/heads/main',
    says: [
      'git/damaged',
      'refs/heads/main holds no commit',
      /^Bring the branch back: git update-ref refs\/heads\/main/,
    ],
    cure: 'git update-ref refs/heads/main $(tail -1 .git/logs/refs/heads/main | cut -d" " -f2)',
  },
  'a branch that names no commit': {
    arrange: `cp .git/refs/heads/main .git/kept; echo ${'12'.repeat(20)} > .git/refs/heads/main`,
    says: ['git/damaged', 'its commit 1212121212 is missing', fsck],
    cure: 'mv .git/kept .git/refs/heads/main',
  },
  'an empty HEAD': {
    arrange: ': > .git/HEAD',
    says: ['git/damaged', /git takes .*\/\.git for no repository$/, /ref: refs\/heads\/BRANCH into .*\.git\/HEAD/],
    cure: 'echo "ref: refs/heads/main" > .git/HEAD',
  },
  'an index that is none': {
    arrange: 'echo none > .git/index',
    says: [
      /^git\/(check-attr|update-index)-failed$/,
      '.git/index: index file smaller than expected',
      /^Delete the index .*git reset$/,
    ],
    cure: 'rm .git/index; git reset -q',
  },
  'an index that is gone': {
    arrange: 'rm .git/index',
    says: ['git/damaged', 'its index is gone', 'git reset'],
    cure: 'git reset -q',
  },
  'settings that cannot be read': {
    arrange: 'cp .git/config .git/kept; echo "[" >> .git/config',
    says: ['git/rev-parse-failed', /bad config line \d+ in file \.git\/config/, 'Correct that line of .git/config'],
    cure: 'mv .git/kept .git/config',
  },
  'packed refs that are none': {
    arrange: 'echo none > .git/packed-refs',
    says: ['git/rev-parse-failed', 'unexpected line in .git/packed-refs', 'Take that line out of .git/packed-refs'],
    cure: 'rm .git/packed-refs',
  },
  'a detached HEAD': {
    arrange: 'git switch -q --detach',
    says: ['git/detached', /HEAD is detached at [0-9a-f]{40}/, 'git switch BRANCH'],
    cure: 'git switch -q main',
  },
  ...Object.fromEntries(
    ['merge', 'rebase', 'cherry-pick', 'revert'].map((operation) => [
      `a ${operation} under way`,
      {
        arrange: `${conflict}\ngit ${operation} ${operation === 'revert' ? 'theirs --no-edit' : 'theirs'} || true`,
        says: ['git/busy', `a ${operation} is in progress`, `git ${operation} --abort`],
        cure: `git ${operation} --abort; ${give}`,
      } satisfies Fault,
    ]),
  ),
  'patches that are applied': {
    arrange: `${conflict}\ngit format-patch -q -1 --stdout theirs > .git/patch; git am -q .git/patch || true`,
    says: ['git/busy', 'an am is in progress', 'git am --abort'],
    cure: `git am --abort; ${give}`,
  },
  'the rest of a cherry-pick of several commits': {
    arrange: 'mkdir .git/sequencer; touch .git/sequencer/todo',
    says: ['git/busy', 'a cherry-pick is in progress', 'git cherry-pick --abort'],
    cure: 'rm -r .git/sequencer',
  },
  'a search for a commit': {
    arrange: 'git bisect start',
    says: ['git/busy', 'a bisect is in progress', 'git bisect reset'],
    cure: 'git bisect reset',
  },
};

/** Where commits are made at home. */
export const faultsAtHome: Record<string, Fault> = {
  ...Object.fromEntries(
    ['index', 'HEAD', 'refs/heads/main'].map((name) => [
      `the lock ${name}.lock`,
      {
        arrange: `touch .git/${name}.lock`,
        says: [
          name === 'index' ? 'git/update-index-failed' : 'git/update-ref-failed',
          `${name}.lock': File exists`,
          new RegExp(`when none runs any more, delete the lock that it left: .*/\\.git/${name}\\.lock$`),
        ],
        cure: `rm .git/${name}.lock`,
      } satisfies Fault,
    ]),
  ),
  'a conflict that nobody has resolved': {
    arrange: unmerged('r/a'),
    says: ['git/dirty', 'r/a differs from HEAD', 'stash'],
    cure: 'git reset --merge',
  },
};

/** Where the server was ahead. */
export const faultsOnTheWay: Record<string, Fault> = {
  'what is known of the server and cannot be read': {
    arrange: 'echo none > .git/refs/remotes/origin/main',
    says: ['git/fetch-failed', 'refs/remotes/origin/main', 'git update-ref -d refs/remotes/origin/main'],
    cure: 'rm .git/refs/remotes/origin/main',
  },
  ...Object.fromEntries(
    ['index', 'HEAD', 'refs/heads/main', 'refs/remotes/origin/main'].map((name) => [
      `the lock ${name}.lock`,
      {
        arrange: `touch .git/${name}.lock`,
        says: [
          /index/.test(name)
            ? 'git/update-index-failed'
            : name.includes('origin')
              ? 'git/fetch-failed'
              : 'git/update-ref-failed',
          `${name}.lock': File exists`,
          new RegExp(`when none runs any more, delete the lock that it left: .*/\\.git/${name}\\.lock$`),
        ],
        cure: `rm .git/${name}.lock`,
      } satisfies Fault,
    ]),
  ),
  'a conflict that nobody has resolved': {
    arrange: unmerged('other'),
    says: ['git/in-the-way', 'resolve your current index first', 'git reset --merge'],
    cure: 'git reset --merge',
  },
  'a branch that the server does not have': {
    arrange: 'git switch -q -c mine',
    says: ['git/diverged', 'the server has no such branch', /git push origin mine.*git\.branch in sluice\.yaml/],
    cure: 'git switch -q main',
  },
};
