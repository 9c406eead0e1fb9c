import { next } from '../evaluate/phases/next.js';
import { initialState, type Phase, type State } from '../evaluate/phases/state.js';
import type { LedgerRow } from '../release/evaluation.js';
import type { GiveVerdict } from '../release/judge.js';
import type { Outcome, Player, Turn } from './player.js';
import type { Scenario } from './scenario.js';
import { candidate, followed, lookAt, sceneOf, shareIn } from './stage.js';

const over: readonly Phase[] = ['Completed', 'RolledBack', 'Inconclusive', 'Terminated'];

/** Decides as a pass of `sluice evaluate` does: the judge and the policy of the scenario, by the same phases. */
export class SluicePlayer implements Player {
  readonly #verdictOf: GiveVerdict;
  #scene;
  #state: State = initialState;

  constructor(scenario: Scenario, verdictOf: GiveVerdict) {
    this.#verdictOf = verdictOf;
    this.#scene = sceneOf(scenario);
  }

  turn(rows: readonly LedgerRow[], now: number): Turn {
    const look = lookAt({ scene: this.#scene, state: this.#state, rows, now }, this.#verdictOf);
    const { kind, route, state } = next(this.#scene, this.#state, look);
    this.#state = state ?? this.#state;
    this.#scene = followed(this.#scene, route);
    return {
      share: shareIn(this.#scene),
      decided: kind === 'promote' || kind === 'roll back',
      judged: look.evidence?.verdict !== undefined,
      outcome: over.includes(this.#state.phase) ? this.#outcome() : undefined,
    };
  }

  #outcome(): Outcome {
    const { phase } = this.#state;
    if (phase !== 'Completed' && phase !== 'RolledBack') return 'inconclusive';
    return phase === 'Completed' && this.#scene.primary.name === candidate ? 'promoted' : 'rolled back';
  }
}
