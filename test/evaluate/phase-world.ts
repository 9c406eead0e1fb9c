import { next } from '../../src/evaluate/phases/next.js';
import type { Look, Scene } from '../../src/evaluate/phases/scene.js';
import { initialState, type State, type Step } from '../../src/evaluate/phases/state.js';
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

  constructor(candidates: readonly string[] = ['v2'], rollout: Rollout = inSteps) {
    this.scene = {
      primary: { name: 'v1', identity: 'v1' },
      others: candidates.map((name) => ({ name, identity: name, share: 0 })),
      moves: 'shares',
      analysis: { ...policyInput('pass').analysis, interval: INTERVAL, minDuration: 0, maxDuration: 3600 },
      rollout,
      policy: policies[rollout.policy as keyof typeof policies],
      together: Number.POSITIVE_INFINITY,
      grant: (share) => share,
    };
  }

  /** The percents of all that have any, by name. */
  get shares(): { readonly [name: string]: number } {
    const given = this.scene.others.filter(({ share }) => share > 0);
    const rest = 100 - given.reduce((sum, { share }) => sum + share, 0);
    return Object.fromEntries([[this.scene.primary.name, rest], ...given.map(({ name, share }) => [name, share])]);
  }

  /** One pass a window later; `said` is what the judge finds of each candidate, nothing where no window has ended. */
  pass(said: { readonly [candidate: string]: Outcome } = {}, given: Partial<Look> = {}): Step {
    this.now += INTERVAL;
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
    if (route?.kind === 'shares') {
      const others = scene.others.map((each) => ({ ...each, share: route.shares[each.name] ?? each.share }));
      this.scene = { ...scene, others };
    }
    if (route?.kind === 'remove') {
      this.scene = { ...scene, others: scene.others.filter(({ name }) => name !== route.version) };
    }
    if (route?.kind === 'promote') {
      const all = [scene.primary, ...scene.others];
      const primary = all.find(({ name }) => name === route.version) ?? scene.primary;
      const others = all.filter(({ name }) => name !== primary.name).map((each) => ({ ...each, share: 0 }));
      this.scene = { ...scene, primary: { name: primary.name, identity: primary.identity }, others };
    }
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
