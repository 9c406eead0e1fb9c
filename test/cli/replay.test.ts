import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { hash } from '../../src/evaluate/identity.js';
import { twoDecided } from './decided.js';
import { Mesh } from './mesh.js';
import { Ground } from './people/ground.js';
import { twoVersions } from './status-terminal.js';
import { evaluationValues, type Outcome, ScratchWorkspace, scratchFolder, sluice } from './workspace.js';

interface Replay {
  readonly release: string;
  readonly commit: string;
  readonly summary: string;
  readonly outcome: string;
  readonly basis?: string;
  readonly reason: string;
  readonly differences: readonly { readonly field: string; readonly committed: unknown; readonly replayed: unknown }[];
  readonly unchecked: readonly string[];
  readonly judges?: readonly { readonly judge: string; readonly [key: string]: unknown }[];
  readonly [key: string]: unknown;
}

const values = 'releases/reviews/values.yaml';
const statusFile = 'releases/reviews/status.yaml';
const ledger = 'releases/reviews/ledger.jsonl';

async function ground(rollout = 'policy: steps', rest = ''): Promise<{ mesh: Mesh; workspace: ScratchWorkspace }> {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 });
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml': mesh.project,
    [values]: twoVersions('reviews', [100, 0], evaluationValues.replace('policy: steps', rollout)) + rest,
  });
  return { mesh, workspace };
}

async function passes(mesh: Mesh, workspace: ScratchWorkspace, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await mesh.pass(workspace);
}

/** Replays as a program does; expects the exit code. */
async function replays(workspace: ScratchWorkspace, words: readonly string[], code = 0): Promise<Replay[]> {
  const outcome = await workspace.run('replay', ...words, '-o', 'json');
  expect(outcome.code, outcome.stdout + outcome.stderr).toBe(code);
  return JSON.parse(outcome.stdout).replays;
}

/** Every decision of a workspace, and that each comes out the same. */
async function summaries(workspace: ScratchWorkspace): Promise<string[]> {
  const all = await replays(workspace, ['--all']);
  expect(all.filter(({ outcome }) => outcome !== 'same')).toEqual([]);
  return all.map(({ summary, basis }) => `${summary} (${basis})`);
}

let decided: ScratchWorkspace;
let tip: string;

/** Two releases, one of which failed. */
beforeAll(async () => {
  decided = await twoDecided();
  tip = decided.head;
});

/** Writes the newest commit anew, with other files and what follows from them in its message. */
function amend(files: { readonly [path: string]: string }, message = (text: string) => text): void {
  for (const [path, content] of Object.entries(files)) decided.write(path, content);
  const text = message(decided.git('log', '-1', '--format=%B'));
  decided.git('add', '--all');
  decided.git('commit', '--quiet', '--amend', '--message', text);
}

describe('decisions that come out the same', () => {
  test('replay() makes entries, steps, rollbacks and promotions again', async () => {
    decided.reset(tip);
    expect(await summaries(decided)).toEqual([
      'candidate reviews-v2 0 % → 5 % (files)',
      'candidate ratings-v2 0 % → 5 % (files)',
      'roll back ratings-v2 5 % → 0 % (evidence)',
      'candidate reviews-v2 5 % → 50 % (evidence)',
      'promote reviews-v2 (evidence)',
    ]);
  });

  test('replay() says what was looked at, and what was not checked', async () => {
    decided.reset(tip);
    const [last] = await replays(decided, ['HEAD']);
    expect(last).toMatchObject({
      ...{ release: 'reviews', commit: tip, verdict: 'pass', at: '2023-11-14T22:20:06Z', unchecked: [] },
      reason: expect.stringContaining('reviews-v2 keeps error-rate'),
      looked: {
        ...{ interval: 60, windows: 1, from: '2023-11-14T22:19:00Z', to: '2023-11-14T22:20:00Z' },
        requests: { 'reviews-v1': expect.any(Number), 'reviews-v2': expect.any(Number) },
        evidence: expect.stringMatching(/^sha256:/),
      },
    });
    const [entry] = await replays(decided, ['--all', 'reviews']);
    expect(entry?.unchecked).toEqual([
      'the requests before the entry are taken from its status: no evidence is kept of them',
    ]);
  });

  test('replay() takes a range, and one release of it', async () => {
    decided.reset(tip);
    expect(await replays(decided, ['main~3..main'])).toHaveLength(3);
    expect((await replays(decided, ['main~3..main', 'ratings'])).map(({ summary }) => summary)).toEqual([
      'roll back ratings-v2 5 % → 0 %',
    ]);
    expect(await decided.ran('replay', '--all')).toMatch(/\n5 decisions: 5 the same again\n$/);
  });

  test('replay() changes nothing, and needs no files, no metrics and no server', async () => {
    decided.reset(tip);
    const before = decided.fingerprint();
    await summaries(decided);
    expect(decided.fingerprint()).toEqual(before);
    decided.commit({ 'sluice.yaml': 'metrics: {source: prometheus, url: "http://127.0.0.1:9"}\n', [values]: 'broken' });
    expect(await replays(decided, [tip])).toMatchObject([{ outcome: 'same' }]);
  });

  test('replay() makes a hold again that wrote a commit: a pause, its end, and a primary that changes', async () => {
    const { mesh, workspace } = await ground();
    await passes(mesh, workspace, 1);
    workspace.replace(values, 'reviews:v1', 'reviews:v1.1');
    workspace.commit({});
    await passes(mesh, workspace, 1);
    workspace.replace(values, 'weight: 5\n', 'weight: 10\n');
    workspace.replace(values, 'weight: 95', 'weight: 90');
    workspace.commit({});
    await passes(mesh, workspace, 1);
    expect(await summaries(workspace)).toEqual([
      'candidate reviews-v2 0 % → 5 % (files)',
      'pause reviews-v2 (files)',
      'candidate reviews-v2 at 10 % (files)',
    ]);
  });

  test('replay() makes again what a schedule let go on, and a rollback that it does not hold', async () => {
    const hold = '["17-19 22 * * *", "21-59 22 * * *"]';
    const { mesh, workspace } = await ground(`schedule: {hold: ${hold}, timeZone: UTC}, policy: steps`);
    const seen: string[] = [];
    for (const errorRate of [0.001, 0.001, 0.001, 0.5]) {
      mesh.services({ 'reviews-v2': errorRate });
      const { stdout } = await mesh.pass(workspace);
      const time = new Date(workspace.now * 1000).toISOString().slice(11, 16);
      seen.push(`${time} ${/the schedule holds it/.test(stdout) ? 'held' : workspace.git('log', '-1', '--format=%s')}`);
    }
    expect(seen).toEqual([
      '22:16 chore(reviews): candidate reviews-v2 0 % → 5 %',
      '22:18 held',
      '22:20 chore(reviews): candidate reviews-v2 5 % → 50 %',
      '22:22 chore(reviews): roll back reviews-v2 50 % → 0 %',
    ]);
    expect((await summaries(workspace)).slice(1)).toEqual([
      'candidate reviews-v2 5 % → 50 % (evidence)',
      'roll back reviews-v2 50 % → 0 % (evidence)',
    ]);
  });

  test('replay() makes the watch of a promotion again, and the way back', async () => {
    const { mesh, workspace } = await ground('rollbackWindow: 10m, policy: steps');
    await passes(mesh, workspace, 3);
    mesh.services({ 'reviews-v2': 0.5 });
    await passes(mesh, workspace, 2);
    expect((await summaries(workspace)).slice(2)).toEqual([
      'promote reviews-v2 (evidence)',
      expect.stringMatching(/^roll back reviews-v2.* \(evidence\)$/),
    ]);
  });

  test('replay() makes again that the version before is taken out', async () => {
    const { mesh, workspace } = await ground('cleanup: true, policy: steps');
    await passes(mesh, workspace, 5);
    mesh.simulator.service({ namespace: 'default', service: 'reviews-v1' }, { rate: 0 });
    await passes(mesh, workspace, 2);
    expect((await summaries(workspace)).slice(3)).toEqual([
      'complete reviews-v2 (evidence)',
      'remove reviews-v1 (files)',
    ]);
  });

  test('replay() makes again what was decided while the metrics could not be read', async () => {
    const { mesh, workspace } = await ground('onMetricsDown: {hold: 3m, then: rollback}, policy: steps');
    await passes(mesh, workspace, 1);
    workspace.commit({ 'sluice.yaml': 'metrics: {source: prometheus, url: "http://127.0.0.1:9", timeout: 1s}\n' });
    await passes(mesh, workspace, 3);
    expect((await summaries(workspace)).at(-1)).toBe('roll back reviews-v2 5 % → 0 % (files)');
  });

  test('replay() tells the windows that were judged, not those that a budget for silence reads beside them', async () => {
    const { mesh, workspace } = await ground('policy: steps, onNoData: {hold: 20m, then: ask}');
    await passes(mesh, workspace, 3);
    const [last] = await replays(workspace, ['HEAD', '--judge', 'sequential']);
    expect(last).toMatchObject({
      ...{ outcome: 'same', summary: 'promote reviews-v2' },
      looked: { windows: 1, from: '2023-11-14T22:19:00Z', to: '2023-11-14T22:20:00Z' },
      judges: [
        { judge: 'threshold', windows: 1, absent: 0 },
        { judge: 'sequential', windows: 3, absent: 0 },
      ],
    });
    const versions: { name: string; requests: number }[] = parse(workspace.read(statusFile)).versions;
    const requests = Object.fromEntries(versions.map((each) => [each.name, each.requests]));
    expect(last).toMatchObject({ looked: { requests } });
    const kept = workspace.read(ledger).trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(kept).windows).toHaveLength(3);
  });

  test('replay() makes again what an older version decided, which kept no windows for a budget for silence', async () => {
    const { mesh, workspace } = await ground('policy: steps, onNoData: {hold: 1m, then: ask}');
    await passes(mesh, workspace, 3);
    const lines = workspace.read(ledger).trimEnd().split('\n');
    const kept = lines.at(-1) ?? '';
    const { windows, ...line } = JSON.parse(kept);
    const judged = JSON.stringify({ ...line, windows: windows.slice(-1) });
    workspace.write(ledger, `${[...lines.slice(0, -1), judged].join('\n')}\n`);
    const message = workspace.git('log', '-1', '--format=%B').replace(hash(kept), hash(judged));
    workspace.git('commit', '--quiet', '--all', '--amend', '--message', message);
    expect(await replays(workspace, ['HEAD'])).toMatchObject([{ outcome: 'same', summary: 'promote reviews-v2' }]);
  });

  test('replay() makes decisions on several candidates again', async () => {
    const { mesh, workspace } = await ground();
    const third = '  - metadata: {name: reviews-v3}\n    image: registry.example/reviews:v3\n    weight: 0\nanalysis:';
    workspace.replace(values, 'analysis:', third);
    workspace.commit({});
    await passes(mesh, workspace, 4);
    const found = await summaries(workspace);
    expect(found[0]).toContain('reviews-v3');
    expect(found.length).toBeGreaterThan(2);
  });

  test('replay() knows decisions whose message lost the trailers', async () => {
    decided.reset(tip);
    amend({}, () => 'chore: all of it (#12)');
    expect(await replays(decided, ['HEAD'])).toMatchObject([{ outcome: 'same', basis: 'evidence', verdict: 'pass' }]);
  });
});

describe('what people decide', () => {
  test('replay() checks what a command does, and makes nothing else again', async () => {
    const people = await Ground.start();
    await people.pass();
    await people.ran('pause', 'reviews');
    await people.ran('resume', 'reviews');
    await people.ran('promote', 'reviews', '--reason', 'it is late');
    await people.ran('rollback', 'reviews');
    await people.ran('rollback', 'reviews', '--to', 'HEAD~4');
    await people.ran('abort', 'reviews');
    const all = await replays(people.workspace, ['--all']);
    expect(all.map(({ outcome, basis, reason }) => `${outcome}, ${basis}: ${reason}`)).toEqual([
      expect.stringMatching(/^same, files: reviews-v2 enters/),
      'by a person, person: Ada paused it',
      expect.stringMatching(/^by a person, person: Ada resumed it/),
      'same, person: Ada promoted reviews-v2, which had 5 %: it is late',
      'same, person: Ada went back from reviews-v2 to reviews-v1',
      expect.stringMatching(/^by a person, person: Ada went back to HEAD~4/),
      expect.stringMatching(/^same, person: Ada terminated the analysis/),
    ]);
    expect(await replays(people.workspace, ['HEAD~5'], 2)).toMatchObject([{ outcome: 'by a person' }]);
  });
});

test('replay() checks that a person let go on what the evaluator had paused, or kept what it was', async () => {
  const { mesh, workspace } = await ground('onTermination: keep-last, policy: steps');
  await passes(mesh, workspace, 1);
  workspace.replace(values, 'reviews:v1', 'reviews:v1.1');
  workspace.commit({});
  await passes(mesh, workspace, 1);
  await workspace.ran('resume', 'reviews');
  await passes(mesh, workspace, 1);
  await workspace.ran('abort', 'reviews');
  expect(await summaries(workspace)).toEqual([
    'candidate reviews-v2 0 % → 5 % (files)',
    'pause reviews-v2 (files)',
    'resume (person)',
    'candidate reviews-v2 5 % → 50 % (evidence)',
    'abort the analysis of reviews-v2, which keeps 50 % (person)',
  ]);
});

describe('another judge', () => {
  test('replay() shows what it would have said, with all windows since the entry', async () => {
    decided.reset(tip);
    const [last] = await replays(decided, ['HEAD', '--judge', 'sequential']);
    expect(last?.outcome).toBe('same');
    expect(last?.judges).toMatchObject([
      { judge: 'threshold', verdict: 'pass', decision: 'promote reviews-v2', windows: 1, absent: 0 },
      { judge: 'sequential', verdict: 'pass', decision: 'promote reviews-v2', windows: 2, absent: 1 },
    ]);
    const text = await decided.ran('replay', 'HEAD', '--judge', 'sequential');
    expect(text).toMatch(/\n {2}judge +threshold +sequential\n {2}verdict +pass +pass\n/);
    expect(text).toContain('\n  sequential: reviews-v2 is no worse');
  });

  test('replay() says why a judge says nothing', async () => {
    decided.reset(tip);
    const [entry, , , , last] = await replays(decided, ['--all', '--judge', 'kayenta']);
    expect(entry?.judges?.[1]?.refusal).toContain('no judge was asked');
    expect(last?.judges?.[1]?.refusal).toContain('kayenta compares a candidate with the baseline only');
    const { code, stderr } = await decided.run('replay', 'HEAD', '--judge', 'sequental');
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean sequential? Allowed are: sequential, kayenta, bayesian, threshold.');
  });
});

describe('decisions that do not come out the same', () => {
  test('replay() names each field of a decision that was not made so', async () => {
    decided.reset(tip);
    const text = decided.read(statusFile).replace('phase: Completed', 'phase: Inconclusive');
    amend({ [statusFile]: text, [values]: decided.read(values).replace('weight: 100', 'weight: 90') });
    const [last] = await replays(decided, ['HEAD'], 1);
    expect(last).toMatchObject({
      outcome: 'different',
      differences: [
        { field: 'status.phase', committed: 'Inconclusive', replayed: 'Completed' },
        { field: 'values.application.versions[1].weight', committed: 90, replayed: 100 },
      ],
    });
    const { stdout } = await decided.run('replay', 'HEAD');
    expect(stdout).toContain('not the same');
    expect(stdout).toMatch(/\n {2}field +committed +replayed\n {2}status.phase +Inconclusive +Completed\n/);
  });

  test('replay() finds a verdict that its windows do not give, though every hash fits', async () => {
    decided.reset(tip);
    const lines = decided.read(ledger).trimEnd().split('\n');
    const last = JSON.parse(lines.pop() ?? '');
    last.windows[0].versions['reviews-v2'].errors = 1500;
    const forged = JSON.stringify(last);
    const text = [...lines, forged, ''].join('\n');
    amend({ [ledger]: text }, (message) => message.replace(/sha256:[0-9a-f]{16}/, hash(forged)));
    const [found] = await replays(decided, ['HEAD'], 1);
    expect(found?.differences).toEqual(
      expect.arrayContaining([
        { field: 'decision', committed: 'promote', replayed: 'roll back' },
        { field: 'verdict', committed: 'pass', replayed: 'fail' },
      ]),
    );
  });

  test('replay() finds a comment that a decision does not write', async () => {
    decided.reset(tip);
    amend({ [values]: `# by the way\n${decided.read(values)}` });
    const [found] = await replays(decided, ['HEAD'], 1);
    expect(found?.differences.map(({ field }) => field)).toEqual(['values.yaml']);
  });
});

describe('decisions that cannot be made again', () => {
  async function refused(...words: readonly string[]): Promise<Outcome> {
    const outcome = await decided.run('replay', ...words);
    expect(outcome.code).toBe(2);
    return outcome;
  }

  test('replay() trusts no evidence whose hash is another', async () => {
    decided.reset(tip);
    amend({
      [ledger]: decided
        .read(ledger)
        .replace(/"errors":1\b/g, '"errors":0')
        .replace(/"requests":2/g, '"requests":3'),
    });
    const { stdout } = await refused('HEAD');
    expect(stdout).toContain('cannot be told');
    expect(stdout).toMatch(/Cannot trust the evidence in [0-9a-f]{10}:releases\/reviews\/ledger.jsonl/);
  });

  test('replay() misses a line of evidence that is gone', async () => {
    decided.reset(tip);
    const lines = decided.read(ledger).trimEnd().split('\n').slice(0, -1);
    amend({ [ledger]: `${lines.join('\n')}\n` });
    // Without a change of the ledger, the commit is none of ours at all.
    expect((await refused('HEAD')).stderr).toContain('it changes no ledger.jsonl');
    amend({ [ledger]: '\n' });
    expect((await refused('HEAD')).stdout).toContain('the commit adds no line to');
  });

  test('replay() refuses what is no decision, and what is none of its words', async () => {
    decided.reset(tip);
    decided.commit({ 'NOTES.md': 'n\n' });
    expect((await refused('HEAD')).stderr).toContain('Cannot replay HEAD as a decision of sluice: it is none');
    expect((await refused('HEAD~1..HEAD')).stderr).toContain('it holds none');
    expect((await refused(tip, 'ratings')).stderr).toContain('it is none on ratings');
    expect((await refused('nonsense')).stderr).toContain('git knows none of that name here');
    expect((await refused('--output=x')).stderr).toContain('Allowed are: text, json.');
    expect((await refused()).stderr).toContain('none is named');
    expect((await refused('HEAD', 'reviews', 'more')).stderr).toContain('more is a word too many');
  });

  test('replay() works in a shallow clone as far as that goes', async () => {
    decided.reset(tip);
    const folder = scratchFolder();
    execFileSync('git', ['clone', '--quiet', '--depth=2', `file://${decided.folder}`, folder]);
    expect((await sluice(['replay', 'HEAD'], { cwd: folder })).code).toBe(0);
    const { code, stdout } = await sluice(['replay', 'HEAD~1'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toContain('the clone is shallow and ends here');
    expect(stdout).toContain('git fetch --unshallow');
  });

  test('replay() works in a bare clone, but for one that lies among files', async () => {
    decided.reset(tip);
    const folder = join(scratchFolder(), 'releases.git');
    execFileSync('git', ['clone', '--quiet', '--bare', decided.folder, folder]);
    expect(await sluice(['replay', '--all'], { cwd: folder })).toMatchObject({ code: 0 });
    const inside = join(decided.folder, 'looks-like.git');
    execFileSync('git', ['clone', '--quiet', '--bare', decided.folder, inside]);
    const { code, stderr } = await sluice(['replay', 'HEAD'], { cwd: inside });
    expect(code).toBe(2);
    expect(stderr).toContain('as a repository of decisions');
    expect((await sluice(['replay', 'HEAD'], { cwd: scratchFolder() })).code).toBe(2);
  });

  test('replay() fetches nothing that a partial clone lacks', async () => {
    decided.reset(tip);
    decided.git('config', 'uploadpack.allowFilter', 'true');
    const folder = scratchFolder();
    const url = `file://${decided.folder}`;
    execFileSync('git', ['clone', '--quiet', '--no-checkout', '--filter=blob:none', url, folder]);
    const objects = () => execFileSync('git', ['count-objects', '-v'], { cwd: folder, encoding: 'utf8' });
    const before = objects();
    const { code, stdout, stderr } = await sluice(['replay', 'HEAD'], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('hint:');
    expect(objects()).toBe(before);
  });

  test('replay() works in a folder below the top of a repository', async () => {
    const mesh = await Mesh.start();
    mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001 });
    const workspace = await ScratchWorkspace.rendered(
      {
        'shop/sluice.yaml': mesh.project,
        [`shop/${values}`]: twoVersions('reviews', [100, 0], evaluationValues),
      },
      { below: 'shop' },
    );
    await passes(mesh, workspace, 2);
    expect(await summaries(workspace)).toHaveLength(2);
  });
});

test('replay() reads decisions of before the status told its moment', async () => {
  decided.reset(tip);
  const { type, winner, versions, conditions, updatedAt, endedAt, primaryIdentity, ...older } = parse(
    decided.read(statusFile),
  );
  expect({ type, winner, versions, conditions, updatedAt, endedAt, primaryIdentity }).not.toContain(undefined);
  const lines = decided.read(ledger).trimEnd().split('\n');
  const { analysis, rollout, queries, ...line } = JSON.parse(lines.pop() ?? '');
  expect([analysis, rollout, queries]).not.toContain(undefined);
  const shorter = JSON.stringify(line);
  amend({ [statusFile]: stringify(older), [ledger]: [...lines, shorter, ''].join('\n') }, (message) =>
    message.replace(/sha256:[0-9a-f]{16}/, hash(shorter)),
  );
  const [last] = await replays(decided, ['HEAD']);
  expect(last).toMatchObject({ outcome: 'same', at: '2023-11-14T22:20:06Z' });
  expect(last?.unchecked).toEqual(['its status is of an older shape: what that lacks is not compared']);
});

test('replay() takes the date of the commit where nothing else tells the moment', async () => {
  decided.reset(tip);
  decided.git('checkout', '--quiet', '--detach', 'main~1');
  const {
    updatedAt: _,
    conditions: __,
    type: ___,
    winner: ____,
    versions: _____,
    ...older
  } = parse(decided.read(statusFile));
  amend({ [statusFile]: stringify(older) });
  const [step] = await replays(decided, ['HEAD']);
  expect(step).toMatchObject({ outcome: 'same', summary: 'candidate reviews-v2 5 % → 50 %' });
  expect(step?.unchecked).toContain('its moment is that of the commit, as the status of then does not tell it');
});
