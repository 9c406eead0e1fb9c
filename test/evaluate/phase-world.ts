import { next } from '../../src/evaluate/phases/next.js';
import type { Look, Scene } from '../../src/evaluate/phases/scene.js';
import { initialState, type State, type Step, type Version } from '../../src/evaluate/phases/state.js';
import { policies } from '../../src/policies/registry.js';
import type { Sample } from '../../src/release/evaluation.js';
import type { Outcome, Verdict } from '../../src/release/judge.js';
import type { Rollout } from '../../src/release/policy.js';
import { policyInput } from '../policies/policy-input.js';
import { verdictOn } from '../policies/several.js';

const INTERVAL = 60;

/** Steps of 5 and 50 percent. */
export const inSteps: Rollout = {
  policy: 'steps',
  steps: [5, 50].map((share) => ({ share, duration: 0, pause: false })),
  onTermination: 'to-winner',
  onInconclusive: 'hold',
};

/** What the primary answers in a window. */
export const traffic: Sample = { requests: 6000, errors: 0, latencySum: 0 };

/** Returns what is known at a time, and nothing that holds. */
export function look(given: Partial<Look> = {}): Look {
  return {
    now: 0,
    delay: 5,
    byHand: false,
    held: undefined,
    evidence: { baseline: traffic, verdict: undefined },
    ...given,
  };
}

/** Returns a verdict on each of these candidates. */
export function verdict(outcomes: { readonly [candidate: string]: Outcome }): Verdict {
  const assessments = [{ metric: 'error-rate', classification: 'pass', value: 0, baseline: 0, limit: 0.01 }] as const;
  return verdictOn(
    Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, { outcome, assessments }])),
  );
}

/** A release in plain data that follows its own route: what is decided is in the values at once, and time goes on. */
export class World {
  scene: Scene;
  state: State = initialState;
  now = 0;
  /** What the baseline was made of, where there is one. */
  copied: { readonly primary: string; readonly size: boolean } | undefined;

  constructor(candidates: readonly string[] = ['v2'], rollout: Rollout = inSteps, { fresh = false } = {}) {
    this.scene = {
      primary: { name: 'v1', identity: 'v1' },
      others: candidates.map((name) => ({ name, identity: name, share: 0 })),
      moves: 'shares',
      analysis: { ...policyInput('pass').analysis, interval: INTERVAL, minDuration: 0, maxDuration: 3600 },
      rollout,
      policy: policies[rollout.policy as keyof typeof policies],
      together: Number.POSITIVE_INFINITY,
      grant: (share) => share,
      ...(fresh && { fresh, together: 1 }),
    };
  }

  /** The percents of all that have any, by name. */
  get shares(): { readonly [name: string]: number } {
    const { others, baseline } = this.scene;
    const given = [...(baseline === undefined ? [] : [baseline]), ...others].filter(({ share }) => share > 0);
    const rest = 100 - given.reduce((sum, { share }) => sum + share, 0);
    return Object.fromEntries([[this.scene.primary.name, rest], ...given.map(({ name, share }) => [name, share])]);
  }

  /** One pass a window later; `said` is what the judge finds of each candidate, nothing where no window has ended. */
  pass(said: { readonly [candidate: string]: Outcome } = {}, given: Partial<Look> = {}): Step {
    this.now += INTERVAL;
    this.refit();
    const found = Object.keys(said).length === 0 ? undefined : verdict(said);
    const step = next(
      this.scene,
      this.state,
      look({ now: this.now, evidence: { baseline: traffic, verdict: found }, ...given }),
    );
    this.follow(step);
    return step;
  }

  /** Makes the values what a step says. */
  follow({ route, state }: Step): void {
    if (state !== undefined) this.state = state;
    const { scene } = this;
    const { baseline } = scene;
    if (route?.kind === 'shares') {
      // As the strategy blue-green does it: whoever is not named gets nothing.
      const others = scene.others.map((each) => ({ ...each, share: route.shares[each.name] ?? 0 }));
      const after = baseline && { ...baseline, share: route.shares[baseline.name] ?? 0 };
      this.scene = { ...scene, others: scene.moves === 'shares' ? others : kept(scene, route.shares), baseline: after };
    }
    if (route?.kind === 'add') {
      const beside = scene.others.find(({ name }) => name === route.beside);
      this.copied = { primary: keyOf(scene.primary), size: isLarge(beside) };
      this.scene = { ...scene, baseline: { name: route.version, share: 0, fits: [] } };
    }
    if (route?.kind === 'remove') {
      const others = scene.others.filter(({ name }) => name !== route.version);
      this.scene = { ...scene, others, baseline: baseline?.name === route.version ? undefined : baseline };
    }
    if (route?.kind === 'promote') {
      const all = [scene.primary, ...scene.others];
      const primary = all.find(({ name }) => name === route.version) ?? scene.primary;
      const others = all.filter(({ name }) => name !== primary.name).map((each) => ({ ...each, share: 0 }));
      const after = baseline && { ...baseline, share: 0 };
      this.scene = { ...scene, primary: { name: primary.name, identity: primary.identity }, others, baseline: after };
    }
  }

  /** Finds anew beside whom the baseline is like the primary, after whatever was changed by hand. */
  refit(): void {
    const { primary, others, baseline } = this.scene;
    if (baseline === undefined) return;
    const alike = this.copied?.primary === keyOf(primary) ? others : [];
    const fits = alike.filter((each) => isLarge(each) === this.copied?.size).map(({ name }) => name);
    this.scene = { ...this.scene, baseline: { ...baseline, fits } };
  }

  /** A person writes another version in place of one of that name, or gives it another share. */
  edit(name: string, change: { readonly identity?: string; readonly share?: number }): void {
    const { primary, others } = this.scene;
    this.scene = {
      ...this.scene,
      primary: name === primary.name ? { ...primary, ...change } : primary,
      others: others.map((each) => (each.name === name ? { ...each, ...change } : each)),
    };
  }
}

function kept({ others }: Scene, shares: { readonly [name: string]: number }): Scene['others'] {
  return others.map((each) => ({ ...each, share: shares[each.name] ?? each.share }));
}

function keyOf({ name, identity }: Version): string {
  return `${name} ${identity}`;
}

/** Versions are of two sizes, by what they are. */
function isLarge(version: Version | undefined): boolean {
  return /[13579]$/.test(version?.identity ?? '');
}
