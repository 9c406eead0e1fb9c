import { next } from '../evaluate/phases/next.js';
import { initialState, type Phase } from '../evaluate/phases/state.js';
import type { LedgerRow } from '../release/evaluation.js';
import type { GiveVerdict } from '../release/judge.js';
import { randomOf } from './random.js';
import type { Scenario } from './scenario.js';
import { candidate, DELAY, followed, lookAt, sceneOf, shareIn } from './stage.js';
import { type Harm, Traffic } from './traffic.js';

/** How one release ended. */
export interface Run extends Harm {
  readonly outcome: 'promoted' | 'rolled back' | 'inconclusive';
  /** From the entry to the decision; undefined where there was none. */
  readonly minutes: number | undefined;
  /** Whether it was promoted before what is wrong with it began. */
  readonly early: boolean;
  /** How often it was judged. */
  readonly looks: number;
}

const over: readonly Phase[] = ['Completed', 'RolledBack', 'Inconclusive', 'Terminated'];

/** Windows in which somebody may have to wait for the first requests. */
const PATIENCE = 100;

/**
 * Plays one release, a pass after every window, until nothing more is to be decided.
 *
 * @param seed with the number of the run it gives the traffic
 */
export function runRelease(scenario: Scenario, verdictOf: GiveVerdict, seed: number, run: number): Run {
  const play = new Play(scenario, verdictOf, randomOf(seed, run));
  while (!play.isOver) play.pass();
  play.payUp();
  return play.result();
}

/** A release with its traffic; time goes on by whole windows. */
class Play {
  readonly #scenario: Scenario;
  readonly #verdictOf: GiveVerdict;
  readonly #traffic: Traffic;
  readonly #rows: LedgerRow[] = [];
  /** Shares that were decided, with the number of the window that they begin with. */
  readonly #decided: { readonly from: number; readonly share: number }[] = [];
  readonly #most: number;
  #scene;
  #state = initialState;
  #windows = 0;
  #harm: Harm = { failures: 0, slow: 0 };
  #entry: number | undefined;
  #end: number | undefined;
  #looks = 0;

  constructor(scenario: Scenario, verdictOf: GiveVerdict, random: () => number) {
    const { interval, minDuration, maxDuration } = scenario.analysis;
    this.#scenario = scenario;
    this.#verdictOf = verdictOf;
    this.#traffic = new Traffic(scenario, random);
    this.#scene = sceneOf(scenario);
    const longest = Math.max(minDuration, maxDuration) + (scenario.rollout.rollbackWindow ?? 0);
    this.#most = Math.ceil(longest / interval) + PATIENCE;
  }

  get isOver(): boolean {
    return over.includes(this.#state.phase) || this.#windows >= this.#most;
  }

  /** Lets a window pass and decides. */
  pass(): void {
    this.#rows.push(this.#window());
    const now = this.#windows * this.#interval + DELAY;
    const moment = { scene: this.#scene, state: this.#state, rows: this.#rows, now };
    const look = lookAt(moment, this.#verdictOf);
    if (look.evidence?.verdict !== undefined) this.#looks += 1;
    const { kind, route, state } = next(this.#scene, this.#state, look);
    if (kind === 'promote' || kind === 'roll back') this.#end = now;
    this.#state = state ?? this.#state;
    if (route === undefined) return;
    this.#scene = followed(this.#scene, route);
    this.#entry ??= now;
    const lag = Math.ceil(this.#scenario.sync / this.#interval);
    this.#decided.push({ from: this.#windows + lag, share: shareIn(this.#scene) });
  }

  /** What a decision costs comes afterwards, too: until it is live, and up to `maxDuration` where it let harm in. */
  payUp(): void {
    if (this.#scenario.regression === undefined || this.#entry === undefined) return;
    const last = (this.#entry + this.#scenario.analysis.maxDuration) / this.#interval;
    while (this.#windows < last && (this.#share() > 0 || this.#decided.some(({ from }) => from > this.#windows))) {
      this.#window();
    }
  }

  result(): Run {
    const { phase } = this.#state;
    const decided = phase === 'Completed' || phase === 'RolledBack';
    const isPromoted = phase === 'Completed' && this.#scene.primary.name === candidate;
    const began = this.#entry === undefined || this.#end === undefined ? undefined : this.#end - this.#entry;
    const onset = this.#scenario.regression?.onset ?? 0;
    return {
      outcome: isPromoted ? 'promoted' : decided ? 'rolled back' : 'inconclusive',
      minutes: decided && began !== undefined ? began / 60 : undefined,
      early: isPromoted && began !== undefined && began < onset,
      looks: this.#looks,
      ...this.#harm,
    };
  }

  get #interval(): number {
    return this.#scenario.analysis.interval;
  }

  #share(): number {
    return this.#decided.findLast(({ from }) => from <= this.#windows)?.share ?? 0;
  }

  /** The window in which a decision is made has its shares already: the few seconds before it are none. */
  #window(): LedgerRow {
    const { regression } = this.#scenario;
    const since = this.#windows * this.#interval - (this.#entry ?? 0) + DELAY;
    const isWrong = regression !== undefined && this.#entry !== undefined && since >= regression.onset;
    const window = this.#traffic.window(this.#share(), isWrong ? regression : undefined);
    this.#windows += 1;
    const { failures, slow } = this.#harm;
    this.#harm = { failures: failures + window.failures, slow: slow + window.slow };
    return {
      end: this.#windows * this.#interval,
      versions: { primary: window.primary, [candidate]: window.candidate },
    };
  }
}
