import { describe, expect, test } from 'vitest';
import { evidenceFor } from '../../src/evaluate/phases/next.js';
import { spreadOfPods } from '../../src/evaluate/spread-of-pods.js';
import type { Rollout } from '../../src/release/policy.js';
import { inSteps, look, traffic, verdict, World } from './phase-world.js';

const MINUTE = 60;

function fresh(candidates: readonly string[] = ['v2'], rollout: Partial<Rollout> = {}): World {
  const steps = [5, 20].map((share) => ({ share, duration: 0, pause: false }));
  return new World(candidates, { ...inSteps, steps, ...rollout }, { fresh: true });
}

/** Lets the first candidate in, with its baseline. */
function entered(candidates?: readonly string[], rollout?: Partial<Rollout>): World {
  const world = fresh(candidates, rollout);
  for (let pass = 0; pass < 6; pass += 1) world.pass();
  return world;
}

const left = {
  evidence: { baseline: traffic, former: { missing: 'no requests', idle: true } as const, verdict: undefined },
};

describe('next() with a fresh baseline', () => {
  test('adds it once the primary answers, waits for its pods, then routes both', () => {
    const world = fresh();
    const dark = world.pass({}, { evidence: { baseline: { missing: 'no requests' }, verdict: undefined } });
    expect(dark).toMatchObject({ kind: 'hold', route: undefined });
    expect(world.pass()).toMatchObject({ kind: 'hold', route: { kind: 'add', version: 'v1-baseline', beside: 'v2' } });
    expect(world.state).toMatchObject({ phase: 'Initializing', baseline: { name: 'v1-baseline', leaving: false } });
    for (let minute = 1; minute < 5; minute += 1) {
      expect(world.pass()).toMatchObject({ route: undefined, state: undefined });
    }
    expect(world.pass()).toMatchObject({ route: { kind: 'shares', shares: { v2: 5, 'v1-baseline': 5 } } });
    expect(world.shares).toEqual({ v1: 90, 'v1-baseline': 5, v2: 5 });
    world.pass();
    world.pass({ v2: 'pass' });
    expect(world.shares).toEqual({ v1: 60, 'v1-baseline': 20, v2: 20 });
  });

  test('lets candidates follow one another, each with a baseline of its own', () => {
    const world = entered(['v2', 'v3']);
    expect(world.shares).toEqual({ v1: 90, 'v1-baseline': 5, v2: 5 });
    expect(world.pass({ v2: 'fail' })).toMatchObject({
      kind: 'roll back',
      route: { shares: { v2: 0, 'v1-baseline': 0 } },
    });
    expect(world.pass().reason).toBe(
      'the entry of v1-baseline is taken out once no request reaches it; v3 waits until then',
    );
    world.pass();
    expect(world.pass({}, left)).toMatchObject({ route: { kind: 'remove', version: 'v1-baseline' } });
    expect(world.pass()).toMatchObject({ route: { kind: 'add', version: 'v1-baseline', beside: 'v3' } });
  });

  test('asks for its requests before it takes its entry out, and for nobody else then', () => {
    const world = entered();
    world.pass({ v2: 'fail' });
    expect(evidenceFor(world.scene, world.state, look())).toBe('leave');
    world.now += 2 * MINUTE;
    expect(
      world.pass({}, { evidence: { baseline: traffic, former: traffic, verdict: undefined } }).route,
    ).toBeUndefined();
    expect(world.pass({}, { ...left, held: 'frozen' }).route).toBeUndefined();
    expect(world.pass({}, left).route).toEqual({ kind: 'remove', version: 'v1-baseline' });
    expect(world.state.baseline).toBeUndefined();
    expect(evidenceFor(world.scene, world.state, look())).toBeUndefined();
  });

  test('keeps it while a promotion is watched, and lets it go before the version that was replaced', () => {
    const world = entered(['v2'], { rollbackWindow: 10 * MINUTE, cleanup: true });
    world.pass();
    world.pass({ v2: 'pass' });
    world.pass();
    expect(world.pass({ v2: 'pass' })).toMatchObject({ kind: 'promote' });
    expect(world.scene.baseline).toMatchObject({ share: 0 });
    expect(evidenceFor(world.scene, world.state, look())).toBe('watch');
    world.now += 11 * MINUTE;
    world.pass({}, left);
    expect(world.state).toMatchObject({ phase: 'Completed', former: 'v1', baseline: { leaving: true } });
    world.now += 2 * MINUTE;
    expect(world.pass({}, left).route).toEqual({ kind: 'remove', version: 'v1-baseline' });
    expect(world.pass({}, left).route).toEqual({ kind: 'remove', version: 'v1' });
  });

  test('keeps it beside a candidate that is watched on after the time is up', () => {
    const world = entered();
    world.now += 2 * 3600;
    world.pass({ v2: 'inconclusive' });
    expect(world.state.phase).toBe('Inconclusive');
    expect(world.shares).toEqual({ v1: 90, 'v1-baseline': 5, v2: 5 });
  });

  test('takes it out of the route where an analysis ends with the shares as they are', () => {
    const world = entered(['v2'], { onTermination: 'keep-last', steps: [{ share: 5, duration: 0, pause: false }] });
    world.pass();
    world.pass({ v2: 'pass' });
    expect(world.state.phase).toBe('Completed');
    expect(world.shares).toEqual({ v1: 95, v2: 5 });
  });

  test('goes on from a share that a person chose, as far as there is room for two', () => {
    const world = fresh();
    world.edit('v2', { share: 70 });
    expect(world.pass().route).toMatchObject({ kind: 'add' });
    expect(world.shares).toEqual({ v1: 30, v2: 70 });
    for (let minute = 0; minute < 5; minute += 1) world.pass();
    expect(world.shares).toEqual({ v1: 2, 'v1-baseline': 49, v2: 49 });
  });

  test('serves a second candidate that a person routes, with as much as the larger has', () => {
    const world = entered(['v2', 'v3']);
    world.edit('v3', { share: 10 });
    world.pass();
    expect(world.shares).toEqual({ v1: 75, 'v1-baseline': 10, v2: 5, v3: 10 });
  });

  test('leaves with a candidate that a person takes out', () => {
    const world = entered();
    world.edit('v2', { share: 0 });
    expect(world.pass()).toMatchObject({ route: { kind: 'shares', shares: { 'v1-baseline': 0 } } });
    expect(world.state).toMatchObject({ phase: 'Paused', baseline: { leaving: true } });
  });

  test('starts again where its size is no more the candidate’s, or the primary is another; not while that is paused', () => {
    const world = entered();
    world.edit('v1', { identity: 'v1 of tuesday' });
    world.pass();
    expect(world.state.phase).toBe('Paused');
    expect(world.pass().route).toBeUndefined();
    world.scene = { ...world.scene, rollout: { ...world.scene.rollout, override: { action: 'resume' } } };
    expect(world.pass().state?.phase).toBe('Progressing');
    expect(world.pass()).toMatchObject({
      kind: 'roll back',
      reason: 'v1-baseline is no copy of v1 at the size of v2 any more: the analysis of v2 starts again',
      state: { phase: 'Initializing', settled: [] },
    });
    expect(world.shares).toEqual({ v1: 100 });
  });

  test('starts again as well where a person answers that pause with a share', () => {
    const world = entered();
    world.edit('v1', { identity: 'v1 of tuesday' });
    world.pass();
    world.edit('v2', { share: 10 });
    world.pass();
    expect(world.pass()).toMatchObject({ kind: 'roll back', state: { phase: 'Initializing' } });
    expect(world.shares).toEqual({ v1: 100 });
    world.now += 2 * MINUTE;
    expect(world.pass({}, left).route).toMatchObject({ kind: 'remove', version: 'v1-baseline' });
    expect(world.pass().route).toMatchObject({ kind: 'add', beside: 'v2' });
  });

  test('gives it its share again where a person gave it another', () => {
    const world = entered();
    const { baseline } = world.scene;
    world.scene = { ...world.scene, baseline: baseline && { ...baseline, share: 30 } };
    expect(world.pass().reason).toBe('v1-baseline has 30 % by no decision of ours: as a baseline it gets 5 %');
    expect(world.shares).toEqual({ v1: 90, 'v1-baseline': 5, v2: 5 });
    expect(world.state.trials[0]?.startedAt).toBe(6 * MINUTE);
  });

  test('takes both out of the route where it is broken, finds nothing on the candidate, and waits for a person', () => {
    const world = entered();
    const broken = 'v1-baseline is broken';
    const said = verdict({ v2: 'pass' });
    const step = world.pass({}, { held: 'frozen', evidence: { baseline: traffic, verdict: said, broken } });
    expect(step).toMatchObject({ kind: 'roll back', state: { phase: 'Paused', settled: [] } });
    expect(step.reason).toContain('v1-baseline is broken: nothing is concluded on v2');
    expect(world.shares).toEqual({ v1: 100 });
    world.now += 2 * MINUTE;
    world.pass({}, left);
    expect(world.scene.baseline).toBeUndefined();
    expect(world.pass().reason).toContain('nothing is routed to it until a person gives it a share');
    world.edit('v2', { share: 5 });
    for (let minute = 0; minute < 6; minute += 1) world.pass();
    expect(world.shares).toEqual({ v1: 90, 'v1-baseline': 5, v2: 5 });
    expect(world.state).toMatchObject({ phase: 'Progressing', paused: undefined });
  });

  test('rolls back all the same what is worse than a broken one', () => {
    const world = entered();
    const evidence = { baseline: traffic, verdict: verdict({ v2: 'fail' }), broken: 'v1-baseline is broken' };
    expect(world.pass({}, { evidence })).toMatchObject({ kind: 'roll back', state: { phase: 'RolledBack' } });
  });

  test('judges what a person routes during a freeze beside the primary, and gives it a baseline after that', () => {
    const frozen = { held: 'frozen' };
    const failing = fresh();
    failing.edit('v2', { share: 60 });
    expect(failing.pass({}, frozen)).toMatchObject({ kind: 'advance', route: undefined });
    expect(failing.pass({ v2: 'pass' }, frozen)).toMatchObject({ kind: 'hold', state: undefined });
    expect(failing.pass({ v2: 'fail' }, frozen)).toMatchObject({ kind: 'roll back' });

    const sound = fresh();
    sound.edit('v2', { share: 60 });
    for (let pass = 0; pass < 3; pass += 1) sound.pass({}, frozen);
    expect(sound.shares).toEqual({ v1: 40, v2: 60 });
    expect(sound.pass().route).toEqual({ kind: 'add', version: 'v1-baseline', beside: 'v2' });
    for (let minute = 1; minute < 5; minute += 1) expect(sound.pass({ v2: 'pass' }).route).toBeUndefined();
    sound.pass();
    expect(sound.shares).toEqual({ v1: 2, 'v1-baseline': 49, v2: 49 });
    expect(sound.state).toMatchObject({ phase: 'Progressing', trials: [{ startedAt: sound.now, judged: false }] });
  });

  test('gets no traffic during a freeze, and all of it after that', () => {
    const world = entered(['v2', 'v3']);
    world.edit('v3', { share: 10 });
    world.pass({}, { held: 'frozen' });
    expect(world.shares).toEqual({ v1: 80, 'v1-baseline': 5, v2: 5, v3: 10 });
    world.pass();
    expect(world.shares).toEqual({ v1: 75, 'v1-baseline': 10, v2: 5, v3: 10 });

    const emptied = entered();
    const { baseline } = emptied.scene;
    emptied.scene = { ...emptied.scene, baseline: baseline && { ...baseline, share: 0 } };
    emptied.pass({}, { held: 'frozen' });
    expect(emptied.shares).toEqual({ v1: 95, v2: 5 });
    emptied.pass();
    expect(emptied.shares).toEqual({ v1: 90, 'v1-baseline': 5, v2: 5 });
  });

  test('lets one go that nobody asks for any more', () => {
    const world = entered();
    world.scene = { ...world.scene, fresh: false };
    world.pass();
    expect(world.shares).toEqual({ v1: 95, v2: 5 });
    expect(world.state).toMatchObject({ phase: 'Progressing', baseline: { leaving: true } });
  });

  test('names it by the primary, in a name that is valid and nobody’s', () => {
    const long = 'a'.repeat(53).concat('-and-some-more');
    const world = fresh(['v1-baseline', 'v2']);
    expect(world.pass().route).toMatchObject({ version: 'v1-baseline-2' });
    const other = fresh();
    other.scene = { ...other.scene, primary: { name: long, identity: long } };
    const { route } = other.pass();
    expect(route).toMatchObject({ version: `${'a'.repeat(53)}-baseline` });
  });
});

describe('spreadOfPods() for a fresh baseline', () => {
  test('takes fewer pods on its side for more chance, as the candidate has', () => {
    // Pods that differ for good: what more requests do not average out.
    const row = () => [0, 1, 2, 3].map((pod) => ({ n: 100, sum: 1000 + pod * 200 }));
    const means = { 'latency-mean': Array.from({ length: 240 }, row) };
    const squares = (candidate: number, alike: boolean) =>
      spreadOfPods({ counts: {}, means, candidate, alike }).spread?.['latency-mean']?.squares ?? 0;
    expect(squares(2, true)).toBeGreaterThan(1.2 * squares(2, false));
    expect(squares(4, true)).toBe(squares(4, false));
  });
});
