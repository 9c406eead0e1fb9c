import { isSample, type LedgerRow } from '../release/evaluation.js';
import type { Outcome, Player } from './player.js';
import { randomOf } from './random.js';
import type { Regression, Scenario } from './scenario.js';
import { candidate, DELAY } from './stage.js';
import { type Harm, Traffic } from './traffic.js';

/** How one release ended. */
export interface Run extends Harm {
  readonly outcome: Outcome;
  /** From the entry to the decision; undefined where there was none. */
  readonly minutes: number | undefined;
  /** Whether it was promoted before what is wrong with it began. */
  readonly early: boolean;
  /** How often it was judged. */
  readonly looks: number;
  /** That the candidate had until the decision. */
  readonly requests: number;
}

/** Windows in which somebody may have to wait for the first requests. */
const PATIENCE = 100;

/** What the traffic of a run follows from. */
export interface RunOptions {
  /** With the number of the run it gives the traffic. */
  readonly seed: number;
  readonly run: number;
  /** Seconds from the end of the analysis for which harm is counted. @default until `maxDuration` after the entry */
  readonly after?: number | undefined;
}

/** Plays one release, a turn after every window, until nothing more is to be decided. */
export function runRelease(scenario: Scenario, player: Player, options: RunOptions): Run {
  const play = new Play(scenario, player, options);
  while (!play.isOver) play.pass();
  play.payUp();
  return play.result();
}

/** A release with its traffic; time goes on by whole windows. */
class Play {
  readonly #scenario: Scenario;
  readonly #player: Player;
  readonly #traffic: Traffic;
  readonly #after: number | undefined;
  readonly #rows: LedgerRow[] = [];
  /** Shares that were decided, with the number of the window that they begin with. */
  readonly #decided: { readonly from: number; readonly share: number }[] = [];
  readonly #most: number;
  #outcome: Outcome | undefined;
  /** When the outcome became what it is. */
  #over: number | undefined;
  #windows = 0;
  #harm: Harm = { failures: 0, slow: 0 };
  #entry: number | undefined;
  #end: number | undefined;
  #looks = 0;
  #requests = 0;

  constructor(scenario: Scenario, player: Player, { seed, run, after }: RunOptions) {
    const { interval, warmUp = 0, minDuration, maxDuration } = scenario.analysis;
    this.#scenario = scenario;
    this.#player = player;
    this.#traffic = new Traffic(scenario, randomOf(seed, run));
    this.#after = after;
    const longest = warmUp + Math.max(minDuration, maxDuration) + (scenario.rollout.rollbackWindow ?? 0) + (after ?? 0);
    this.#most = Math.ceil(longest / interval) + PATIENCE;
  }

  /** One that is inconclusive is watched on for as long as its harm counts. */
  get isOver(): boolean {
    if (this.#outcome === undefined) return this.#windows >= this.#most;
    return this.#outcome !== 'inconclusive' || this.#windows >= this.#last;
  }

  /** The window with which harm ends to count. */
  get #last(): number {
    const { warmUp = 0, maxDuration } = this.#scenario.analysis;
    const [from, counted] = this.#after === undefined ? [this.#entry, warmUp + maxDuration] : [this.#over, this.#after];
    return from === undefined ? 0 : (from + counted) / this.#interval;
  }

  /** Lets a window pass and decides. */
  pass(): void {
    this.#rows.push(this.#window());
    const now = this.#windows * this.#interval + DELAY;
    const { share, decided, judged, outcome } = this.#player.turn(this.#rows, now);
    if (judged) this.#looks += 1;
    if (decided) this.#end = now;
    if (outcome !== this.#outcome) this.#over = now;
    this.#outcome = outcome;
    if (share === (this.#decided.at(-1)?.share ?? 0)) return;
    this.#entry ??= now;
    const lag = Math.ceil(this.#scenario.sync / this.#interval);
    this.#decided.push({ from: this.#windows + lag, share });
  }

  /** What a decision costs comes afterwards, too: until it is live, and for as long as harm counts where it let some in. */
  payUp(): void {
    if (this.#scenario.regression === undefined) return;
    while (
      this.#windows < this.#last &&
      (this.#share() > 0 || this.#decided.some(({ from }) => from > this.#windows))
    ) {
      this.#pass(this.#traffic.cost(this.#share(), this.#wrong()));
    }
  }

  result(): Run {
    const outcome = this.#outcome ?? 'inconclusive';
    const took = this.#entry === undefined || this.#end === undefined ? undefined : this.#end - this.#entry;
    const onset = this.#scenario.regression?.onset ?? 0;
    return {
      outcome,
      minutes: outcome !== 'inconclusive' && took !== undefined ? took / 60 : undefined,
      early: outcome === 'promoted' && took !== undefined && took < onset,
      looks: this.#looks,
      requests: this.#requests,
      ...this.#harm,
    };
  }

  get #interval(): number {
    return this.#scenario.analysis.interval;
  }

  #share(): number {
    return this.#decided.findLast(({ from }) => from <= this.#windows)?.share ?? 0;
  }

  #window(): LedgerRow {
    const window = this.#traffic.window(this.#share(), this.#wrong());
    if (this.#end === undefined && isSample(window.candidate)) this.#requests += window.candidate.requests;
    this.#pass(window);
    return {
      end: this.#windows * this.#interval,
      versions: { primary: window.primary, [candidate]: window.candidate },
    };
  }

  /** The window in which a decision is made has its shares already: the few seconds before it are none. */
  #wrong(): Regression | undefined {
    const { regression } = this.#scenario;
    const since = this.#windows * this.#interval - (this.#entry ?? 0) + DELAY;
    return regression !== undefined && this.#entry !== undefined && since >= regression.onset ? regression : undefined;
  }

  #pass(window: Harm): void {
    this.#windows += 1;
    const { failures, slow } = this.#harm;
    this.#harm = { failures: failures + window.failures, slow: slow + window.slow };
  }
}
