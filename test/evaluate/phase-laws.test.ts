import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidenceFor, next } from '../../src/evaluate/phases/next.js';
import type { Look } from '../../src/evaluate/phases/scene.js';
import { standOf } from '../../src/evaluate/phases/stand.js';
import { initialState, isLive, type Step } from '../../src/evaluate/phases/state.js';
import { conclude } from '../../src/policies/conclude.js';
import { policies } from '../../src/policies/registry.js';
import type { Outcome, Verdict } from '../../src/release/judge.js';
import type { Override, Policy, Rollout } from '../../src/release/policy.js';
import { verdicts } from '../policies/policy-inputs.js';
import { verdictOn } from '../policies/several.js';
import { inSteps, look, traffic, World } from './phase-world.js';

/** The same cases on every machine: a law that fails, fails in every run. */
const settings = { seed: 20_261_121, numRuns: 600 };

const INTERVAL = 60;
const names = ['v2', 'v3', 'v4'];

/** What happens between two passes, and what the pass finds. */
type Event =
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  | { readonly kind: 'nothing' | 'no data of the primary' | 'down' }
  | { readonly kind: 'silent'; readonly of: string; readonly for: number }
  | { readonly kind: 'unsynced' | 'broken'; readonly verdict: Verdict }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'hold'; readonly held: string | undefined }
  | { readonly kind: 'wish'; readonly override: Override | undefined }
  | { readonly kind: 'edit' | 'remove' | 'add'; readonly name: string }
  | { readonly kind: 'share'; readonly name: string; readonly share: number }
  | { readonly kind: 'promote by hand'; readonly name: string }
  | { readonly kind: 'baseline'; readonly share: number | undefined };

const candidate = fc.constantFrom(...names);

const byEvidence: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: verdicts(names).map((verdict) => ({ kind: 'judged', verdict }) as const) },
  fc.constantFrom({ kind: 'nothing' } as const, { kind: 'no data of the primary' } as const, { kind: 'down' } as const),
  fc.record({ kind: fc.constant('silent' as const), of: candidate, for: fc.integer({ min: 0, max: 4000 }) }),
  verdicts(names).map((verdict) => ({ kind: 'unsynced', verdict }) as const),
  verdicts(names).map((verdict) => ({ kind: 'broken', verdict }) as const),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 4000 }) }),
  fc.record({ kind: fc.constant('hold' as const), held: fc.constantFrom(undefined, 'frozen') }),
);

const harmless: fc.Arbitrary<Override | undefined> = fc.constantFrom(
  undefined,
  { action: 'pause' } as const,
  { action: 'resume' } as const,
);

/** What people do that gives nobody more than it had: no share, no promotion, no split. */
const byCarefulPeople: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constantFrom('edit' as const, 'remove' as const, 'add' as const), name: candidate }),
  fc.record({ kind: fc.constant('edit' as const), name: fc.constant('v1') }),
  fc.record({ kind: fc.constant('share' as const), name: candidate, share: fc.constant(0) }),
  harmless.map((override) => ({ kind: 'wish', override }) as const),
  fc.constantFrom(undefined, 0, 1).map((share) => ({ kind: 'baseline', share }) as const),
);

const byAnybody: fc.Arbitrary<Event> = fc.oneof(
  byCarefulPeople,
  fc.record({ kind: fc.constant('share' as const), name: candidate, share: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('promote by hand' as const), name: candidate }),
  fc
    .option(fc.dictionary(candidate, fc.constantFrom(0, 10, 30, 100)), { nil: undefined })
    .map((split) => ({ kind: 'wish', override: { action: 'terminate', split } }) as const),
);

const budget = fc.option(
  fc.record({
    hold: fc.constantFrom(60, 600),
    // biome-ignore lint/suspicious/noThenProperty: it is an arbitrary of words, which nothing awaits
    then: fc.constantFrom('hold' as const, 'rollback' as const, 'ask' as const),
  }),
  { nil: undefined },
);

const rollouts: fc.Arbitrary<Rollout> = fc.record({
  policy: fc.constantFrom(...Object.keys(policies), 'greedy'),
  steps: fc.constantFrom(inSteps.steps, [
    { share: 2, duration: 300, pause: true },
    { share: 80, duration: 0, pause: false },
  ]),
  entryShare: fc.constantFrom(undefined, 1, 7),
  maxIncrement: fc.constantFrom(undefined, 40),
  onTermination: fc.constantFrom('to-winner', 'to-baseline', 'keep-last'),
  onInconclusive: fc.constantFrom('hold', 'rollback', 'promote'),
  rollbackWindow: fc.constantFrom(undefined, 300),
  cleanup: fc.boolean(),
  onNoData: budget,
  onMetricsDown: budget,
});

/** Raises everybody whom it may move, whatever is known of them: the laws have to hold for any policy. */
const greedy: Policy = {
  id: 'greedy',
  reads: ['entryShare'],
  entryShare: ({ entryShare = 3 }) => entryShare,
  reaches: () => [1, 3, 7, 30],
  decide: (input) => conclude(input, ({ shares }) => ({ shares: mapOf(Object.keys(shares), 30) })),
};

function shareIn({ scene }: World, name: string): number | undefined {
  return scene.others.find((each) => each.name === name)?.share;
}

function mapOf(keys: readonly string[], value: number): { readonly [key: string]: number } {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

interface Story {
  readonly rollout: Rollout;
  readonly together: number;
  readonly moves: 'shares' | 'copies' | 'nothing';
  /** Whether candidates are compared with a fresh baseline, where they have shares. */
  readonly fresh: boolean;
  readonly events: readonly Event[];
}

function stories(...events: fc.Arbitrary<Event>[]): fc.Arbitrary<Story> {
  return fc.record({
    rollout: rollouts,
    together: fc.constantFrom(1, Number.POSITIVE_INFINITY),
    moves: fc.constantFrom('shares', 'shares', 'copies', 'nothing'),
    fresh: fc.boolean(),
    events: fc.array(fc.oneof(byEvidence, ...events), { minLength: 1, maxLength: 40 }),
  });
}

/** Stories that go on from where a candidate stands beside a fresh baseline. */
function besideFresh(...events: fc.Arbitrary<Event>[]): fc.Arbitrary<Story> {
  const routed = Array.from({ length: 3 }, () => ({ kind: 'wait', seconds: 300 }) as const);
  return stories(...events).map((story) => {
    return { ...story, fresh: true, moves: 'shares' as const, events: [...routed, ...story.events] };
  });
}

/** A pass as the laws look at it. */
interface Passed {
  readonly step: Step;
  readonly before: World;
  readonly after: World;
  readonly known: Look;
}

/** Tells a story: after every event there is a pass, and what it decides is in the values at once. */
function tell({ rollout, together, moves, fresh, events }: Story, law: (passed: Passed) => void): World {
  const isFresh = fresh && moves === 'shares';
  const world = new World(['v2', 'v3'], rollout, { fresh: isFresh });
  world.scene = {
    ...world.scene,
    together: isFresh ? 1 : together,
    moves,
    ...(moves === 'nothing' && { grant: (share) => (share > 0 ? 100 : 0) }),
  };
  if (rollout.policy === 'greedy') world.scene = { ...world.scene, policy: greedy };
  let held: string | undefined;
  for (const event of events) {
    world.now += event.kind === 'wait' ? event.seconds : INTERVAL;
    if (event.kind === 'hold') held = event.held;
    happens(world, event);
    world.refit();
    const known = look({ now: world.now, held, ...seenIn(world, event) });
    const before = Object.assign(new World(), { ...world });
    const step = next(world.scene, world.state, known);
    world.follow(step);
    law({ step, before, after: world, known });
  }
  return world;
}

function seenIn(world: World, event: Event): Partial<Look> {
  const needed = evidenceFor(world.scene, world.state, look());
  if (event.kind === 'down') return { down: 'refused', evidence: undefined };
  if (needed === undefined || event.kind === 'nothing') return { evidence: undefined };
  const baseline = event.kind === 'no data of the primary' ? { missing: 'no requests' } : traffic;
  const former = event.kind === 'judged' ? ({ missing: 'no series', idle: true } as const) : traffic;
  const said = 'verdict' in event ? onThose(world, event.verdict) : undefined;
  const isBroken = event.kind === 'broken' && (world.scene.baseline?.share ?? 0) > 0;
  const broken = isBroken ? 'the baseline is broken' : undefined;
  const silence = event.kind === 'silent' ? { of: [event.of], since: world.now - event.for } : undefined;
  const unsynced = event.kind === 'unsynced' ? { found: 'v2 has no requests yet' } : undefined;
  return { evidence: { baseline, former, verdict: said ?? (silence && unknown), silence, unsynced, broken } };
}

const unknown: Verdict = { outcome: 'inconclusive', sentence: 'nothing is known', standings: [], winner: undefined };

/** A verdict is on those that were asked about, and no others: after a promotion that is the new primary. */
function onThose({ scene, state }: World, verdict: Verdict): Verdict | undefined {
  const stand = standOf(scene, state, false);
  const asked = state.phase === 'Promoting' ? [scene.primary] : stand.progressing;
  const [any] = verdict.standings;
  const said = asked.flatMap(({ name }) => {
    const standing = verdict.standings.find(({ version }) => version === name) ?? any;
    return standing === undefined ? [] : { ...standing, version: name };
  });
  if (said.length === 0) return undefined;
  const isOnAll = said.length === names.length && said.every(({ version }) => names.includes(version));
  const ranks = isOnAll ? verdict.ranks : undefined;
  return verdictOn(Object.fromEntries(said.map((each) => [each.version, each])), { ranks });
}

let edits = 0;

function happens(world: World, event: Event): void {
  const { scene } = world;
  const isOther = 'name' in event && scene.others.some(({ name }) => name === event.name);
  if (event.kind === 'wish') world.scene = { ...scene, rollout: { ...scene.rollout, override: event.override } };
  if (event.kind === 'edit') world.edit(event.name, { identity: `edit ${++edits}` });
  if (event.kind === 'share' && isOther && roomFor(world, event.name) >= event.share) world.edit(event.name, event);
  if (event.kind === 'baseline' && scene.baseline !== undefined) {
    const baseline = event.share === undefined ? undefined : { ...scene.baseline, share: event.share };
    world.scene = { ...scene, baseline };
  }
  if (event.kind === 'remove')
    world.scene = { ...scene, others: scene.others.filter(({ name }) => name !== event.name) };
  if (event.kind === 'add' && !isOther && event.name !== scene.primary.name) {
    const added = { name: event.name, identity: `edit ${++edits}`, share: 0 };
    world.scene = { ...scene, others: [...scene.others, added] };
  }
  if (event.kind === 'promote by hand' && isOther) {
    const primary = scene.others.find(({ name }) => name === event.name) ?? scene.primary;
    const others = scene.others.filter(({ name }) => name !== event.name);
    world.scene = { ...scene, primary, others: [...others, { ...scene.primary, share: 0 }] };
  }
}

function roomFor({ scene }: World, name: string): number {
  if (scene.moves !== 'shares') return 100;
  const beside = scene.others.reduce((sum, each) => sum + (each.name === name ? 0 : each.share), 0);
  return 99 - beside - (scene.baseline?.share ?? 0);
}

function always(arbitrary: fc.Arbitrary<Story>, law: (passed: Passed) => void): void {
  fc.assert(
    fc.property(arbitrary, (story) => void tell(story, law)),
    settings,
  );
}

/** Whoever has traffic that no verdict has ever spoken well of: nothing but unknown, by its name and what it is. */
class Unproven {
  readonly #proven = new Set<string>();

  see({ before, known }: Passed): void {
    const { standings = [], ranks } = known.evidence?.verdict ?? {};
    for (const { version, outcome, exposure } of standings) {
      const at = before.scene.others.find(({ name }) => name === version);
      const isSaid = outcome !== 'inconclusive' || exposure !== undefined || ranks !== undefined;
      if (at !== undefined && isSaid) this.#proven.add(key(at));
    }
  }

  has(version: { readonly name: string; readonly identity: string }): boolean {
    return !this.#proven.has(key(version));
  }
}

function key({ name, identity }: { readonly name: string; readonly identity: string }): string {
  return `${name} ${identity}`;
}

function entryOf({ scene, state }: World): number {
  const entry = scene.policy.entryShare(scene.rollout, state.traffic ?? traffic.requests);
  return scene.fresh === true ? Math.min(entry, 49) : entry;
}

describe('next()', () => {
  test('never throws, and decides the same on the same', () => {
    always(stories(byAnybody), ({ step, before, known }) => {
      expect(next(structuredCloneOf(before), before.state, known)).toEqual(step);
    });
  });

  test('gives an unjudged candidate at most the entry share, and all of them together', () => {
    const arbitrary = stories(byCarefulPeople);
    const property = fc.property(arbitrary, (story) => {
      const unproven = new Unproven();
      tell(story, (passed) => {
        unproven.see(passed);
        const { scene } = passed.after;
        const gained = scene.others.filter(
          ({ name, share }) => share > (passed.before.scene.others.find((each) => each.name === name)?.share ?? 0),
        );
        const unjudged = scene.others.filter((each) => each.share > 0 && unproven.has(each));
        if (!gained.some((each) => unproven.has(each))) return;
        if (scene.moves === 'nothing') return;
        const sum = unjudged.reduce((total, { share }) => total + share, 0);
        const most = scene.moves === 'shares' ? sum : Math.max(...unjudged.map(({ share }) => share));
        expect(most).toBeLessThanOrEqual(entryOf(passed.after));
      });
      return true;
    });
    fc.assert(property, { ...settings, numRuns: 2_000 });
  });

  test('promotes nobody that no verdict has ever been given on', () => {
    const property = fc.property(stories(byCarefulPeople), (story) => {
      const unproven = new Unproven();
      tell(story, (passed) => {
        unproven.see(passed);
        const { step, before } = passed;
        if (step.kind !== 'promote') return;
        const winner = before.scene.others.find(({ name }) => name === step.moved[0]?.name);
        expect(winner !== undefined && unproven.has(winner) && step.route?.kind === 'promote').toBe(false);
      });
      return true;
    });
    fc.assert(property, settings);
  });

  test('a rollback is latched: what was rolled back gets nothing until it is another, or a person gives it a share', () => {
    const property = fc.property(stories(byCarefulPeople), (story) => {
      const out = new Set<string>();
      tell(story, ({ step, after }) => {
        for (const version of after.scene.others) if (version.share > 0) expect(out.has(key(version))).toBe(false);
        for (const { name, identity, outcome } of step.state?.settled ?? []) {
          if (outcome === 'rolled back') out.add(key({ name, identity }));
        }
        // A version that was taken out of the values may come back as something new.
        for (const name of names) {
          if (after.scene.others.some((each) => each.name === name) || after.scene.primary.name === name) continue;
          for (const each of out) if (each.startsWith(`${name} `)) out.delete(each);
        }
      });
      return true;
    });
    fc.assert(property, settings);
  });

  test('no look is decided twice: the same pass again raises nobody and promotes nobody', () => {
    always(stories(byAnybody), ({ step, after, known }) => {
      if (known.evidence?.verdict === undefined || step.route === undefined) return;
      // The split that a person wishes for is no look.
      if (after.scene.rollout.override?.action === 'terminate') return;
      const again = next(after.scene, after.state, known);
      expect(again.moved.some(({ from, to }) => from > 0 && to > from)).toBe(false);
      expect(again.kind).not.toBe('promote');
    });
  });

  test('takes out every candidate that fails while it is under analysis, whatever holds the release', () => {
    const failed: Outcome = 'fail';
    always(stories(byCarefulPeople), ({ before, after, known, step }) => {
      if (known.evidence?.verdict === undefined || after.state === before.state) return;
      if (evidenceFor(before.scene, before.state, known) !== 'verdict' || step.kind === 'promote') return;
      for (const { version, outcome } of known.evidence.verdict.standings) {
        const then = before.scene.others.find(({ name }) => name === version);
        const now = after.scene.others.find(({ name }) => name === version);
        if (outcome === failed && (then?.share ?? 0) > 0) expect(now?.share).toBe(0);
      }
    });
  });

  test('the shares of the requests leave the primary some, and are whole percents', () => {
    always(stories(byCarefulPeople), ({ after: { scene } }) => {
      const sum = scene.others.reduce((total, { share }) => total + share, scene.baseline?.share ?? 0);
      expect(scene.others.every(({ share }) => Number.isInteger(share) && share >= 0)).toBe(true);
      if (scene.moves === 'shares') expect(sum).toBeLessThan(100);
    });
  });

  test('a fresh baseline is routed only once its pods can be there, and as much as who is compared with it', () => {
    always(stories(byCarefulPeople), ({ step, before, after }) => {
      const { baseline, others, fresh } = after.scene;
      if (fresh !== true || step.state === undefined) return;
      const had = before.scene.baseline?.share ?? 0;
      const entered = others.filter(({ name, share }) => share > (shareIn(before, name) ?? 0));
      // Nobody is let in without it, and it enters as they do.
      for (const { share } of entered) expect(baseline?.share).toBe(share);
      if (had > 0 || (baseline?.share ?? 0) === 0) return;
      expect(after.now - (before.state.baseline?.since ?? after.now)).toBeGreaterThanOrEqual(300);
    });
  });

  test('a fresh baseline leaves the route first, and its workload a confirmed pass later', () => {
    const property = fc.property(stories(byAnybody), (story) => {
      let routed = Number.NEGATIVE_INFINITY;
      tell(story, ({ step, before, known }) => {
        const { baseline } = before.scene;
        if (baseline !== undefined && baseline.share > 0) routed = before.now;
        if (step.route?.kind !== 'remove' || step.route.version !== baseline?.name) return;
        expect(baseline.share).toBe(0);
        expect(before.now - routed).toBeGreaterThanOrEqual(INTERVAL);
        expect(known.evidence?.former).toHaveProperty('missing');
      });
      return true;
    });
    fc.assert(property, settings);
  });

  test('what leaves, leaves the route first, and its entry a confirmed pass later', () => {
    const property = fc.property(stories(byAnybody), (story) => {
      const routed = new Map<string, number>();
      tell(story, ({ step, before, known }) => {
        const { primary, others, rollout } = before.scene;
        for (const { name, share } of [...others, { name: primary.name, share: 100 }]) {
          if (share > 0) routed.set(name, before.now);
        }
        if (step.route?.kind !== 'remove' || step.route.version === before.scene.baseline?.name) return;
        const { version } = step.route;
        const settled = before.state.settled.find(({ name }) => name === version);
        expect(rollout.cleanup).toBe(true);
        expect(['replaced', 'rolled back', 'lost']).toContain(settled?.outcome);
        expect(others.find(({ name }) => name === version)).toMatchObject({ identity: settled?.identity, share: 0 });
        expect(before.now - (routed.get(version) ?? before.now)).toBeGreaterThanOrEqual(INTERVAL);
        expect(known.evidence?.former).toHaveProperty('missing');
        // Whoever is under analysis goes on as if nothing had been taken out.
        if (isLive(before.state))
          expect(step.state).toMatchObject({ trials: before.state.trials, since: before.state.since });
      });
      return true;
    });
    fc.assert(property, settings);
  });

  test('beside a broken baseline nobody gets more, and nothing but a fail is concluded', () => {
    always(besideFresh(byCarefulPeople), ({ step, known }) => {
      if (known.evidence?.broken === undefined) return;
      expect(['hold', 'roll back'].includes(step.kind) || step.state?.trials.some(({ judged }) => !judged)).toBe(true);
      expect(step.kind).not.toBe('promote');
    });
  });

  test('nothing gets more while it is held, the baseline included', () => {
    always(besideFresh(byCarefulPeople), ({ step, before, after, known }) => {
      if (known.held === undefined || step.kind === 'roll back') return;
      expect(step.kind).not.toBe('promote');
      const sharesIn = ({ scene }: World) => [...scene.others, ...(scene.baseline ? [scene.baseline] : [])];
      const had = new Map(sharesIn(before).map(({ name, share }) => [name, share]));
      for (const { name, share } of sharesIn(after)) expect(share).toBeLessThanOrEqual(had.get(name) ?? 0);
    });
  });

  test('nobody judges, settles or promotes a fresh baseline', () => {
    always(stories(byAnybody), ({ step, before }) => {
      const name = before.scene.baseline?.name;
      if (name === undefined) return;
      expect(step.route?.kind === 'promote' && step.route.version).not.toBe(name);
      expect(step.state?.settled.some((each) => each.name === name) ?? false).toBe(false);
      expect(step.state?.trials.some((each) => each.name === name) ?? false).toBe(false);
    });
  });

  test('every path ends, or waits for somebody or something that its reason names', () => {
    const ends = fc.tuple(stories(byAnybody), verdicts(names));
    const property = fc.property(ends, ([story, verdict]) => {
      const world = tell(story, () => undefined);
      world.scene = { ...world.scene, rollout: { ...world.scene.rollout, override: undefined } };
      let last: Step | undefined;
      for (let pass = 0; pass < 400; pass++) {
        world.now += 600;
        world.refit();
        last = next(world.scene, world.state, look({ now: world.now, evidence: evidenceAt(world, verdict) }));
        world.follow(last);
      }
      const { phase } = world.state;
      const waits =
        /until a person|sluice resume|once it has traffic|once they have traffic|no candidate waits|there is no room/;
      const isOver = !isLive(world.state) && phase !== 'Promoting';
      const isWatching = phase === 'Inconclusive';
      const why = `${phase}: ${last?.reason}`;
      expect(isOver || isWatching || waits.test(last?.reason ?? '') || why).toBe(true);
      // What was deployed for an analysis does not outlive it.
      if (isOver) expect(world.scene.baseline).toBeUndefined();
    });
    fc.assert(property, { ...settings, numRuns: 300 });
  });
});

function evidenceAt(world: World, verdict: Verdict): Look['evidence'] {
  if (evidenceFor(world.scene, world.state, look()) === undefined) return undefined;
  return { baseline: traffic, former: { missing: 'no series', idle: true } as const, verdict: onThose(world, verdict) };
}

function structuredCloneOf({ scene }: World): World['scene'] {
  const { policy, grant, ...plain } = scene;
  return { ...structuredClone(plain), policy: policy as Policy, grant };
}

test('the laws see what they are about: stories promote, roll back, pause, go back and let several in', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(stories(byAnybody), (story) => {
      tell(story, ({ step, before, after }) => {
        seen.add(step.kind);
        seen.add(after.state.phase);
        if (after.scene.others.filter(({ share }) => share > 0).length > 1) seen.add('several');
        if (step.kind === 'roll back' && step.route?.kind === 'promote') seen.add('went back');
        if (step.route?.kind === 'add') seen.add('deployed a baseline');
        if (after.scene.baseline !== undefined && after.scene.baseline.share > 0) seen.add('routed a baseline');
        if (step.route?.kind === 'remove') {
          seen.add(step.route.version === before.scene.baseline?.name ? 'removed a baseline' : 'cleaned up');
          if (isLive(after.state)) seen.add('cleaned up beside others');
        }
      });
    }),
    settings,
  );
  expect([...seen].sort()).toEqual(
    [
      'Completed',
      'Inconclusive',
      'Initializing',
      'Paused',
      'Progressing',
      'Promoting',
      'RolledBack',
      'Terminated',
    ].concat(
      [
        'advance',
        'cleaned up',
        'cleaned up beside others',
        'deployed a baseline',
        'hold',
        'promote',
        'removed a baseline',
        'roll back',
      ],
      ['routed a baseline', 'several', 'went back'],
    ),
  );
  expect(initialState.phase).toBe('Initializing');
});
