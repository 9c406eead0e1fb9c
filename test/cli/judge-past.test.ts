import { beforeAll, describe, expect, test } from 'vitest';
import { Mesh } from './mesh.js';
import { ScratchWorkspace } from './workspace.js';

const values = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: reviews-v1}, image: registry.example/reviews:v1, weight: 50}
  - {metadata: {name: reviews-v2}, image: registry.example/reviews:v2, weight: 50}
  - {metadata: {name: reviews-v3}, image: registry.example/reviews:v3, weight: 0}
analysis:
  interval: 60s
  warmUp: 2m
  minDuration: 5m
  maxDuration: 10m
  judge: threshold
  minRequests: 500
  objectives: [{metric: error-rate, upperLimit: 0.05}]
rollout: {policy: steps, steps: [50]}
`;

let workspace: ScratchWorkspace;
let begin: number;

/** Twenty minutes of traffic, in which nobody looks; the candidate breaks after twelve. */
beforeAll(async () => {
  const mesh = await Mesh.start();
  mesh.services({ 'reviews-v1': 0.001, 'reviews-v2': 0.001, 'reviews-v3': 0.001 });
  workspace = await ScratchWorkspace.rendered({ 'sluice.yaml': mesh.project, 'releases/reviews/values.yaml': values });
  begin = mesh.simulator.now;
  for (let i = 0; i < 6; i++) mesh.flow(workspace);
  mesh.services({ 'reviews-v2': 0.5 });
  for (let i = 0; i < 4; i++) mesh.flow(workspace);
  workspace.now = mesh.simulator.now;
});

const iso = (minutes: number) => new Date((begin + 60 * minutes) * 1000).toISOString();

function judge(...words: readonly string[]) {
  return workspace.run('judge', 'reviews', '--candidate', 'reviews-v2', ...words);
}

describe('sluice judge RELEASE', () => {
  test('says what would have been found, and decided when', async () => {
    const { code, stdout } = await judge('--from', iso(0), '--to', iso(12));
    expect(stdout).toMatch(
      /^reviews: reviews-v2 beside reviews-v1, 11 windows of 60 s, \S+Z to \S+Z, by threshold\n {2}\S+Z {2}pass {2}reviews-v2 keeps error-rate /,
    );
    expect(stdout).toMatch(/would promote reviews-v2\n$/);
    expect(code).toBe(0);
    expect((await workspace.run('evaluate', '--dry-run')).stdout).not.toContain('would promote');
  });

  test('finds a fail where it began, and nothing is written', async () => {
    const head = workspace.git('rev-parse', 'HEAD');
    const { code, stdout, stderr } = await judge('--from', iso(9), '-o', 'json');
    expect(code, stderr).toBe(1);
    const { decisions, looks, outcome, standings, ...rest } = JSON.parse(stdout);
    expect(rest).toMatchObject({ release: 'reviews', judge: 'threshold', baseline: 'reviews-v1', interval: 60 });
    expect(decisions).toMatchObject([
      { kind: 'roll back', versions: ['reviews-v2'], reason: expect.stringContaining('breaks error-rate') },
    ]);
    // Two minutes of warm-up, then the first window with errors decides.
    expect(looks.map((look: { outcome: string }) => look.outcome)).toEqual(['pass', 'fail'].slice(-looks.length));
    expect({ outcome, failed: standings[0].outcome }).toEqual({ outcome: 'fail', failed: 'fail' });
    expect(workspace.git('rev-parse', 'HEAD')).toBe(head);
    expect(workspace.git('status', '--porcelain')).toBe('');
  });

  test('judges two versions that are named, with another judge', async () => {
    const words = ['--from', iso(0), '--to', iso(8), '--judge', 'sequential', '--baseline', 'reviews-v1'];
    const { code, stdout, stderr } = await judge(...words);
    expect(stdout, stderr).toContain('by sequential');
    expect([0, 3]).toContain(code);
    const refused = await judge('--from', iso(0), '--judge', 'kayenta');
    expect(refused.stderr).toContain('Cannot judge reviews with kayenta by error-rate: it has a limit or a margin');
    expect(refused.stderr).toContain('\n  at: releases/reviews/values.yaml:15:16\n');
  });

  test('judges every other version beside a baseline that is named, the primary as well', async () => {
    const among = (...words: readonly string[]) =>
      workspace.run('judge', 'reviews', '--from', iso(0), '--to', iso(8), '--baseline', 'reviews-v2', ...words);
    const all = await among();
    expect(all.stdout, all.stderr).toMatch(/^reviews: reviews-v1, reviews-v3 beside reviews-v2, /);
    const { stdout } = await among('--candidate', 'reviews-v1');
    expect(stdout).toMatch(
      /^reviews: reviews-v1 beside reviews-v2, .*\n {2}\S+Z {2}pass {2}reviews-v1 keeps error-rate /,
    );
  });

  test('says that the warm-up covers all of it', async () => {
    const { code, stdout } = await judge('--from', iso(0), '--to', iso(2));
    expect(stdout).toContain(
      '\n  nothing is looked at: the warm-up of 2m covers every window; the first that counts ends at ',
    );
    expect({ code, decided: stdout.includes('decided') }).toEqual({ code: 3, decided: false });
  });

  test.each<[string, string[], RegExp]>([
    ['no time', [], /Cannot use --from as a time: it is not given\n {2}hint: Write it as 2026-02-02T02:00:00Z/],
    ['another time', ['--from', 'yesterday'], /Cannot use --from as a time: "yesterday"/],
    ['a time to come', ['--from', '2099-01-01T00:00:00Z'], /no window of 60 s lies in it that is complete/],
    ['too long a stretch', ['--from', '2020-01-01T00:00:00Z'], /Give at most 1440 windows/],
    [
      'an unknown version',
      ['--from', '2023-01-01T00:00:00Z', '--baseline', 'reviews-v0'],
      /Cannot use --baseline as a version of the values: reviews-v0\n {2}hint: Did you mean/,
    ],
    ['nobody to judge', ['--from', '2023-01-01T00:00:00Z', '--baseline', 'reviews-v2'], /no other version is meant/],
    ['cases', ['-f', 'cases.jsonl'], /--file is for cases, but the release reviews is named/],
  ])('refuses %s', async (_, words, says) => {
    const { code, stdout, stderr } = await judge(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  test('refuses the words of a release where none is named', async () => {
    const { code, stderr } = await workspace.run('judge', '--from', iso(0));
    expect(code).toBe(2);
    expect(stderr).toContain('--from is for a release, and none is named');
  });
});
