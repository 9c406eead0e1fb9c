import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { twoDecided } from './decided.js';
import { atTerminal, plain, twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace, scratchFolder, sluice } from './workspace.js';

interface Entry {
  readonly kind: string;
  readonly release: string;
  readonly summary: string;
  readonly commit: string;
  readonly [key: string]: unknown;
}

let decided: ScratchWorkspace;
let tip: string;

/** Two releases, one of which failed; a person's commits go on top and are taken away again. */
beforeAll(async () => {
  decided = await twoDecided();
  tip = decided.head;
});

async function entries(workspace = decided, ...argv: readonly string[]): Promise<Entry[]> {
  const { code, stdout, stderr } = await workspace.run('history', '-o', 'json', ...argv);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).entries;
}

/** Commits as a person who writes a message of their own. */
function say(message: string, files: { readonly [path: string]: string } = {}): string {
  for (const [path, content] of Object.entries(files)) decided.write(path, content);
  decided.git('add', '--all');
  decided.git('commit', '--quiet', '--allow-empty', '--cleanup=verbatim', '--message', message);
  return decided.head;
}

test('sluice history lists decisions, newest first, with what they rest on', async () => {
  decided.reset(tip);
  const found = await entries();

  expect(found.map(({ release, summary }) => `${release}: ${summary}`)).toEqual([
    'reviews: promote reviews-v2',
    'reviews: candidate reviews-v2 5 % → 50 %',
    'team/ratings: roll back ratings-v2 5 % → 0 %',
    'team/ratings: candidate ratings-v2 0 % → 5 %',
    'reviews: candidate reviews-v2 0 % → 5 %',
  ]);
  expect(found[0]).toMatchObject({
    kind: 'decision',
    release: 'reviews',
    decision: 'promote',
    verdict: 'pass',
    evidence: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
    inLedger: true,
    by: { name: 'Ada', email: 'ada@example.test' },
    commit: tip,
    reason: expect.stringContaining('reviews-v2 keeps error-rate'),
  });
});

test('sluice history RELEASE tells of one release, by its folder or the end of it', async () => {
  decided.reset(tip);
  const short = await entries(decided, 'ratings');
  expect(short.map(({ summary }) => summary)).toEqual([
    'roll back ratings-v2 5 % → 0 %',
    'candidate ratings-v2 0 % → 5 %',
  ]);
  expect(await entries(decided, 'team/ratings')).toEqual(short);
});

test('sluice history tells of a release that is gone', async () => {
  decided.reset(tip);
  decided.remove('releases/team');
  decided.commit({});
  expect(await entries(decided, 'ratings')).toHaveLength(2);
});

test('sluice history knows nothing of a name that nothing was ever called', async () => {
  decided.reset(tip);
  for (const name of ['rating', '../reviews', '']) {
    const { code, stderr } = await decided.run('history', name);
    expect(code).toBe(2);
    expect(stderr).toContain('Cannot find the release');
  }
});

test('sluice history prints when, what, why and by whom; in full with --verbose', async () => {
  decided.reset(tip);
  const printed = await decided.ran('history', 'reviews', '-n', '1');
  const [head, why, ...rest] = printed.split('\n');
  expect(head).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\dZ {2}reviews {2}promote reviews-v2 {2}pass {2}Ada {2}[0-9a-f]{10}$/);
  expect(why).toMatch(/^ {2}reviews-v2 keeps error-rate/);
  expect(rest).toEqual(['']);

  const full = await decided.ran('history', 'reviews', '-n', '1', '--verbose');
  expect(full).toContain('by Ada <ada@example.test>');
  expect(full).toContain(`commit ${tip}`);
  expect(full).toMatch(/evidence sha256:[0-9a-f]{16}, in ledger.jsonl as it stands/);
});

test('sluice history -n and --since leave out what is older', async () => {
  decided.reset(tip);
  expect(await entries(decided, '-n', '2')).toHaveLength(2);
  expect((await decided.run('history', '-n', '2')).stderr).toContain('3 more are older; -n 5 shows them all');
  execFileSync('git', ['commit', '--quiet', '--amend', '--no-edit', '--date=2001-02-03T04:05:06Z'], {
    cwd: decided.folder,
  });
  expect(await entries(decided, '--since', '2 days ago')).toHaveLength(4);
  expect(await entries(decided, '--since', '2001-02-02')).toHaveLength(5);
  expect(await entries(decided, '--since', 'Feb 2nd 2001 10:00 CEST')).toHaveLength(5);
  expect(await entries(decided, '--since', '2001-02-02T00:00:00Z')).toHaveLength(5);
});

test.each([
  ['-n', '0'],
  ['-n', 'many'],
  ['--since', 'blue'],
  ['--since', 'blue 3'],
  ['--since', ''],
  ['-o', 'yaml'],
])('sluice history refuses %s %s', async (...words) => {
  decided.reset(tip);
  const { code, stdout, stderr } = await decided.run('history', ...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('hint:');
});

test("sluice history shows a person's revert as such, and the revert of that", async () => {
  decided.reset(tip);
  decided.git('revert', '--no-edit', tip);
  const revert = decided.head;
  decided.git('revert', '--no-edit', revert);
  const [again, back] = await entries();

  expect(back).toMatchObject({
    kind: 'revert',
    release: 'reviews',
    summary: 'reverts: promote reviews-v2',
    reverts: [tip],
  });
  expect(again).toMatchObject({ kind: 'revert', release: 'reviews', reverts: [revert] });
  expect(again?.summary).toContain('takes back the revert');
});

test('sluice history says of evidence that a revert took out of the ledger that it is not there', async () => {
  decided.reset(tip);
  decided.git('revert', '--no-edit', tip);
  expect((await entries()).find(({ commit }) => commit === tip)).toMatchObject({ inLedger: false });
});

test('sluice history takes a commit that only quotes a revert for none', async () => {
  decided.reset(tip);
  say(`docs: how to go back\n\nThis reverts commit ${'0'.repeat(40)}.\n`, { 'README.md': 'x' });
  expect(await entries()).toHaveLength(5);
});

const trailers = (lines: string) => `chore(reviews): promote reviews-v9\n\nbecause\n\n${lines}\n`;
const whole =
  'Sluice-Release: reviews\nSluice-Decision: promote\nSluice-Iteration: 9\nSluice-Verdict: pass\nSluice-Evidence: sha256:0123456789abcdef';

test.each([
  ['changes nothing', {}, 'it changes nothing'],
  ['changes another file', { 'README.md': 'x' }, 'it changes no status.yaml'],
  ['has evidence nowhere', { 'releases/reviews/status.yaml': 'x' }, 'it changes no ledger.jsonl'],
])('sluice history shows forged trailers on a commit that %s as not from sluice', async (_, files, doubt) => {
  decided.reset(tip);
  say(trailers(whole), files);
  const [forged, ...others] = await entries();
  expect(forged).toMatchObject({ kind: 'not from sluice', doubt });
  expect(others).toHaveLength(5);
  expect(await decided.ran('history')).toMatch(/promote reviews-v9 +not from sluice/);
});

test.each([
  ['twice', `${whole}\nSluice-Decision: advance`, 'it has 2 Sluice-Decision'],
  ['without a release', 'Sluice-Decision: promote', 'it has no Sluice-Release'],
  ['with an iteration that is none', whole.replace('9', 'nine'), 'its Sluice-Iteration is "nine"'],
  ['with evidence that is none', whole.replace(/sha256:.*/, 'trust me'), 'its Sluice-Evidence is "trust me"'],
  ['in the middle', `${whole}\n\nand so on`, 'its trailers are not the end of its message'],
])('sluice history passes over trailers %s, and says so', async (_, lines, reason) => {
  decided.reset(tip);
  const commit = say(trailers(lines), { 'releases/reviews/status.yaml': 'x', 'releases/reviews/ledger.jsonl': 'x' });
  const { stdout, stderr } = await decided.run('history');
  expect(stdout).not.toContain('reviews-v9');
  expect(stderr).toContain(`skipped ${commit.slice(0, 10)}: ${reason}`);
});

test('sluice history reads names and messages that try to be something else', async () => {
  decided.reset(tip);
  decided.git('config', 'user.name', 'Eve\x1b[31m');
  say('chore: \x1b]0;owned\x07\n\nSluice-Release: ../../../../etc\u202e\nSluice-Evidence: sha256:0123456789abcdef\n', {
    'releases/x/ledger.jsonl': 'x',
    '\nreleases/reviews/status.yaml': 'x',
  });
  decided.git('config', 'user.name', 'Ada');
  const printed = [await decided.ran('history', '--verbose'), await decided.ran('history', '-o', 'json')];
  expect(printed[0]).toContain(']0;owned');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  for (const text of printed) expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

test('sluice history reads the same whatever a person has set for git', async () => {
  decided.reset(tip);
  const before = await entries();
  const settings = [
    'log.showSignature=true',
    'log.date=relative',
    'trailer.separators==',
    'grep.patternType=fixed',
    'log.follow=true',
    'diff.relative=true',
    'core.quotePath=true',
    'color.ui=always',
  ];
  for (const [key = '', value = ''] of settings.map((each) => each.split(/=(.*)/s))) decided.git('config', key, value);
  expect(await entries()).toEqual(before);
  for (const setting of settings) decided.git('config', '--unset', setting.split('=')[0] ?? '');
});

test('sluice history works in a shallow clone, and says that it ends there', async () => {
  decided.reset(tip);
  const folder = scratchFolder();
  execFileSync('git', ['clone', '--quiet', '--depth=2', `file://${decided.folder}`, folder]);
  const { code, stdout, stderr } = await sluice(['history', '-o', 'json'], { cwd: folder });
  expect(code).toBe(0);
  const { shallow, entries: found } = JSON.parse(stdout);
  expect(shallow).toBe(true);
  expect(found.map(({ kind }: Entry) => kind)).toEqual(['decision', 'decision']);
  expect(stderr).toContain('this clone is shallow');
});

test('sluice history works below the top of a repository, and leaves out what is elsewhere', async () => {
  const values = twoVersions('reviews', [100, 0], evaluationValues);
  const workspace = new ScratchWorkspace(
    { 'a/releases/reviews/values.yaml': values, 'b/other.txt': '' },
    { below: 'a' },
  );
  const message = (name: string) => `chore(${name}): add candidate ${name}\n\nSluice-Release: ${name}\n`;
  workspace.write('a/releases/reviews/values.yaml', `${values}# more\n`);
  workspace.git('commit', '--quiet', '--all', '--message', message('reviews'));
  workspace.write('b/other.txt', 'changed');
  workspace.git('commit', '--quiet', '--all', '--message', message('other'));

  expect(await entries(workspace)).toMatchObject([
    { kind: 'change', release: 'reviews', summary: 'add candidate reviews' },
  ]);
});

test('sluice history of a repository without decisions, or without commits, says that there are none', async () => {
  const workspace = new ScratchWorkspace({ 'releases/reviews/values.yaml': twoVersions('reviews', [100, 0]) });
  expect(await workspace.ran('history')).toBe('no decisions\n');
  expect(await workspace.ran('history', 'reviews')).toBe('no decisions\n');
  const empty = new ScratchWorkspace({});
  expect(await empty.ran('history')).toBe('no decisions\n');
});

test.each([120, 60, 30])('sluice history keeps to %i columns', async (columns) => {
  decided.reset(tip);
  for (const more of [[], ['--verbose']]) {
    const lines = plain((await atTerminal(decided, columns, 'history', ...more)).stdout).split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(columns);
  }
});

/** Merges the last decision anew, as a server squashes a request. */
function squash(message: string): string {
  decided.git('reset', '--quiet', '--hard', tip);
  decided.git('reset', '--quiet', '--soft', 'HEAD~1');
  return say(message);
}

test('sluice history reads a decision from its files where a squash lost its trailers, and says so', async () => {
  decided.reset(tip);
  const [promotion] = await entries();
  for (const [message, request] of [
    ['chore(reviews): promote reviews-v2 (#12)', '#12'],
    ['chore(reviews): promote reviews-v2\n\nSee merge request ada/cells!7', '!7'],
    ['chore(reviews): promote reviews-v2', undefined],
    ['chore(reviews): promote reviews-v2 (#3)\n\n* one\n\nSluice-Release: reviews\n\n---------\n\nand more', '#3'],
  ] as const) {
    const commit = squash(message);
    const { reason, inLedger, evidence, by } = promotion as Entry;
    expect((await entries())[0]).toEqual({
      ...{ kind: 'decision', release: 'reviews', commit, at: expect.any(String), summary: 'promote reviews-v2' },
      ...{ reason, by, decision: 'promote', iteration: 3, verdict: 'pass', evidence, inLedger, trailersLost: true },
      ...(request !== undefined && { request }),
    });
    const { stdout, stderr } = await decided.run('history', '-n', '1');
    const words = request === undefined ? 'its trailers are lost' : `the merge of ${request} lost its trailers`;
    expect(stdout).toContain(`  ${words}. reviews-v2 keeps error-rate`);
    expect(stderr).not.toContain('skipped');
    expect((await entries()).map(({ summary }) => summary)).toHaveLength(5);
  }
  const verbose = (await decided.run('history', '-n', '1', '--verbose')).stdout;
  expect(verbose).toContain('the merge of #3 lost its trailers.\n');
});

test('sluice history knows the revert of a decision that lost its trailers', async () => {
  const commit = squash('chore(reviews): promote reviews-v2 (#12)');
  decided.git('revert', '--no-edit', commit);
  const [revert, lost] = await entries();
  expect(revert).toMatchObject({ kind: 'revert', summary: 'reverts: promote reviews-v2', reverts: [commit] });
  expect(lost).toMatchObject({ commit, trailersLost: true });
});

test('sluice history takes no change of a status by hand for a decision, nor one that leaves no evidence for more', async () => {
  decided.reset(tip);
  const path = 'releases/reviews/status.yaml';
  const status = decided.read(path);
  say('fix: by hand', { [path]: status.replace('iteration: 3', 'iteration: 7') });
  expect((await entries())[0]?.commit).toBe(tip);
  decided.reset(tip);
  const commit = say('chore(reviews): on (#4)', { [path]: status.replace('iteration: 3', 'iteration: 4') });
  const [first] = await entries();
  expect(first).toMatchObject({ kind: 'decision', commit, iteration: 4, request: '#4', trailersLost: true });
  expect(first).not.toHaveProperty('decision');
  const { stdout } = await decided.run('history', '-n', '1');
  expect(stdout).toContain('the merge of #4 lost its trailers, and what was decided with them.\n');
});
