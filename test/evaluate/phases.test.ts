import { describe, expect, test } from 'vitest';
import { inSteps, World } from './phase-world.js';

const watched = { ...inSteps, rollbackWindow: 180 };

describe('next() on one candidate', () => {
  test('lets it in, moves it on by its verdicts, and promotes it', () => {
    const world = new World();
    expect(world.pass()).toMatchObject({ kind: 'advance', moved: [{ name: 'v2', from: 0, to: 5 }] });
    expect(world.pass()).toMatchObject({ kind: 'hold', state: undefined });
    expect(world.pass({ v2: 'pass' })).toMatchObject({ kind: 'advance', moved: [{ from: 5, to: 50 }] });
    expect(world.pass({ v2: 'pass' })).toMatchObject({ kind: 'promote' });
    expect(world.state).toMatchObject({ phase: 'Completed', primary: 'v2' });
    expect(world.shares).toEqual({ v2: 100 });
    expect(world.pass().reason).toBe('no candidate waits for an analysis');
  });

  test('rolls back a fail whatever holds the release, and does not try it again', () => {
    const world = new World();
    world.pass();
    expect(world.pass({ v2: 'pass' }, { held: 'frozen' })).toMatchObject({ kind: 'hold', state: undefined });
    expect(world.pass({ v2: 'fail' }, { held: 'frozen' })).toMatchObject({ kind: 'roll back' });
    expect(world.state).toMatchObject({ phase: 'RolledBack', settled: [{ name: 'v2', outcome: 'rolled back' }] });
    expect(world.pass()).toMatchObject({ kind: 'hold', route: undefined });
  });
});

describe('next() on several candidates', () => {
  test('gives those that are not judged the entry share together', () => {
    const world = new World(['v2', 'v3']);
    expect(world.pass().reason).toBe('v2, v3 enter at 2 % each; v1 answers 6,000 requests a window');
    expect(world.shares).toEqual({ v1: 96, v2: 2, v3: 2 });
  });

  test('lets one join once those before it are judged, and none before', () => {
    const world = new World(['v2']);
    world.pass();
    world.scene = { ...world.scene, others: [...world.scene.others, { name: 'v3', identity: 'v3', share: 0 }] };
    expect(world.pass({ v2: 'inconclusive' }).reason).toMatch(/; v3 waits for its turn$/);
    expect(world.pass({ v2: 'pass' }).reason).toMatch(/; v3 joins at 5 %$/);
    expect(world.shares).toEqual({ v1: 45, v2: 50, v3: 5 });
    expect(world.state.trials).toMatchObject([
      { name: 'v2', judged: true, startedAt: 60 },
      { name: 'v3', judged: false, startedAt: 180 },
    ]);
  });

  test('lets no more in than the environment can serve beside one another', () => {
    const world = new World(['v2', 'v3']);
    world.scene = { ...world.scene, together: 1 };
    expect(world.pass().reason).toMatch(/^v2 enters at 5 %.*; v3 waits for its turn$/);
    expect(world.pass({ v2: 'pass' }).reason).toMatch(/; v3 waits for its turn$/);
    expect(world.shares).toEqual({ v1: 50, v2: 50 });
  });

  test('takes one out that fails, and one out that a person changed; the others keep their shares', () => {
    const world = new World(['v2', 'v3', 'v4']);
    world.pass();
    expect(world.shares).toEqual({ v1: 97, v2: 1, v3: 1, v4: 1 });
    expect(world.pass({ v2: 'inconclusive', v3: 'fail', v4: 'inconclusive' })).toMatchObject({
      ...{ kind: 'roll back', moved: [{ name: 'v3', from: 1, to: 0 }] },
      state: { phase: 'Progressing', trials: [{ name: 'v2' }, { name: 'v4' }] },
    });
    world.edit('v4', { identity: 'another' });
    expect(world.pass({ v2: 'inconclusive', v4: 'inconclusive' }).reason).toBe(
      'v4 was changed while it was routed: its analysis starts again',
    );
    expect(world.shares).toEqual({ v1: 99, v2: 1 });
    expect(world.pass({ v2: 'inconclusive' }).reason).toMatch(/v4 joins at 4 %/);
  });

  test('remembers who was taken out by a person, and goes on with the other', () => {
    const world = new World(['v2', 'v3']);
    world.pass();
    world.edit('v3', { share: 0 });
    expect(world.pass().reason).toMatch(/^a person took v3 out/);
    expect(world.state.phase).toBe('Progressing');
    expect(world.pass({ v2: 'pass' })).toMatchObject({ kind: 'advance', moved: [{ name: 'v2', from: 2, to: 5 }] });
    world.edit('v2', { share: 0 });
    expect(world.pass()).toMatchObject({ state: { phase: 'Paused' } });
    expect(world.pass()).toMatchObject({ kind: 'hold', state: undefined });
  });

  test('promotes the one that has won, and settles the others as lost', () => {
    const world = new World(['v2', 'v3'], { ...inSteps, steps: [{ share: 30, duration: 0, pause: false }] });
    world.pass();
    expect(world.pass({ v2: 'pass', v3: 'marginal' })).toMatchObject({ kind: 'advance' });
    expect(world.pass({ v2: 'pass', v3: 'marginal' })).toMatchObject({ kind: 'promote' });
    expect(world.state.settled.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'v3 lost',
      'v1 replaced',
      'v2 promoted',
    ]);
  });
});

describe('next() on a primary that changes', () => {
  test('pauses until a person gives a share, and rolls back meanwhile what fails', () => {
    const world = new World();
    world.pass();
    world.edit('v1', { identity: 'another' });
    expect(world.pass({ v2: 'pass' })).toMatchObject({ kind: 'hold', state: { phase: 'Paused' } });
    expect(world.pass({ v2: 'pass' }).reason).toMatch(/^v1 was changed while v2 is compared with it/);
    world.edit('v2', { share: 10 });
    expect(world.pass()).toMatchObject({ state: { phase: 'Progressing', paused: undefined } });
    world.edit('v1', { identity: 'one more' });
    world.pass();
    expect(world.pass({ v2: 'fail' })).toMatchObject({ kind: 'roll back', state: { phase: 'RolledBack' } });
  });
});

describe('next() after a promotion', () => {
  function promotedWorld(): World {
    const world = new World(['v2'], watched);
    world.pass();
    world.pass({ v2: 'pass' });
    world.pass({ v2: 'pass' });
    expect(world.state).toMatchObject({ phase: 'Promoting', former: 'v1' });
    return world;
  }

  test('watches it until the rollback window is over', () => {
    const world = promotedWorld();
    world.scene = { ...world.scene, others: [...world.scene.others, { name: 'v3', identity: 'v3', share: 0 }] };
    expect(world.pass({ v2: 'inconclusive' }).reason).toMatch(
      /^v2 is watched until .*, with a way back to v1; .*; v3 waits for its turn$/,
    );
    world.pass();
    expect(world.pass()).toMatchObject({ kind: 'hold', state: { phase: 'Completed' } });
    expect(world.pass()).toMatchObject({ kind: 'advance', moved: [{ name: 'v3', to: 5 }] });
  });

  test('goes back to the version before when the new one fails', () => {
    const world = promotedWorld();
    expect(world.pass({ v2: 'fail' })).toMatchObject({ kind: 'roll back', route: { kind: 'promote', version: 'v1' } });
    expect(world.shares).toEqual({ v1: 100 });
    expect(world.state).toMatchObject({ phase: 'RolledBack', primary: 'v1' });
    expect(world.pass()).toMatchObject({ kind: 'hold', route: undefined });
  });

  test('has no way back to a version that was changed since', () => {
    const world = promotedWorld();
    world.edit('v1', { identity: 'another' });
    expect(world.pass({ v2: 'fail' }).reason).toMatch(/^the promotion of v2 is final/);
    expect(world.state.phase).toBe('Completed');
  });

  test('is final at once where a person made it the primary', () => {
    const world = new World(['v2'], watched);
    world.pass();
    const { primary, others } = world.scene;
    world.scene = { ...world.scene, primary: { name: 'v2', identity: 'v2' }, others: [{ ...primary, share: 0 }] };
    expect(others).toHaveLength(1);
    expect(world.pass()).toMatchObject({ kind: 'promote', state: { phase: 'Completed' } });
  });
});
