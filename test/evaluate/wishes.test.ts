import { describe, expect, test } from 'vitest';
import type { Rollout } from '../../src/release/policy.js';
import { inSteps, traffic, verdict, World } from './phase-world.js';

function entered(candidates: readonly string[] = ['v2'], rollout: Rollout = inSteps): World {
  const world = new World(candidates, rollout);
  world.pass();
  return world;
}

function wish(world: World, override: Rollout['override']): void {
  world.scene = { ...world.scene, rollout: { ...world.scene.rollout, override } };
}

describe('override: terminate', () => {
  test('ends with the split that is asked for, once', () => {
    const world = entered(['v2', 'v3']);
    wish(world, { action: 'terminate', split: { v2: 30 }, by: 'Ada', reason: 'enough' });
    const step = world.pass({ v2: 'inconclusive', v3: 'inconclusive' });
    expect(step.reason).toBe('Ada terminated the analysis of v2, v3: enough');
    expect(world.shares).toEqual({ v1: 70, v2: 30 });
    expect(world.state).toMatchObject({
      phase: 'Terminated',
      settled: [
        { name: 'v2', outcome: 'terminated' },
        { name: 'v3', outcome: 'terminated' },
      ],
    });
    expect(world.pass()).toMatchObject({ kind: 'hold', state: undefined });
    wish(world, undefined);
    expect(world.pass()).toMatchObject({ kind: 'hold', state: undefined });
  });

  test.each<{ readonly [version: string]: number }>([{ v1: 100 }, { v1: 100, v2: 0 }, { v2: 0 }])(
    'takes out what an earlier split left, with %o',
    (split) => {
      const world = entered();
      wish(world, { action: 'terminate', split: { v2: 30 } });
      world.pass();
      expect(world.shares).toEqual({ v1: 70, v2: 30 });
      wish(world, { action: 'terminate', split });
      expect(world.pass()).toMatchObject({ kind: 'roll back', moved: [{ name: 'v2', from: 30, to: 0 }] });
      expect(world.shares).toEqual({ v1: 100 });
      expect(world.pass()).toMatchObject({ kind: 'hold', state: undefined });
    },
  );

  test('takes everybody out without a split, unless onTermination keeps them', () => {
    const world = entered();
    wish(world, { action: 'terminate' });
    expect(world.pass()).toMatchObject({ kind: 'roll back', state: { phase: 'Terminated' } });
    expect(world.shares).toEqual({ v1: 100 });
    const kept = entered(['v2'], { ...inSteps, onTermination: 'keep-last' });
    wish(kept, { action: 'terminate' });
    expect(kept.pass()).toMatchObject({ kind: 'hold', state: { phase: 'Terminated' } });
    expect(kept.shares).toEqual({ v1: 95, v2: 5 });
  });

  test('makes who gets everything the primary', () => {
    const world = entered();
    wish(world, { action: 'terminate', split: { v2: 100 } });
    expect(world.pass()).toMatchObject({ kind: 'promote', state: { phase: 'Completed', primary: 'v2' } });
    expect(world.pass()).toMatchObject({ kind: 'hold', state: undefined });
  });

  test.each([
    ['shares', 90],
    ['copies', 100],
  ] as const)('gives the new primary what %s leave of everything', (moves, to) => {
    const world = entered(['v2', 'v3']);
    world.scene = { ...world.scene, moves };
    wish(world, { action: 'terminate', split: moves === 'copies' ? { v2: 100, v3: 10 } : { v2: 90, v3: 10 } });
    const { moved } = world.pass();
    expect(moved.map(({ name, to }) => [name, to])).toEqual([
      ['v2', to],
      ['v3', 10],
    ]);
  });
});

describe('override: resume', () => {
  test('lets an analysis go on that was paused because the primary changed', () => {
    const world = entered();
    world.edit('v1', { identity: 'another' });
    world.pass({ v2: 'pass' });
    expect(world.state.phase).toBe('Paused');
    wish(world, { action: 'resume', by: 'Ada' });
    expect(world.pass({ v2: 'pass' })).toMatchObject({ reason: 'Ada let v2 go on', state: { phase: 'Progressing' } });
    world.edit('v1', { identity: 'one more' });
    expect(world.pass({ v2: 'pass' })).toMatchObject({
      reason: 'v1 was changed: v2 is compared with it anew',
      state: { phase: 'Progressing', trials: [{ startedAt: world.now }] },
    });
  });
});

describe('onNoData', () => {
  const silent = (world: World, since: number) => ({
    evidence: {
      baseline: traffic,
      verdict: verdict({ v2: 'inconclusive' }),
      silence: { of: ['v2'], since: world.now - since },
    },
  });

  test.each([
    ['rollback', { kind: 'roll back', state: { phase: 'RolledBack' } }],
    ['ask', { kind: 'hold', state: { phase: 'Paused' } }],
    ['hold', { kind: 'hold', state: undefined }],
  ] as const)('holds for its time, and then %s', (then, done) => {
    const onNoData = Object.fromEntries([
      ['hold', 300],
      ['then', then],
    ]) as unknown as Rollout['onNoData'];
    const world = entered(['v2'], { ...inSteps, onNoData });
    expect(world.pass({}, silent(world, 200))).toMatchObject({ kind: 'hold', state: undefined });
    expect(world.pass({}, silent(world, 300))).toMatchObject(done);
  });

  test('asks once, and a share by hand is an answer', () => {
    const onNoData = Object.fromEntries([
      ['hold', 300],
      ['then', 'ask'],
    ]) as unknown as Rollout['onNoData'];
    const world = entered(['v2'], { ...inSteps, onNoData });
    expect(world.pass({}, silent(world, 400)).reason).toMatch(
      /^no data on v2 since .*: nothing advances until sluice resume/,
    );
    expect(world.pass({}, silent(world, 500))).toMatchObject({ kind: 'hold', state: undefined });
    world.edit('v2', { share: 10 });
    expect(world.pass()).toMatchObject({ state: { phase: 'Progressing', paused: undefined } });
  });
});

describe('onMetricsDown', () => {
  const down = { down: 'connection refused', evidence: undefined };

  test('notes since when, holds for its time, rolls back, and is no fail of the candidate', () => {
    const onMetricsDown = Object.fromEntries([
      ['hold', 120],
      ['then', 'rollback'],
    ]) as unknown as Rollout['onMetricsDown'];
    const world = entered(['v2'], { ...inSteps, onMetricsDown });
    expect(world.pass({}, down)).toMatchObject({ kind: 'hold', state: { phase: 'Progressing', downSince: 120 } });
    expect(world.pass({}, down)).toMatchObject({ kind: 'hold', state: undefined });
    expect(world.pass({}, down)).toMatchObject({ kind: 'roll back', moved: [{ name: 'v2', to: 0 }] });
  });

  test('forgets it once they can be read again, and rolls back at once what fails then', () => {
    const onMetricsDown = Object.fromEntries([
      ['hold', 600],
      ['then', 'ask'],
    ]) as unknown as Rollout['onMetricsDown'];
    const world = entered(['v2'], { ...inSteps, onMetricsDown });
    world.pass({}, down);
    expect(world.pass({ v2: 'inconclusive' })).toMatchObject({ kind: 'hold', state: { downSince: undefined } });
    world.pass({}, down);
    expect(world.pass({ v2: 'fail' })).toMatchObject({ kind: 'roll back' });
  });
});

describe('the split that is declared', () => {
  const unsynced = { found: 'v2 has 0 % of the requests where 5 % are declared' };

  test('has to be live before anything advances, and after ten minutes it is said to be not synced', () => {
    const world = entered();
    const waiting = () =>
      world.pass({}, { evidence: { baseline: traffic, verdict: verdict({ v2: 'pass' }), unsynced } });
    expect(waiting().reason).toBe(`waits until the split is live: ${unsynced.found}; because`);
    world.now += 600;
    expect(waiting().reason).toMatch(/^not synced since 1970-01-01T00:01:00Z: v2 has 0 %/);
    expect(world.pass({ v2: 'pass' })).toMatchObject({ kind: 'advance' });
  });

  test('holds no rollback up, and not the end of the time', () => {
    const failing = entered();
    const found = (said: 'fail' | 'pass' | 'inconclusive') => ({
      evidence: { baseline: traffic, verdict: verdict({ v2: said }), unsynced },
    });
    expect(failing.pass({}, found('fail'))).toMatchObject({ kind: 'roll back' });
    const late = entered();
    late.now += 4000;
    expect(late.pass({}, found('inconclusive'))).toMatchObject({ state: { phase: 'Inconclusive' } });
  });
});
