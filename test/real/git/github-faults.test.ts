import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Published } from '../../../src/gitops/backend.js';
import { scratchName } from '../../../src/gitops/github/scratch-branch.js';
import { change, planOf } from '../../gitops/conformance/backend-suite.js';
import { scratchFolder } from '../../gitops/scratch-repository.js';
import { type Operation, type Trouble, wrong } from './github-fake.js';
import { type GithubGround, type GithubOptions, githubGround, githubToken } from './github-ground.js';

const files = { 'r/a.yaml': 'weight: 0\n', 'r/b.yaml': 'weight: 0\n', other: '1\n' };
const plans = [planOf('one', [change('r/a.yaml', '1\n')]), planOf('two', [change('r/b.yaml', '2\n')])];
const badGateway = { status: 502, body: '<html>502</html>' };
const grounds: GithubGround[] = [];

afterEach(() => {
  for (const { fake, git, told } of grounds.splice(0)) {
    expect(fake.faults).toEqual([]);
    // Nothing is left, or it is said.
    const left = git('for-each-ref', '--format=%(refname)', 'refs/heads/sluice/');
    expect(left === '' || told.join('').includes(left.replace('refs/heads/', ''))).toBe(true);
    expect(JSON.stringify([told, fake.asked.map(({ path, body }) => [path, body])])).not.toContain(githubToken);
  }
});

async function made(options: GithubOptions = {}): Promise<GithubGround> {
  const ground = await githubGround(files, options);
  grounds.push(ground);
  return ground;
}

/** Publishes both plans, and returns the error where there is one. */
async function outcome({ backend }: GithubGround): Promise<Published | (Error & { code: string; hint: string })> {
  const repository = await backend.sync();
  return backend.publish(repository, plans).catch((error) => error);
}

/** The subjects of the branch, oldest first. */
function subjects({ git }: GithubGround): string[] {
  return git('log', '--reverse', '--format=%s', 'main').split('\n');
}

const both = ['chore: ground', 'chore(one): do one', 'chore(two): do two'];

describe('github', () => {
  it('asks for as little as it can, and leaves author and committer to GitHub', async () => {
    const ground = await made();
    expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    const commits: Operation[] = ['createCommitOnBranch', 'createCommitOnBranch'];
    expect(ground.fake.operations()).toEqual([
      'get ref',
      'create ref',
      ...commits,
      'repository',
      'updateRefs',
      'list refs',
    ]);
    expect(ground.git('log', '-1', '--format=%an, %cn', 'main')).toBe('sluice[bot], GitHub');
  });

  it('asks nothing where nothing changes', async () => {
    const { backend, fake } = await made();
    await backend.publish(await backend.sync(), [planOf('one', [change('r/a.yaml', 'weight: 0\n')])]);
    expect(fake.asked).toEqual([]);
  });

  it('says what to do about a repository without a commit', async () => {
    const { backend } = await made();
    const publishing = backend.publish({ ...(await backend.sync()), head: undefined }, plans);
    await expect(publishing).rejects.toMatchObject({
      code: 'git/no-commit',
      hint: expect.stringContaining('git push'),
    });
  });

  const operations: Operation[] = ['create ref', 'createCommitOnBranch', 'updateRefs'];
  const troubles: [string, Trouble][] = [
    ['cuts the line', 'die'],
    ['cuts the line after it was done', 'die after'],
    ['breaks off', badGateway],
    ['breaks off after it was done', { ...badGateway, after: true }],
    ['hangs', 'hang'],
    ['hangs after it was done', 'hang after'],
  ];

  it.each(operations.flatMap((each) => troubles.map(([how, trouble]) => [each, how, trouble] as const)))(
    'publishes once where %s %s',
    async (operation, how, trouble) => {
      // What hangs is waited for as long; what does not must have the time that a busy machine takes.
      const ground = await made(how.startsWith('hangs') ? { timeout: 5000 } : {});
      ground.fake.trouble(operation, trouble);
      expect(await outcome(ground)).toMatchObject({ kind: 'published', head: ground.git('rev-parse', 'main') });
      expect(subjects(ground)).toEqual(both);
      expect(ground.copy.read('r/b.yaml')).toBe('2\n');
    },
  );

  it.each(operations)('publishes nothing where %s never works', async (operation) => {
    const ground = await made();
    ground.fake.trouble(operation, 'die', badGateway, 'die', badGateway);
    expect(await outcome(ground)).toMatchObject({
      code: 'git/server-trouble',
      hint: expect.stringContaining('next run'),
    });
    expect(subjects(ground)).toEqual(['chore: ground']);
    expect(ground.copy.read('r/a.yaml')).toBe('weight: 0\n');
  });

  it('knows by the scratch branch what was done, where it cannot look', async () => {
    const ground = await made();
    ground.fake.before = (operation) => {
      // Looked at twice, each with three tries.
      if (operation === 'updateRefs') ground.fake.trouble('get ref', ...Array(6).fill(badGateway));
    };
    ground.fake.trouble('updateRefs', 'die after');
    expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    expect(ground.fake.operations().slice(-2)).toEqual(['delete ref', 'list refs']);
    expect(subjects(ground)).toEqual(both);
  });

  it('has published what somebody else has gone on from before there was an answer', async () => {
    const ground = await made();
    ground.fake.trouble('updateRefs', 'die after');
    let isDone = false;
    ground.fake.before = (operation) => {
      if (operation === 'updateRefs') isDone = true;
      else if (isDone && ground.git('rev-list', '--count', 'main') === '3') ground.person({ other: 'mine\n' });
    };
    const published = await outcome(ground);
    expect(published).toMatchObject({ kind: 'published', head: ground.git('rev-parse', 'main~1') });
    expect(subjects(ground)).toEqual([...both, 'feat: theirs']);
    await ground.backend.sync();
    expect(ground.copy.read('other')).toBe('mine\n');
  });

  it.each<Operation>(['get ref', 'create ref', 'createCommitOnBranch', 'updateRefs'])(
    'publishes nothing where somebody commits just before %s',
    async (operation) => {
      const ground = await made();
      let isDone = false;
      ground.fake.before = (each) => {
        if (each !== operation || isDone) return;
        isDone = true;
        ground.person({ other: 'mine\n' });
      };
      expect(await outcome(ground)).toMatchObject({ kind: 'moved', reason: expect.stringContaining('main') });
      expect(subjects(ground)).toEqual(['chore: ground', 'feat: theirs']);
      expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    },
  );

  it.each<Operation>(['create ref', 'updateRefs'])(
    'brings back no commit that somebody takes away just before %s',
    async (operation) => {
      const ground = await made();
      ground.person({ other: 'a mistake\n' });
      ground.fake.before = (each) => {
        if (each === operation) ground.git('update-ref', 'refs/heads/main', 'main~1');
      };
      expect(await outcome(ground)).toMatchObject({ kind: 'moved' });
      expect(subjects(ground)).toEqual(['chore: ground']);
      ground.fake.before = undefined;
      expect(await outcome(ground)).toMatchObject({ kind: 'published' });
      expect(subjects(ground)).toEqual(both);
      expect(ground.told.join('')).toContain('has moved');
    },
  );

  const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

  it.each<[string, Operation, Trouble]>([
    ['429 with Retry-After', 'create ref', wrong(429, secondary, { 'retry-after': '1' })],
    ['403 with Retry-After', 'createCommitOnBranch', wrong(403, secondary, { 'retry-after': '1' })],
    ['429 with a reset', 'updateRefs', wrong(429, 'API rate limit exceeded', primaryLimit(0))],
    ['200 with RATE_LIMITED', 'updateRefs', limitedAnswer(primaryLimit(0))],
  ])('waits for a short limit: %s', async (_, operation, trouble) => {
    const ground = await made();
    ground.fake.trouble(operation, trouble);
    const start = Date.now();
    expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    expect(Date.now() - start).toBeGreaterThanOrEqual(990);
    expect(subjects(ground)).toEqual(both);
  });

  it.each<[string, Operation, Trouble]>([
    ['Retry-After', 'createCommitOnBranch', wrong(403, secondary, { 'retry-after': '3600' })],
    ['a reset', 'get ref', wrong(403, 'API rate limit exceeded for user ID 1.', primaryLimit(3600))],
    ['RATE_LIMITED', 'updateRefs', limitedAnswer(primaryLimit(3600))],
    ['one that goes beyond the timeout', 'create ref', wrong(429, secondary, { 'retry-after': '20' })],
  ])('says when it goes on where a limit is long: %s', async (_, operation, trouble) => {
    const ground = await made({ timeout: 10_000 });
    ground.fake.trouble(operation, trouble);
    const error = await outcome(ground);
    expect(error).toMatchObject({ code: 'git/limited' });
    expect((error as Error).message).toMatch(/no more requests until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    expect(subjects(ground)).toEqual(['chore: ground']);
  });

  const rules = 'Repository rule violations found\n\nChanges must be made through a pull request.';
  const forbidden = 'Resource not accessible by integration';

  it.each<[string, Operation, Trouble, string, string]>([
    ['a protected branch', 'updateRefs', graphqlError('UNPROCESSABLE', rules), 'git/protected', 'pull requests'],
    ['a rule for all branches', 'create ref', wrong(422, rules), 'git/protected', 'pull requests'],
    ['a token that may only read', 'create ref', wrong(403, forbidden), 'git/forbidden', 'contents: write'],
    [
      'an app that may only read',
      'createCommitOnBranch',
      graphqlError('FORBIDDEN', forbidden),
      'git/forbidden',
      'contents',
    ],
    ['a token that is no longer one', 'get ref', wrong(401, 'Bad credentials'), 'git/unauthorized', 'Renew the token'],
    ['a repository that is empty', 'get ref', wrong(409, 'Git Repository is empty.'), 'git/refused', 'words of GitHub'],
    ['a conflict', 'create ref', wrong(409, 'Conflict'), 'git/refused', 'words of GitHub'],
    ['a commit that it does not know', 'create ref', wrong(422, 'Object does not exist'), 'git/refused', 'words'],
    [
      'another server',
      'get ref',
      { status: 301, headers: { location: 'http://127.0.0.1:9/' } },
      'git/redirected',
      'git.url',
    ],
  ])('says what to do about %s', async (_, operation, trouble, code, hint) => {
    const ground = await made();
    ground.fake.trouble(operation, trouble);
    expect(await outcome(ground)).toMatchObject({ code, hint: expect.stringContaining(hint), path: ground.fake.url });
    if (typeof trouble === 'object' && trouble.status === 301) ground.fake.faults.splice(0);
    expect(subjects(ground)).toEqual(['chore: ground']);
    expect(ground.copy.status()).toEqual([]);
  });

  it('removes the scratch branches of passes that were killed an hour ago or more, and no other branch', async () => {
    const ground = await made();
    const at = (hours: number) => scratchName(Date.now() - hours * 3_600_000);
    const left = [at(1.1), at(400)];
    const other = [at(0.9), 'sluice/scratch', 'sluice/scratch@mine', 'sluice/r.2026'];
    for (const branch of [...left, ...other]) ground.git('branch', branch, 'main');
    expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    const branches = () => ground.git('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/sluice/').split('\n');
    expect(branches()).toEqual(other.toSorted());
    expect(ground.told.join('')).toContain(`what a killed pass had left: ${left.toSorted().join(', ')}\n`);
    for (const branch of other) ground.git('branch', '-D', branch);
  });

  it('says nothing of scratch branches that cannot be removed', async () => {
    const ground = await made();
    const left = scratchName(0);
    ground.git('branch', left, 'main');
    ground.fake.trouble('list refs', wrong(403, 'Resource not accessible by integration'));
    expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    expect(ground.told).toEqual([]);
    ground.git('branch', '-D', left);
  });

  it('gives the commits of a run a number of its own', async () => {
    const ground = await made();
    expect(await outcome(ground)).toMatchObject({ kind: 'published' });
    const passes = ground.git('log', '--format=%(trailers:key=Sluice-Pass,valueonly,separator=)', '-2', 'main');
    expect(passes).toMatch(/^([0-9a-f]{8})\n\1$/);
  });

  it('says that a repository cannot be seen, and not that its branch is gone', async () => {
    const ground = await made({ settings: { repository: 'ada/other' } });
    expect(await outcome(ground)).toMatchObject({ code: 'git/not-found', hint: expect.stringContaining('may see it') });
  });

  it('follows later where git shows the branch as it was', async () => {
    const ground = await made();
    const mirror = join(scratchFolder(), 'mirror.git');
    ground.copy.git('clone', '--quiet', '--bare', ground.server, mirror);
    ground.copy.git('remote', 'set-url', 'origin', mirror);
    expect(await outcome(ground)).toMatchObject({ kind: 'published', head: ground.git('rev-parse', 'main') });
    expect(ground.told.join('')).toMatch(
      /published, but the working copy stays behind: .* does not show that commit yet/,
    );
    expect(await outcome(ground)).toMatchObject({ kind: 'moved' });
    expect(subjects(ground)).toEqual(both);
    ground.git('push', '--quiet', mirror, 'main');
    await ground.backend.sync();
    expect(ground.copy.git('rev-parse', 'HEAD')).toBe(ground.git('rev-parse', 'main'));
  });

  it('publishes, and says so, where the working copy cannot follow', async () => {
    const ground = await made();
    const repository = await ground.backend.sync();
    ground.copy.write('r/a.yaml', 'mine\n');
    expect(await ground.backend.publish(repository, plans)).toMatchObject({ kind: 'published' });
    expect(subjects(ground)).toEqual(both);
    expect(ground.told.join('')).toContain('the working copy stays behind');
    expect(ground.copy.read('r/a.yaml')).toBe('mine\n');
  });
});

function primaryLimit(seconds: number): Record<string, string> {
  return { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${Math.floor(Date.now() / 1000) + seconds}` };
}

function limitedAnswer(headers: Readonly<Record<string, string>>): Trouble {
  return { ...graphqlError('RATE_LIMITED', 'API rate limit exceeded for user ID 1.'), headers };
}

function graphqlError(type: string, message: string) {
  return { status: 200, body: { data: null, errors: [{ type, message }] } };
}
