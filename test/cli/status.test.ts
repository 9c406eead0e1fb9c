import { afterEach, expect, test, vi } from 'vitest';
import { columnsOf } from '../../src/cli/status/columns.js';
import { Mesh } from './mesh.js';
import { atTerminal, columnIn, plain, twoVersions } from './status-terminal.js';
import { evaluationValues, ScratchWorkspace } from './workspace.js';

afterEach(() => vi.unstubAllEnvs());

const pausing = evaluationValues.replace('[5, 50]', '[5, {weight: 50, pause: true}]');

/** Four releases after passes: one under way, one that failed, one that waits at a pause, one without an analysis. */
async function afterPasses(passes: number): Promise<{ readonly workspace: ScratchWorkspace; readonly mesh: Mesh }> {
  const mesh = await Mesh.start();
  const names = ['details', 'ratings', 'reviews', 'search'];
  for (const name of names) mesh.services({ [`${name}-v1`]: 0.001, [`${name}-v2`]: name === 'ratings' ? 0.4 : 0.001 });
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/details/values.yaml': twoVersions('details', [100, 0]),
    'releases/ratings/values.yaml': twoVersions('ratings', [100, 0], evaluationValues),
    'releases/reviews/values.yaml': twoVersions('reviews', [100, 0], evaluationValues),
    'releases/team/search/values.yaml': twoVersions('search', [100, 0], pausing),
  });
  for (let i = 0; i < passes; i++) await mesh.pass(workspace);
  return { workspace, mesh };
}

test('sluice status says of every release where it stands and what comes next', async () => {
  const { workspace } = await afterPasses(2);
  const before = workspace.fingerprint();
  const [head, ...rows] = (await workspace.ran('status')).trimEnd().split('\n');

  expect(head?.split(/ {2,}/)).toEqual(['RELEASE', 'PHASE', 'PRIMARY', 'CANDIDATE', 'SINCE', 'VERDICT', 'NEXT']);
  const cells = rows.map((row) => row.split(/ {2,}/));
  expect(cells).toEqual([
    ['details', 'Initializing', 'details-v1', 'no analysis: shares are changed by hand'],
    [
      'ratings',
      'RolledBack',
      'ratings-v1',
      'ratings-v2 0 %',
      '0 s',
      expect.stringMatching(/^fail: error-rate \d+/),
      'a new candidate',
    ],
    [
      'reviews',
      'Progressing',
      'reviews-v1',
      'reviews-v2 50 %',
      '0 s',
      'pass',
      expect.stringMatching(/^look at 22:2\d:05Z$/),
    ],
    [
      'team/search',
      'Progressing',
      'search-v1',
      'search-v2 50 %',
      '0 s',
      'pass',
      'waits at the pause of step 50 % for a person',
    ],
  ]);
  expect(workspace.fingerprint()).toEqual(before);
});

test('sluice status RELEASE shows the evidence so far, the shares and the errors of each version', async () => {
  const { workspace } = await afterPasses(2);
  const printed = await workspace.ran('status', 'search');

  expect(printed).toMatch(/search-v1 +primary +50 % +█▅/);
  expect(printed).toMatch(/search-v2 +candidate +50 % +▂▅ +[\d,]+ +[\d.]+ %/);
  expect(printed).toMatch(/ {2}error-rate +search-v2 +pass +[\d.]+ % +[\d.]+ % +5 %\n/);
  expect(printed).toContain('pass: search-v2 keeps error-rate');
  expect(printed).toContain('next: waits at the pause of step 50 %');
});

test('sluice status shows the shares of a version that was promoted', async () => {
  const { workspace } = await afterPasses(3);
  const printed = await workspace.ran('status', 'reviews');

  expect(printed).toMatch(/reviews +Completed +reviews-v2 /);
  expect(printed).toMatch(/reviews-v1 +replaced +0 % +█▅▁/);
  expect(printed).toMatch(/reviews-v2 +primary +100 % +▂▅█/);
});

test('sluice status -o json tells the same as data', async () => {
  const { workspace } = await afterPasses(2);
  const { releases } = JSON.parse(await workspace.ran('status', '-o', 'json'));

  expect(releases.map(({ release }: { release: string }) => release)).toEqual([
    'details',
    'ratings',
    'reviews',
    'team/search',
  ]);
  expect(releases[3]).toMatchObject({
    phase: 'Progressing',
    candidate: 'search-v2',
    share: 50,
    moves: 'shares',
    verdict: 'pass',
    next: { kind: 'wait' },
    type: 'Canary',
    winner: { currentBest: 'search-v2', found: true },
    versions: [
      { version: 'search-v1', role: 'primary', share: 50, shares: [95, 50] },
      {
        ...{ version: 'search-v2', role: 'candidate', share: 50, shares: [5, 50], requests: expect.any(Number) },
        ...{ outcome: 'pass', assessments: [{ metric: 'error-rate', classification: 'pass', limit: 0.05 }] },
      },
    ],
  });
  expect(releases[3].conditions).toContainEqual(
    expect.objectContaining({ type: 'RoutingRulesReady', status: 'True', reason: 'SplitIsLive' }),
  );
});

test('sluice status --live says what the next pass would do, and writes nothing', async () => {
  const { workspace, mesh } = await afterPasses(1);
  await mesh.pass(workspace, '--dry-run');
  const before = workspace.fingerprint();

  expect(await workspace.ran('status', 'reviews')).toContain('reviews-v2 enters at 5 %');
  const live = await workspace.ran('status', 'reviews', '--live');
  expect(live).toContain('due: candidate reviews-v2 5 % → 50 %');
  expect(live).toMatch(/pass: reviews-v2 keeps error-rate/);
  expect(live).toMatch(/reviews-v2 +candidate +5 % +[\d,]+/);
  expect(workspace.fingerprint()).toEqual(before);
});

test('sluice status --live ends with 2 where the source cannot be asked, and shows what is known', async () => {
  const { workspace } = await afterPasses(1);
  workspace.commit({ 'sluice.yaml': 'metrics: {source: prometheus, url: "http://127.0.0.1:9"}\n' });
  workspace.now += 120;
  const { code, stdout, stderr } = await workspace.run('status', '--live');

  expect(code).toBe(2);
  expect(stdout).toMatch(/reviews +Progressing/);
  expect(stderr).toContain('reviews: Cannot reach the metrics source');
});

test('sluice status shows releases that cannot be read among the others, and ends with 2', async () => {
  const workspace = new ScratchWorkspace({
    'releases/reviews/values.yaml': 'environment: istoi\n',
    'releases/ratings/values.yaml': twoVersions('ratings', [100, 0], evaluationValues),
    'releases/search/values.yaml': twoVersions('search', [100, 0], evaluationValues),
    'releases/search/status.yaml': 'phase: Gone\niteration: 1\nmessage: ""\nsettled: []\n',
  });
  const { code, stdout } = await workspace.run('status');

  expect(code).toBe(2);
  expect(stdout).toMatch(/ratings +Initializing .*ratings-v2 0 % +ratings-v2 enters with the next pass/);
  expect(stdout).toMatch(/reviews +Broken +releases\/reviews\/values.yaml:1 .*waits until it is mended/);
  expect(stdout).toMatch(/search +Broken +releases\/search\/status.yaml:1 phase: .*waits until it is mended/);
});

const committed = {
  'releases/断片/ratings/values.yaml': twoVersions('ratings', [100, 0], evaluationValues),
  'releases/reviews/values.yaml': twoVersions('reviews', [80, 20], evaluationValues),
  'releases/reviews/status.yaml':
    'phase: RolledBack\niteration: 3\ncandidate: reviews-v2\nverdict: "\\e[2Jfail"\nmessage: "\\e]0;owned\\a bad"\nsettled: []\n',
};

test('sluice status puts columns below each other where characters are wide', async () => {
  const [head, wide, narrow] = (await new ScratchWorkspace(committed).ran('status'))
    .split('\n')
    .reverse()
    .slice(-3)
    .reverse();

  expect(columnIn(wide, 'RolledBack')).toBe(columnIn(head, 'PHASE'));
  expect(columnIn(narrow, 'Initializing')).toBe(columnIn(head, 'PHASE'));
  expect(narrow).toContain('断片/ratings');
});

test('sluice status lets no escape of a status file reach the terminal', async () => {
  const workspace = new ScratchWorkspace(committed);
  const printed = [await workspace.ran('status', 'reviews'), await workspace.ran('status', 'reviews', '-o', 'json')];

  expect(printed[0]).toContain(']0;owned bad');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  for (const text of printed) expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

test.each([200, 100, 80, 60, 45, 20])('sluice status keeps to %i columns', async (columns) => {
  const { workspace } = await afterPasses(2);
  for (const argv of [['status'], ['status', 'search']]) {
    const lines = plain((await atTerminal(workspace, columns, ...argv)).stdout).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toContain('Progressing');
  }
});

test('sluice status colours only for a terminal that wants it', async () => {
  const workspace = new ScratchWorkspace(committed);
  vi.stubEnv('NO_COLOR', undefined);
  expect((await atTerminal(workspace, 100, 'status')).stdout).toContain('\x1b[');
  vi.stubEnv('NO_COLOR', '1');
  expect((await atTerminal(workspace, 100, 'status')).stdout).not.toContain('\x1b[');
});

test('sluice status names the releases where there is none of a name', async () => {
  const { code, stderr } = await new ScratchWorkspace(committed).run('status', 'revies');
  expect(code).toBe(2);
  expect(stderr).toContain('The releases are: reviews, 断片/ratings.');
});

test('sluice status does not take what is broken in a ledger for evidence', async () => {
  const { workspace } = await afterPasses(2);
  const file = 'releases/team/search/ledger.jsonl';
  workspace.write(file, `<<<<<<< HEAD\n{"candidate": 3}\n${workspace.read(file)}`);
  expect(await workspace.ran('status', 'search')).toMatch(/search-v2 +candidate +50 % +▂▅ +[\d,]+/);
});

test('sluice status says what holds a release where everything is frozen', async () => {
  const { workspace } = await afterPasses(1);
  workspace.write('sluice.yaml', `${workspace.read('sluice.yaml')}freeze: {reason: sale}\n`);
  expect(await workspace.ran('status', 'reviews')).toContain('next: everything is frozen: sale');
});

test('sluice status says what holds a release also where a share that a person wrote is taken up first', async () => {
  const { workspace } = await afterPasses(1);
  workspace.write('sluice.yaml', `${workspace.read('sluice.yaml')}freeze: {reason: sale}\n`);
  workspace.replace('releases/reviews/values.yaml', 'weight: 95', 'weight: 70');
  workspace.replace('releases/reviews/values.yaml', 'weight: 5\n', 'weight: 30\n');
  expect(await workspace.ran('status', 'reviews')).toContain(
    'next: reviews-v2 is analysed from 30 %; then everything is frozen: sale',
  );
});

test.each([
  ['advance', 0, /reviews-v2 enters with the next pass; may wait for a merge\n/],
  ['promote', 0, /reviews-v2 enters with the next pass\n/],
  ['promote', 1, /look at 22:\d\d:05Z; may wait for a merge\n/],
])(
  'sluice status says whether what comes next may wait for a merge, for %s after %i passes',
  async (kind, passes, says) => {
    const { workspace } = await afterPasses(passes);
    const git = `git: {backend: push, token: {env: T}, pullRequests: {for: [${kind}], host: gitea}}\n`;
    workspace.write('sluice.yaml', `${workspace.read('sluice.yaml')}${git}`);
    expect(await workspace.ran('status', 'reviews')).toMatch(says);
  },
);

test('sluice status calls what was rolled back by that, until it is looked at again', async () => {
  const { workspace } = await afterPasses(2);
  const roles = async () =>
    JSON.parse(await workspace.ran('status', 'ratings', '-o', 'json')).releases[0].versions.map(
      ({ role }: { readonly role: string }) => role,
    );
  expect(await roles()).toEqual(['primary', 'rolled back']);
  expect(await workspace.ran('status', 'ratings')).toMatch(/ratings-v2 +rolled back +0 % /);
  workspace.replace('releases/ratings/values.yaml', 'ratings:v2', 'ratings:v2.1');
  workspace.commit({});
  expect(await roles()).toEqual(['primary', 'candidate']);
});

test('sluice status -o json has moments without fractions of a second', async () => {
  const { workspace } = await afterPasses(2);
  const { releases } = JSON.parse(await workspace.ran('status', '-o', 'json'));
  const moments = releases.flatMap(({ next }: { readonly next: { readonly at?: string } }) => next.at ?? []);
  expect(moments.length).toBeGreaterThan(0);
  for (const at of moments) expect(at).toMatch(/^2023-11-14T\d\d:\d\d:\d\dZ$/);
});

test('sluice status --live says what is found now, and no more what the last decision found', async () => {
  const { workspace, mesh } = await afterPasses(1);
  mesh.services({ 'reviews-v2': 0.3 });
  await mesh.pass(workspace, '--dry-run');
  const [before, after] = await Promise.all(
    [[], ['--live']].map(async (flags) => {
      const printed = await workspace.ran('status', 'reviews', '-o', 'json', ...flags);
      return JSON.parse(printed).releases[0];
    }),
  );
  expect(before.versions[1].assessments).toBeUndefined();
  expect(after).toMatchObject({ verdict: 'fail', winner: { currentBest: 'reviews-v1', found: true } });
  expect(after.versions[1]).toMatchObject({ outcome: 'fail', assessments: [{ classification: 'high' }] });
  expect(after.conditions).toContainEqual(expect.objectContaining({ type: 'TargetsProvided', status: 'True' }));
});

test('sluice status --live says which conditions do not hold', async () => {
  const { workspace, mesh } = await afterPasses(1);
  // The cluster follows nobody: all requests go on to the primary.
  mesh.simulator.advance(180);
  workspace.now = mesh.simulator.now;
  const printed = await workspace.ran('status', 'reviews', '--live');
  expect(printed).toMatch(/\n {2}TargetsProvided is False: reviews-v2 has no series for default\/reviews-v2 /);
  expect(printed).toMatch(
    /\n {2}RoutingRulesReady is False: reviews-v2 has 0 % of the requests where 5 % are declared\n/,
  );
});

test('sluice status shows every candidate that is looked at, and who is the best so far', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 });
  const text = twoVersions('reviews', [100, 0], evaluationValues.replace('[5, 50]', '[5, 20]'));
  const third = '  - {metadata: {name: reviews-v3}, image: "registry.example/reviews:v3", weight: 0}\n';
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/reviews/values.yaml': text.replace('analysis:', `${third}analysis:`),
  });
  for (let i = 0; i < 2; i++) await mesh.pass(workspace);
  const printed = await workspace.ran('status', 'reviews');
  expect(printed).toMatch(/reviews +Progressing +reviews-v1 +reviews-v\d \d+ %, reviews-v\d \d+ % /);
  expect(printed).toMatch(/\n {2}(winner|best so far): reviews-v\d/);
  const [release] = JSON.parse(await workspace.ran('status', '-o', 'json')).releases;
  expect(release.others).toEqual([
    { candidate: expect.any(String), share: expect.any(Number), amount: expect.any(String) },
  ]);
  expect(release.type).toBe('A/B/N');
});

test('sluice status keeps what was counted of a candidate where another one of the same analysis was rolled back', async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.4 });
  const text = twoVersions('reviews', [100, 0], evaluationValues);
  const third = '  - {metadata: {name: reviews-v3}, image: "registry.example/reviews:v3", weight: 0}\n';
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    'releases/reviews/values.yaml': text.replace('analysis:', `${third}analysis:`),
  });
  for (let i = 0; i < 2; i++) await mesh.pass(workspace);
  expect(workspace.git('log', '-1', '--format=%s')).toContain('roll back reviews-v3');
  expect(await workspace.ran('status', 'reviews')).toMatch(/reviews-v2 +candidate +\d+ % +[\d,]{2,} +0/);
});

test('sluice status --live says of a candidate that nobody lets in now that it waits', async () => {
  const { workspace, mesh } = await afterPasses(0);
  workspace.now = mesh.simulator.now;
  const printed = await workspace.ran('status', 'reviews', '--live');
  expect(printed).toMatch(/reviews-v1 has .*, so reviews-v2 is not let in\n/);
  expect(printed).toContain(
    'next: a pass at this moment does not let reviews-v2 in; it enters once that has changed\n',
  );
  expect(printed).not.toContain('enters with the next pass');
});
